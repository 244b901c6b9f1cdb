/* Whatever stands in Redis as a finished task: every form of it, its typed results, its verdict
 * judged again. JSON stays strict JSON, markup stays escaped. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/report/report.h"
#include "agnostic/report/structured.h"
#include "agnostic/task/record.h"
#include "agnostic/task/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void want_json(const struct buf *buf) {
    if (!buf->failed && json_check(buf_text(buf), &JSON_LIMITS_RESULT, NULL) != ERR_OK)
        abort();
}

static void try_form(struct text record, enum report_format format) {
    struct past past;
    struct buf buf;
    past_init(&past, "s");
    (void)past_note(&past, record);
    (void)past_note(&past, record);
    buf_init(&buf, REPORT_MAX_BYTES);
    if (report_write(record, TEXT("<title>"), &past, format, &buf) == ERR_OK) {
        if (strstr(report_media(format), "json") != NULL)
            want_json(&buf);
        if (format == REPORT_HTML && strstr(buf_str(&buf), "<script") != NULL)
            abort();
    }
    buf_done(&buf);
    past_done(&past);
}

static void try_result(const struct json *result) {
    for (int type = 0; type < STRUCTURED__COUNT; type++) {
        struct json_out out;
        struct buf buf;
        buf_init(&buf, REPORT_MAX_BYTES);
        json_out_init(&out, &buf);
        structured_put(result, type % 2 == 0 ? result : NULL, (enum structured_type)type, &out);
        want_json(&buf);
        buf_done(&buf);
    }
}

static void try_verdict(const struct json *result) {
    enum verdict verdict;
    struct json_out out;
    struct buf buf;
    buf_init(&buf, REPORT_MAX_BYTES);
    json_out_init(&out, &buf);
    if (verdict_again(result, &out, &verdict) == ERR_OK)
        want_json(&buf);
    buf_done(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = text_make((const char *)data, size);
    struct record record;
    for (int format = 0; format < REPORT__COUNT; format++)
        try_form(text, (enum report_format)format);
    if (record_read(text, &record) != ERR_OK)
        return 0;
    try_result(record.result);
    try_verdict(record.result);
    record_done(&record);
    return 0;
}
