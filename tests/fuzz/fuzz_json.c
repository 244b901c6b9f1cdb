/* fuzz_json: what the check accepts, json-c builds; what is written reads back and is
 * written the same again. */
#include <stdlib.h>

#include "agnostic/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

static void write_value(const struct json *value, struct buf *buf) {
    struct json_out out;
    buf_init(buf, 1 << 24);
    json_out_init(&out, buf);
    json_out_value(&out, value);
    require(!buf->failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = text_make((const char *)data, size);
    struct json *root, *again;
    struct json_fault fault = {SIZE_MAX, NULL};
    struct buf first, second;
    enum err checked = json_check(text, &JSON_LIMITS_REQUEST, &fault);
    require(checked == ERR_OK || (fault.offset <= size && fault.reason != NULL));
    enum err parsed = json_parse(text, &JSON_LIMITS_REQUEST, &root, NULL);
    require(parsed == checked);
    if (parsed != ERR_OK)
        return 0;
    write_value(root, &first);
    require(json_parse(buf_text(&first), &JSON_LIMITS_REQUEST, &again, NULL) == ERR_OK);
    write_value(again, &second);
    require(text_eq(buf_text(&first), buf_text(&second)));
    buf_done(&first);
    buf_done(&second);
    json_free(root);
    json_free(again);
    return 0;
}
