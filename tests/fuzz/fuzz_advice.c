/* What a language model, or whoever stands where one should, may answer: as a whole response, and
 * as the message in one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/shown.h"
#include "agnostic/task/advice.h"
#include "agnostic/task/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct criteria criteria;
static struct advice_facts facts = {.model = "m", .session_id = "s", .criteria = &criteria};

static void prepare(void) {
    static const char CHECKS[] =
        "{\"id\":\"SEC-HDR-01\",\"variants\":[{\"title\":\"No HSTS\",\"severity\":\"high\"}]}\n"
        "{\"id\":\"FUN-04\",\"variants\":[{\"title\":\"Dead links\",\"severity\":\"medium\"}]}\n";
    static const struct request REQUEST = {.constraints = TEXT("It feels nice. It is liked")};
    static struct check_list *checks;
    if (checks != NULL)
        return;
    if (criteria_read(&REQUEST, &criteria) != ERR_OK ||
        check_list_read(text_of(CHECKS), &checks) != ERR_OK)
        abort();
    facts.checks = checks;
}

static void expect_fit(struct text summary) {
    struct text piece;
    bool fit = true;
    while (fit && shown_next(&summary, &piece, &fit)) {
    }
    if (!fit)
        abort();
}

static void answer(struct text body) {
    struct advice advice;
    struct json_out out;
    struct json *printed = NULL;
    struct buf buf;
    advice_answer(body, &facts, &advice);
    expect_fit(text_of(advice.summary));
    buf_init(&buf, ADVICE_MAX_BYTES);
    json_out_init(&out, &buf);
    advice_put(&advice, &facts, &out);
    if (json_parse(buf_text(&buf), &JSON_LIMITS_REQUEST, &printed, NULL) != ERR_OK ||
        json_bool(json_get(printed, "used"), false) != (advice.reason == ADVICE_USED))
        abort();
    json_free(printed);
    buf_done(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text input = text_make((const char *)data, size);
    struct json_out out;
    struct buf body;
    prepare();
    answer(input);
    buf_init(&body, ADVICE_ANSWER_MAX_BYTES * 6 + 64);
    json_out_init(&out, &body);
    buf_puts(&body, "{\"choices\":[{\"message\":{\"content\":");
    json_out_text(&out, input);
    buf_puts(&body, "}}]}");
    answer(buf_text(&body));
    buf_done(&body);
    return 0;
}
