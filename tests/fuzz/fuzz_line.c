/* Any bytes as the output of an agent. Whatever it prints, what is kept of it must be strict
 * JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "agnostic/task/outcome.h"
#include "agnostic/task/record.h"
#include "agnostic/task/result.h"
#include "agnostic/task/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_json(struct buf *buf) {
    struct json_fault fault;
    if (buf->failed || json_check(buf_text(buf), &JSON_LIMITS_RESULT, &fault) != ERR_OK)
        abort();
    buf_done(buf);
}

static void check_result(const struct outcome *outcome) {
    const struct request request = {.title = TEXT("t"), .description = TEXT("d")};
    struct buf buf;
    buf_init(&buf, RECORD_RESULT_MAX_BYTES);
    if (result_put(&buf, "session", "2026-02-21T10:00:00+00:00", &request, &outcome, 1) != ERR_OK)
        abort();
    check_json(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text rest = text_make((const char *)data, size), line;
    struct outcome *outcome;
    if (size == 0 || outcome_new("agent", ROLE_JUNIOR_QA, &outcome) != ERR_OK)
        return 0;
    while (text_cut(&rest, '\n', &line)) {
        enum err err = outcome_line(outcome, line);
        if (err != ERR_OK && err != ERR_SYNTAX)
            abort();
    }
    outcome_close(outcome);
    check_result(outcome);
    outcome_free(outcome);
    return 0;
}
