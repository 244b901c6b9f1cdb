/* Any JSON as a client's own check. */
#include <stdint.h>

#include "agnostic/task/user_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t seen;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char why[USER_CHECK_WHY_SIZE];
    struct user_check check;
    struct json *root = NULL;
    if (json_parse(text_make((const char *)data, size), &JSON_LIMITS_REQUEST, &root, NULL) !=
        ERR_OK)
        return 0;
    if (user_check_read(root, &check, why))
        seen += check.path.len + check.name.len + (size_t)user_check_is_safe(&check);
    json_free(root);
    return 0;
}
