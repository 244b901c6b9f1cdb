/* query: decodes query parameters, strictly. Must not know which exist. */
#include "web/query.h"

#include <stdio.h>

#include "agnostic/base/time.h"
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

bool query_is(struct text part, const char *name) {
    long equals = text_find(part, TEXT("="));
    return query_is_named(text_make(part.ptr, equals < 0 ? part.len : (size_t)equals), name);
}

enum err query_find(struct text raw, const char *name, char value[static QUERY_VALUE_SIZE],
                    bool *ret_found) {
    bool found = false;
    unsigned count = 0;
    for (struct text part; raw.len > 0 && text_cut(&raw, '&', &part);) {
        if (++count > QUERY_PARAMS_MAX)
            return ERR_BAD_REQUEST;
        if (!query_is(part, name))
            continue;
        if (found)
            return ERR_PARAM_TWICE;
        long equals = text_find(part, TEXT("="));
        size_t skip = equals < 0 ? part.len : (size_t)equals + 1;
        struct text encoded = text_make(part.ptr + skip, part.len - skip);
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
static struct json *query_input(const char *value) {
    struct buf buf;
    struct json_out out;
    struct json *input = NULL;
    buf_init(&buf, 6 * QUERY_VALUE_SIZE + 2);
    json_out_init(&out, &buf);
    json_out_str(&out, value);
    (void)json_parse(buf_text(&buf), &JSON_LIMITS_REQUEST, &input, NULL);
    buf_done(&buf);
    return input;
}

void query_fault(struct json_out *detail, const char *name, const char *value, const char *type,
                 const char *msg, const char *ctx, int64_t bound) {
    struct json *input = query_input(value);
    request_fault(detail, type, "query", name, msg, input, ctx, bound);
    json_free(input);
}

enum err query_worse(enum err a, enum err b) {
    return a == ERR_OK || (a == ERR_INVALID && b != ERR_OK) ? b : a;
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

/* "Input should be 'a', 'b' or 'c'" */
static void query_fault_choice(struct json_out *detail, const char *name, const char *value,
                               const char *const *words, size_t count) {
    char expected[256], msg[sizeof(expected) + 32];
    struct json *input = query_input(value);
    size_t len = 0;
    for (size_t i = 0; i < count && len < sizeof(expected); i++)
        len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%s'%s'",
                                i == 0           ? ""
                                : i + 1 == count ? " or "
                                                 : ", ",
                                words[i]);
    snprintf(msg, sizeof(msg), "Input should be %s", expected);
    request_fault_words(detail, "literal_error", "query", name, msg, input, "expected", expected);
    json_free(input);
}

static bool query_same_word(const char *value, const char *word) {
    for (; *value != '\0' && *word != '\0'; value++, word++)
        if (*value != *word && !(*value == '_' && *word == '-'))
            return false;
    return *value == *word;
}

enum err query_choice(struct text raw, const char *name, const char *const *words, size_t count,
                      int *ret_index, struct json_out *detail) {
    char value[QUERY_VALUE_SIZE];
    bool found;
    enum err err = query_find(raw, name, value, &found);
    if (err != ERR_OK)
        return err;
    *ret_index = -1;
    for (size_t i = 0; found && i < count; i++)
        if (query_same_word(value, words[i]))
            *ret_index = (int)i;
    if (!found || *ret_index >= 0)
        return ERR_OK;
    query_fault_choice(detail, name, value, words, count);
    return ERR_INVALID;
}

enum err query_moment(struct text raw, const char *name, int64_t *ret_us, struct json_out *detail) {
    enum { OFFSET = 6 }; /* "+01:00", whose sign is a blank unless it was escaped */
    char value[QUERY_VALUE_SIZE];
    bool found;
    enum err err = query_find(raw, name, value, &found);
    if (err != ERR_OK || !found)
        return err;
    struct text moment = text_of(value);
    if (moment.len > OFFSET && value[moment.len - OFFSET] == ' ')
        value[moment.len - OFFSET] = '+';
    if (time_parse_iso(moment, ret_us))
        return ERR_OK;
    query_fault(detail, name, value, "datetime_parsing", "Input should be a valid datetime", NULL,
                0);
    return ERR_INVALID;
}
