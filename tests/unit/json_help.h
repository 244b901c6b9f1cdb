/* json_help: documents from literals and buffers, for tests. */
#ifndef UNIT_JSON_HELP_H
#define UNIT_JSON_HELP_H

#include "unit.h"

#include "agnostic/base/json.h"

static inline struct json *json_of(const char *string) {
    struct json *root = NULL;
    struct json_fault fault;
    if (json_parse(text_of(string), &JSON_LIMITS_RESULT, &root, &fault) != ERR_OK)
        fail_msg("not JSON at %zu (%s): %.200s", fault.offset, fault.reason, string);
    return root;
}

/* The string at path, which must be there. */
static inline const char *str_at(const struct json *root, const char *path) {
    const char *string = json_str(json_path(root, path), NULL);
    if (string == NULL)
        fail_msg("no string at %s", path);
    return string;
}

static inline int64_t int_at(const struct json *root, const char *path) {
    int64_t n = 0;
    if (!json_int(json_path(root, path), INT64_MIN, INT64_MAX, &n))
        fail_msg("no integer at %s", path);
    return n;
}

#endif
