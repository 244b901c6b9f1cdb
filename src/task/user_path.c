/* user_path: one value of a document, by its path. */
#include "agnostic/task/user_check.h"

enum { PATH_STEPS_MAX = 32, NAME_SIZE = 128, INDEX_MAX = 1000000 };

/* Up to the first of the stops; rest moves behind it, but for '.' and '['. */
static struct text take(struct text *rest, const char *stops) {
    size_t len = 0;
    while (len < rest->len) {
        for (const char *stop = stops; *stop != '\0'; stop++)
            if (rest->ptr[len] == *stop)
                goto found;
        len++;
    }
found:;
    struct text taken = text_make(rest->ptr, len);
    *rest = text_make(rest->ptr + len, rest->len - len);
    return taken;
}

static bool skip(struct text *rest, char c) {
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    *rest = text_make(rest->ptr + 1, rest->len - 1);
    return true;
}

static bool step_name(struct text name, const struct json **value) {
    char plain[NAME_SIZE];
    if (name.len == 0 || !text_copy(name, plain, sizeof(plain)))
        return false;
    *value = json_kind(*value) == JSON_OBJECT ? json_get(*value, plain) : NULL;
    return true;
}

/* "0]" or "'name']" */
static bool step_bracket(struct text *rest, const struct json **value) {
    uint64_t index;
    char quote = rest->len > 0 ? rest->ptr[0] : '\0';
    if (quote == '\'' || quote == '"') {
        skip(rest, quote);
        struct text name = take(rest, quote == '"' ? "\"" : "'");
        return skip(rest, quote) && skip(rest, ']') && step_name(name, value);
    }
    if (!text_u64(take(rest, "]"), INDEX_MAX, &index) || !skip(rest, ']'))
        return false;
    bool there = json_kind(*value) == JSON_ARRAY && index < json_count(*value);
    *value = there ? json_at(*value, index) : NULL;
    return true;
}

bool user_path_find(const struct json *root, struct text path, const struct json **ret_value) {
    const struct json *value = root;
    struct text rest = path;
    if (!skip(&rest, '$'))
        return false;
    for (int n = 0; rest.len > 0; n++) {
        bool fine = skip(&rest, '.')   ? step_name(take(&rest, ".["), &value)
                    : skip(&rest, '[') ? step_bracket(&rest, &value)
                                       : false;
        if (!fine || n == PATH_STEPS_MAX)
            return false;
    }
    *ret_value = value;
    return true;
}
