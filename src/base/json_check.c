/* json_check: is this text one strict JSON value? Reads bytes only; builds nothing and
 * does not know json-c. The words of faults and the places they point at are those of
 * Python's json module where it refuses the same text. */
#include <string.h>

#include "agnostic/base/json.h"
#include "base/json_names.h"
#include "base/utf8.h"

const struct json_limits JSON_LIMITS_REQUEST = {.depth = 16, .members = 256, .nodes = 10000};
const struct json_limits JSON_LIMITS_RESULT = {.depth = 32, .members = 4096, .nodes = 500000};

struct checker {
    const char *start;
    const char *at;
    const char *end;
    const struct json_limits *limits;
    unsigned depth;
    unsigned nodes;
    struct json_names names;
    enum err err;
    const char *reason; /* of the fault */
    const char *where;
};

/* Every fault ends the reading. */
static bool fail(struct checker *c, const char *where, const char *reason) {
    c->err = ERR_SYNTAX;
    c->where = where;
    c->reason = reason;
    return false;
}

/* The byte at the reading point; at the end of the text a NUL, which no rule accepts. */
static char peek(const struct checker *c) {
    return c->at < c->end ? *c->at : '\0';
}

static void skip_space(struct checker *c) {
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' || *c->at == '\t' || *c->at == '\r'))
        c->at++;
}

static bool is_digit(char ch) {
    return ch >= '0' && ch <= '9';
}

/* --- strings ---------------------------------------------------------------- */

/* At the 'u' of \uXXXX. A high surrogate takes the low one behind it along. */
static bool check_unicode_escape(struct checker *c) {
    const char *escape = c->at - 1;
    long unit = json_hex4(c->at + 1, c->end);
    if (unit < 0)
        return fail(c, c->at, "Invalid \\uXXXX escape");
    if (unit == 0)
        return fail(c, escape, "NUL in string");
    c->at += 5;
    if (json_is_high(unit) && c->end - c->at >= 2 && c->at[0] == '\\' && c->at[1] == 'u' &&
        json_is_low(json_hex4(c->at + 2, c->end))) {
        c->at += 6;
        return true;
    }
    if (json_is_high(unit) || json_is_low(unit))
        return fail(c, escape, "Unpaired surrogate");
    return true;
}

/* At a backslash. */
static bool check_escape(struct checker *c, const char *quote) {
    c->at++;
    if (c->at == c->end)
        return fail(c, quote, "Unterminated string starting at");
    if (*c->at == 'u')
        return check_unicode_escape(c);
    if (*c->at == '\0' || strchr("\"\\/bfnrt", *c->at) == NULL)
        return fail(c, c->at - 1, "Invalid \\escape");
    c->at++;
    return true;
}

/* check_string(c, &inside): at the opening quote; inside is what stands between the quotes. */
static bool check_string(struct checker *c, struct text *ret_inside) {
    const char *quote = c->at++;
    while (c->at < c->end) {
        unsigned char ch = (unsigned char)*c->at;
        if (ch == '"') {
            *ret_inside = text_make(quote + 1, (size_t)(c->at - quote) - 1);
            c->at++;
            return true;
        }
        if (ch == '\\') {
            if (!check_escape(c, quote))
                return false;
        } else if (ch < 0x20) {
            return fail(c, c->at, "Invalid control character at");
        } else if (ch < 0x80) {
            c->at++;
        } else {
            size_t step = utf8_step(c->at, (size_t)(c->end - c->at));
            if (step == 0)
                return fail(c, c->at, "Invalid UTF-8");
            c->at += step;
        }
    }
    return fail(c, quote, "Unterminated string starting at");
}

/* --- numbers and words ------------------------------------------------------ */

static void skip_digits(struct checker *c) {
    while (is_digit(peek(c)))
        c->at++;
}

/* Integers beyond what json-c holds (int64 and uint64) are refused, never rounded. */
static bool integer_fits(const char *digits, const char *end, bool minus) {
    uint64_t value;
    return text_u64(text_make(digits, (size_t)(end - digits)),
                    minus ? (uint64_t)INT64_MAX + 1 : UINT64_MAX, &value);
}

/* Takes the longest number; what is left ("1.", "-01") is somebody else's fault, as in
 * Python. */
