/* Looks at one answer. Sends nothing. */
#include "agents/junior/user_eval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/pattern.h"
#include "agnostic/base/secure.h"

enum { US_PER_MS = 1000, NUMBER_SIZE = 64, MATCHED_MAX_BYTES = 64 << 10, HIDDEN_MIN_BYTES = 4 };
#define EXACT_MAX 9007199254740992.0 /* whole numbers up to it are exact */

/* --- captures ------------------------------------------------------------------------------- */

void user_captures_done(struct user_captures *captures) {
    for (size_t i = 0; i < captures->count; i++)
        free(captures->items[i].value);
    captures->count = 0;
}

static struct user_capture *user_captures_find(const struct user_captures *captures,
                                               struct text name) {
    for (size_t i = 0; i < captures->count; i++)
        if (text_is(name, captures->items[i].name))
            return (struct user_capture *)&captures->items[i];
    return NULL;
}

void user_captures_set(struct user_captures *captures, struct text name, struct text value) {
    struct user_capture *capture = user_captures_find(captures, name);
    char *copy = text_dup(value);
    if (copy != NULL && capture == NULL && captures->count < USER_CHECKS_MAX &&
        text_copy(name, captures->items[captures->count].name, sizeof(capture->name))) {
        capture = &captures->items[captures->count++];
        capture->value = NULL;
    }
    if (copy == NULL || capture == NULL) {
        free(copy);
        return;
    }
    free(capture->value);
    capture->value = copy;
}

/* As the inside of a string. */
static void user_captures_put_json(struct text value, struct buf *buf) {
    struct buf written;
    struct json_out out;
    buf_init(&written, buf->max);
    json_out_init(&out, &written);
    json_out_text(&out, value);
    if (written.failed || written.len < 2)
        buf->failed = true;
    else
        buf_put(buf, written.data + 1, written.len - 2);
    buf_done(&written);
}

bool user_captures_fill(const struct user_captures *captures, struct text template,
                        enum user_fill fill, struct buf *buf) {
    struct text rest = template;
    bool whole = true;
    for (;;) {
        long open = text_find(rest, TEXT("{{"));
        struct text inner =
            open < 0 ? TEXT("") : text_make(rest.ptr + open + 2, rest.len - (size_t)open - 2);
        long close = text_find(inner, TEXT("}}"));
        if (open < 0 || close < 0)
            break;
        const struct user_capture *capture =
            user_captures_find(captures, text_trim(text_make(inner.ptr, (size_t)close)));
        buf_puttext(buf, text_make(rest.ptr, (size_t)open));
        if (capture != NULL && fill == USER_FILL_JSON)
            user_captures_put_json(text_of(capture->value), buf);
        else if (capture != NULL)
            buf_puts(buf, capture->value);
        whole = whole && capture != NULL;
        rest = text_make(inner.ptr + close + 2, inner.len - (size_t)close - 2);
    }
    buf_puttext(buf, rest);
    return whole;
}

static const struct user_capture *user_captures_at(const struct user_captures *captures,
                                                   struct text text) {
    for (size_t i = 0; i < captures->count; i++) {
        struct text value = text_of(captures->items[i].value);
        if (value.len >= HIDDEN_MIN_BYTES && text_starts(text, value))
            return &captures->items[i];
    }
    return NULL;
}

void user_captures_hide(const struct user_captures *captures, const struct user_captures *more,
                        struct text text, size_t max, struct buf *buf) {
    for (size_t at = 0; at < text.len && at < max;) {
        struct text rest = text_make(text.ptr + at, text.len - at);
        const struct user_capture *capture = user_captures_at(captures, rest);
        if (capture == NULL)
            capture = user_captures_at(more, rest);
        if (capture != NULL)
            buf_printf(buf, "{{%s}}", capture->name);
        else
            buf_putc(buf, text.ptr[at]);
        at += capture != NULL ? strlen(capture->value) : 1;
    }
}

/* --- what is looked at ---------------------------------------------------------------------- */

/* The value of the newest Set-Cookie of that name. */
static bool user_eval_cookie(const struct http_response *response, struct text name,
                             struct buf *buf) {
    struct text line, value, found = {NULL, 0}, written;
    for (size_t i = 0; (line = http_response_header(response, "Set-Cookie", i)).ptr != NULL; i++) {
        struct text rest = line, pair;
        text_cut(&rest, ';', &pair);
        value = pair;
        if (text_cut(&value, '=', &written) && text_eq(text_trim(written), name))
            found = text_trim(value);
    }
    if (found.ptr != NULL)
        buf_puttext(buf, found);
    return found.ptr != NULL;
}

