/* query: decodes query parameters, strictly. Must not know which exist. */
#include "web/query.h"

#include <stdio.h>

#include "agnostic/task/request.h"
#include "web/path.h"

static bool query_is_clean(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.ptr[i] < 0x20 || t.ptr[i] == 0x7f)
            return false;
    return text_is_utf8(t);
}

static enum err query_decode(struct text t, char dst[static QUERY_VALUE_SIZE]) {
    size_t len;
    if (path_unescape(t, true, dst, QUERY_VALUE_SIZE - 1, &len) != ERR_OK ||
        !query_is_clean(text_make(dst, len)))
        return ERR_BAD_REQUEST;
    dst[len] = '\0';
    return ERR_OK;
}

/* Names are compared decoded; one too long or broken is none of ours. */
static bool query_is_named(struct text part, const char *name) {
    char decoded[64];
    size_t len;
    return path_unescape(part, true, decoded, sizeof(decoded), &len) == ERR_OK &&
           text_is(text_make(decoded, len), name);
}

enum err query_find(struct text raw, const char *name, char value[static QUERY_VALUE_SIZE],
                    bool *ret_found) {
    bool found = false;
    unsigned count = 0;
    for (struct text part; raw.len > 0 && text_cut(&raw, '&', &part);) {
        if (++count > QUERY_PARAMS_MAX)
            return ERR_BAD_REQUEST;
        long equals = text_find(part, TEXT("="));
        size_t name_len = equals < 0 ? part.len : (size_t)equals;
        if (!query_is_named(text_make(part.ptr, name_len), name))
            continue;
        if (found)
            return ERR_PARAM_TWICE;
        struct text encoded =
            equals < 0 ? TEXT("") : text_make(part.ptr + equals + 1, part.len - name_len - 1);
        enum err err = query_decode(encoded, value);
        if (err != ERR_OK)
            return err;
        found = true;
    }
    *ret_found = found;
    return ERR_OK;
}

static bool query_number(const char *value, int64_t *ret_n) {
    struct text digits = text_of(value);
    bool negative = text_starts(digits, TEXT("-"));
    if (negative)
        digits = text_make(digits.ptr + 1, digits.len - 1);
    uint64_t n;
    if (!text_u64(digits, INT64_MAX, &n))
        return false;
    *ret_n = negative ? -(int64_t)n : (int64_t)n;
    return true;
}

/* The fault shows the value as it was sent: a string. */
static void query_fault(struct json_out *detail, const char *name, const char *value,
                        const char *type, const char *msg, const char *ctx, int64_t bound) {
    struct buf buf;
    struct json_out out;
    struct json *input = NULL;
    buf_init(&buf, 4 * QUERY_VALUE_SIZE + 2);
    json_out_init(&out, &buf);
    json_out_str(&out, value);
    (void)json_parse(buf_text(&buf), &JSON_LIMITS_REQUEST, &input, NULL);
    request_fault(detail, type, "query", name, msg, input, ctx, bound);
    json_free(input);
    buf_done(&buf);
}

enum err query_int(struct text raw, const char *name, int64_t min, int64_t max, int64_t fallback,
                   int64_t *ret_n, struct json_out *detail) {
    char value[QUERY_VALUE_SIZE], msg[96];
    bool found;
    int64_t n;
    enum err err = query_find(raw, name, value, &found);
    if (err != ERR_OK)
        return err;
    if (!found) {
        *ret_n = fallback;
        return ERR_OK;
    }
    if (!query_number(value, &n)) {
        query_fault(detail, name, value, "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer", NULL,
                    0);
    } else if (n < min) {
        snprintf(msg, sizeof(msg), "Input should be greater than or equal to %lld", (long long)min);
        query_fault(detail, name, value, "greater_than_equal", msg, "ge", min);
    } else if (n > max) {
        snprintf(msg, sizeof(msg), "Input should be less than or equal to %lld", (long long)max);
        query_fault(detail, name, value, "less_than_equal", msg, "le", max);
    } else {
        *ret_n = n;
        return ERR_OK;
    }
    return ERR_INVALID;
}

enum err query_bool(struct text raw, const char *name, bool fallback, bool *ret_is,
                    struct json_out *detail) {
    char value[QUERY_VALUE_SIZE];
    bool found;
    enum err err = query_find(raw, name, value, &found);
    if (err != ERR_OK)
        return err;
    bool yes = found && text_is(text_of(value), "true");
    if (found && !yes && !text_is(text_of(value), "false")) {
        query_fault(detail, name, value, "bool_parsing",
                    "Input should be a valid boolean, unable to interpret input", NULL, 0);
        return ERR_INVALID;
    }
    *ret_is = found ? yes : fallback;
    return ERR_OK;
}