static bool check_number(struct checker *c) {
    const char *start = c->at;
    bool minus = peek(c) == '-', integer = true;
    if (minus)
        c->at++;
    const char *digits = c->at;
    if (!is_digit(peek(c)))
        return fail(c, start, "Expecting value");
    if (*c->at == '0')
        c->at++;
    else
        skip_digits(c);
    if (c->end - c->at >= 2 && *c->at == '.' && is_digit(c->at[1])) {
        integer = false;
        c->at++;
        skip_digits(c);
    }
    if (peek(c) == 'e' || peek(c) == 'E') {
        const char *e = c->at++;
        if (peek(c) == '+' || peek(c) == '-')
            c->at++;
        if (is_digit(peek(c))) {
            integer = false;
            skip_digits(c);
        } else {
            c->at = e;
        }
    }
    if (integer && !integer_fits(digits, c->at, minus))
        return fail(c, start, "Number out of range");
    return true;
}

static bool check_word(struct checker *c) {
    static const struct text words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    struct text rest = text_make(c->at, (size_t)(c->end - c->at));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_starts(rest, words[i])) {
            c->at += words[i].len;
            return true;
        }
    return fail(c, c->at, "Expecting value");
}

/* --- containers ------------------------------------------------------------- */

static bool check_value(struct checker *c);

static bool check_element(struct checker *c) {
    skip_space(c);
    return check_value(c);
}

static bool check_name(struct checker *c, size_t first) {
    struct text name;
    if (peek(c) != '"')
        return fail(c, c->at, "Expecting property name enclosed in double quotes");
    const char *quote = c->at;
    if (!check_string(c, &name))
        return false;
    if (c->names.len - first >= c->limits->members)
        return fail(c, quote, "Too many names");
    c->err = json_names_push(&c->names, name);
    return c->err == ERR_OK;
}

static bool check_member(struct checker *c, size_t first) {
    skip_space(c);
    if (!check_name(c, first))
        return false;
    skip_space(c);
    if (peek(c) != ':')
        return fail(c, c->at, "Expecting ':' delimiter");
    c->at++;
    return check_element(c);
}

/* Behind an opening bracket: items up to `close`. */
static bool check_items(struct checker *c, char close, size_t first) {
    skip_space(c);
    if (peek(c) == close) {
        c->at++;
        return true;
    }
    for (;;) {
        if (!(close == '}' ? check_member(c, first) : check_element(c)))
            return false;
        skip_space(c);
        char ch = peek(c);
        if (ch != ',' && ch != close)
            return fail(c, c->at, "Expecting ',' delimiter");
        c->at++;
        if (ch == close)
            return true;
    }
}

static bool check_container(struct checker *c, char close) {
    size_t first = c->names.len;
    if (c->depth == c->limits->depth)
        return fail(c, c->at, "Too deep");
    c->depth++;
    c->at++;
    if (!check_items(c, close, first))
        return false;
    c->depth--;
    const char *twice = json_names_pop(&c->names, first);
    if (twice != NULL)
        return fail(c, twice - 1, "Duplicate name");
    return true;
}

/* Recursion ends at limits->depth. */
static bool check_value(struct checker *c) {
    struct text inside;
    if (++c->nodes > c->limits->nodes)
        return fail(c, c->at, "Too many values");
    switch (peek(c)) {
    case '{':
        return check_container(c, '}');
    case '[':
        return check_container(c, ']');
    case '"':
        return check_string(c, &inside);
    case '-':
    case '0' ... '9':
        return check_number(c);
    default:
        return check_word(c);
    }
}

static bool check_document(struct checker *c) {
    if (!check_element(c))
        return false;
    skip_space(c);
    return c->at == c->end || fail(c, c->at, "Extra data");
}

enum err json_check(struct text text, const struct json_limits *limits,
                    struct json_fault *ret_fault) {
    const char *start = text.len == 0 ? "" : text.ptr;
    struct checker c = {.start = start, .at = start, .end = start + text.len, .limits = limits};
    bool accepted = check_document(&c);
    json_names_done(&c.names);
    if (accepted)
        return ERR_OK;
    if (c.err == ERR_SYNTAX && ret_fault != NULL) {
        ret_fault->reason = c.reason;
        ret_fault->offset = text_points(text_make(start, (size_t)(c.where - start)));
    }
    return c.err;
}