static bool user_eval_json(const struct user_answer *answer, struct text path, struct buf *buf) {
    const struct json *value = NULL;
    struct json_out out;
    struct text text;
    if (answer->json == NULL || !user_path_find(answer->json, path, &value) || value == NULL)
        return false;
    if (json_text(value, &text)) {
        buf_puttext(buf, text);
    } else {
        json_out_init(&out, buf);
        json_out_value(&out, value);
    }
    return true;
}

static bool user_eval_header(const struct http_response *response, struct text name,
                             struct buf *buf) {
    char plain[USER_CHECK_QUERY_MAX + 1];
    struct text value = text_copy(name, plain, sizeof(plain))
                            ? http_response_header(response, plain, 0)
                            : text_make(NULL, 0);
    if (value.ptr != NULL)
        buf_puttext(buf, value);
    return value.ptr != NULL;
}

bool user_eval_get(enum user_query query, struct text argument, const struct user_answer *answer,
                   struct buf *buf) {
    const struct http_response *response = answer->response;
    struct text body = buf_text(&response->body);
    char hex[SECURE_HEX_SIZE];
    switch (query) {
    case USER_QUERY_STATUS:
        buf_printf(buf, "%d", response->status);
        return true;
    case USER_QUERY_HEADER:
        return user_eval_header(response, argument, buf);
    case USER_QUERY_COOKIE:
        return user_eval_cookie(response, argument, buf);
    case USER_QUERY_JSON:
        return user_eval_json(answer, argument, buf);
    case USER_QUERY_BODY:
        buf_puttext(buf, body);
        return true;
    case USER_QUERY_BYTES:
        buf_printf(buf, "%zu", body.len);
        return true;
    case USER_QUERY_SHA256:
        if (secure_sha256_hex(body, hex) != ERR_OK)
            return false;
        buf_puts(buf, hex);
        return true;
    case USER_QUERY_DURATION:
        buf_printf(buf, "%lld", (long long)(response->total_us / US_PER_MS));
        return true;
    case USER_QUERY__COUNT:
        break;
    }
    return false;
}

/* --- predicates ----------------------------------------------------------------------------- */

static bool user_eval_number(struct text text, double *ret_number) {
    char plain[NUMBER_SIZE], *end;
    if (text.len == 0 || !text_copy(text, plain, sizeof(plain)) ||
        strspn(plain, "+-.0123456789eE") != strlen(plain))
        return false;
    *ret_number = strtod(plain, &end);
    return *end == '\0' && isfinite(*ret_number);
}

/* Equal as numbers where both are, and small enough to be told from their neighbours. */
static bool user_eval_equals(struct text actual, struct text expected) {
    double a, b;
    if (user_eval_number(actual, &a) && user_eval_number(expected, &b) && fabs(a) < EXACT_MAX)
        return a <= b && a >= b;
    return text_eq(actual, expected);
}

/* -1, 0, 1; 2: one of them is no number. */
static int user_eval_order(struct text actual, struct text expected) {
    double a, b;
    if (!user_eval_number(actual, &a) || !user_eval_number(expected, &b))
        return 2;
    return (a > b) - (a < b);
}

/* Of a long text the beginning: work may grow with the square of its length. */
static struct text user_eval_front(struct text text) {
    if (text.len <= MATCHED_MAX_BYTES)
        return text.len > 0 ? text : TEXT("");
    text.len = MATCHED_MAX_BYTES;
    while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
        text.len--; /* not within a character */
    return text;
}

/* ERR_EMPTY: it does not; else, but for ERR_OK, it cannot be told. */
static enum err user_eval_matches(struct text actual, struct text expression) {
    struct pattern *pattern = NULL;
    struct pattern_match match;
    enum err err = pattern_new_client(expression, &pattern);
    if (err == ERR_OK)
        err = pattern_search(pattern, user_eval_front(actual), 0, &match);
    pattern_free(pattern);
    return err;
}

/* What kind of value a JSON path leads to; of any other query only numbers are told from texts. */
static enum json_kind user_eval_kind(const struct user_assert *assert,
                                     const struct user_answer *answer, struct text actual) {
    const struct json *value = NULL;
    double number;
    if (assert->query == USER_QUERY_JSON)
        return user_path_find(answer->json, assert->argument, &value) ? json_kind(value)
                                                                      : JSON_NONE;
    if (!user_eval_number(actual, &number))
        return JSON_STRING;
    return floor(number) >= number ? JSON_INT : JSON_NUMBER;
}

static bool user_eval_is(enum user_predicate predicate, enum json_kind kind) {
    switch (predicate) {
    case USER_IS_INTEGER:
        return kind == JSON_INT;
    case USER_IS_NUMBER:
        return kind == JSON_INT || kind == JSON_NUMBER;
    case USER_IS_STRING:
        return kind == JSON_STRING;
    default:
        return kind == JSON_BOOL;
    }
}

/* Of an array, one of its values; of anything else, a part of its text. */
static bool user_eval_contains(const struct user_assert *assert, const struct user_answer *answer,
                               struct text actual, struct text expected) {
    const struct json *value = NULL;
    if (assert->query != USER_QUERY_JSON ||
        !user_path_find(answer->json, assert->argument, &value) || json_kind(value) != JSON_ARRAY)
        return text_find(actual, expected) >= 0;
    for (size_t i = 0; i < json_count(value); i++) {
        struct text text;
        if (json_text(json_at(value, i), &text) && text_eq(text, expected))
            return true;
        if (!json_text(json_at(value, i), &text)) {
            struct buf buf;
            struct json_out out;
            buf_init(&buf, USER_CHECK_VALUE_MAX);
            json_out_init(&out, &buf);
            json_out_value(&out, json_at(value, i));
            bool same = !buf.failed && user_eval_equals(buf_text(&buf), expected);
            buf_done(&buf);
            if (same)
                return true;
        }
    }
    return false;
}

static bool user_eval_found(const struct user_assert *assert, struct text expected,
                            const struct user_answer *answer, struct text actual) {
    int order = user_eval_order(actual, expected);
    switch (assert->predicate) {
    case USER_EQUALS:
        return user_eval_equals(actual, expected);
    case USER_DIFFERS:
        return !user_eval_equals(actual, expected);
    case USER_LESS:
        return order == -1;
    case USER_AT_MOST:
        return order == -1 || order == 0;
    case USER_MORE:
        return order == 1;
    case USER_AT_LEAST:
        return order == 1 || order == 0;
    case USER_CONTAINS:
        return user_eval_contains(assert, answer, actual, expected);
    case USER_STARTS:
        return text_starts(actual, expected);
    case USER_ENDS:
        return text_ends(actual, expected);
    case USER_EXISTS:
        return true;
    default:
        return user_eval_is(assert->predicate, user_eval_kind(assert, answer, actual));
    }
}

/* Is there nothing to be told of it, neither that it is so nor that it is not? */
static const char *user_eval_untold(enum user_query query, const struct user_answer *answer) {
    bool of_body = query == USER_QUERY_BODY || query == USER_QUERY_BYTES ||
                   query == USER_QUERY_SHA256 || query == USER_QUERY_JSON;
    if (of_body && answer->response->truncated)
        return "the answer was cut short";
    return query == USER_QUERY_JSON && answer->json == NULL ? "the answer is no JSON" : NULL;
}

bool user_eval_holds(const struct user_assert *assert, struct text expected,
                     const struct user_answer *answer, struct buf *actual, const char **ret_why) {
    size_t before = actual->len;
    *ret_why = user_eval_untold(assert->query, answer);
    if (*ret_why != NULL)
        return false;
    /* What is not there is equal to nothing, and different from everything. */
    if (!user_eval_get(assert->query, assert->argument, answer, actual)) {
        *ret_why = "it is nothing";
        return (assert->predicate == USER_DIFFERS) != assert->is_not;
    }
    struct text found = text_make(actual->data + before, actual->len - before);
    enum err err = actual->failed                      ? ERR_TOO_LARGE
                   : assert->predicate != USER_MATCHES ? ERR_EMPTY
                                                       : user_eval_matches(found, expected);
    if (err != ERR_OK && err != ERR_EMPTY) {
        *ret_why = "too much work to tell";
        return false;
    }
    bool holds = err == ERR_OK || (assert->predicate != USER_MATCHES &&
                                   user_eval_found(assert, expected, answer, found));
    return holds != assert->is_not;
}
