/* json: strict JSON in, compact JSON out. Only user of json-c.
 *
 * Reading is in two steps, always both: a strict RFC 8259 check of our own (json-c
 * lets through duplicate names, NUL, raw control characters, NaN and more), then
 * json-c builds the tree. Writing is a small writer over a `struct buf`. */
#ifndef AGNOSTIC_BASE_JSON_H
#define AGNOSTIC_BASE_JSON_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

/* What a text may hold at most. */
struct json_limits {
    unsigned depth;   /* nested containers */
    unsigned members; /* names in one object */
    unsigned nodes;   /* values in all */
};
extern const struct json_limits JSON_LIMITS_REQUEST; /* depth 16, 256 names, 10 000 nodes */
extern const struct json_limits JSON_LIMITS_RESULT;  /* depth 32, 4 096 names, 500 000 nodes */

/* Where and why a text is not acceptable. */
struct json_fault {
    size_t offset;      /* in code points from the start, as Python counts */
    const char *reason; /* Python's words where it has them: "Expecting value" */
};

/* json_check(text, limits, &fault): ERR_OK when text is one strict JSON value:
 * RFC 8259 grammar, well-formed UTF-8, paired surrogates, no U+0000, no name twice
 * in one object (compared after unescaping), nothing behind it but white space.
 * Else ERR_SYNTAX with fault filled, or ERR_NOMEM. Allocates little, recursion-bounded. */
enum err json_check(struct text text, const struct json_limits *limits,
                    struct json_fault *ret_fault);

/* A value of a parsed document. Borrowed from the root unless said otherwise. */
struct json;

enum json_kind {
    JSON_NONE, /* there is no such value (a NULL pointer) */
    JSON_NULL,
    JSON_BOOL,
    JSON_INT,    /* written without fraction and exponent, fits int64 */
    JSON_NUMBER, /* any other number */
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* json_parse(text, limits, &root, &fault): json_check, then the tree. The caller
 * frees root with json_free. ERR_SYNTAX (fault filled, may be NULL), ERR_TOO_LARGE (2 GiB),
 * ERR_NOMEM. */
enum err json_parse(struct text text, const struct json_limits *limits, struct json **ret_root,
                    struct json_fault *ret_fault);
/* json_free(root): NULL is fine. */
void json_free(struct json *root);

/* All readers take NULL for "no such value". */
enum json_kind json_kind(const struct json *value);
/* json_get(object, name): the member, or NULL (no such member, or not an object). */
const struct json *json_get(const struct json *object, const char *name);
/* json_path(object, "a.b.c"): json_get along the dots. */
const struct json *json_path(const struct json *object, const char *path);
size_t json_count(const struct json *array_or_object);
const struct json *json_at(const struct json *array, size_t index);
/* json_each(object, visit, ctx): calls visit(ctx, name, value) per member in
 * document order until it returns false. */
void json_each(const struct json *object,
               bool (*visit)(void *ctx, struct text name, const struct json *value), void *ctx);
/* json_text(value, &text): true for a string; the view lives as long as the root. */
bool json_text(const struct json *value, struct text *ret_text);
/* json_str(value, fallback): NUL-terminated string (it can hold no NUL), or fallback. */
const char *json_str(const struct json *value, const char *fallback);
/* json_int(value, min, max, &n): true for JSON_INT within [min, max]. */
bool json_int(const struct json *value, int64_t min, int64_t max, int64_t *ret_n);
/* json_number(value, &d): true for JSON_INT and JSON_NUMBER. */
bool json_number(const struct json *value, double *ret_d);
bool json_bool(const struct json *value, bool fallback);

/* --- writing ----------------------------------------------------------------
 * Separators are placed by the writer. Errors are the buffer's (sticky). Text
 * must be well-formed UTF-8; bytes that are not are written as U+FFFD. */
struct json_out {
    struct buf *buf;
    unsigned depth;
    bool first; /* no separator needed before the next value */
    bool ascii; /* set it to have everything beyond printable ASCII escaped, and "##" (logs) */
};
void json_out_init(struct json_out *out, struct buf *buf);
void json_out_object(struct json_out *out); /* { */
void json_out_array(struct json_out *out);  /* [ */
void json_out_end_object(struct json_out *out);
void json_out_end_array(struct json_out *out);
void json_out_name(struct json_out *out, const char *name);
void json_out_name_text(struct json_out *out, struct text name);
void json_out_text(struct json_out *out, struct text text);
void json_out_str(struct json_out *out, const char *string); /* NULL writes null */
void json_out_int(struct json_out *out, int64_t n);
void json_out_double(struct json_out *out, double d); /* shortest round trip; NaN, Inf: null */
void json_out_bool(struct json_out *out, bool b);
void json_out_null(struct json_out *out);
/* A value copied from a parsed document. */
void json_out_value(struct json_out *out, const struct json *value);
/* Bytes that are already one JSON value. */
void json_out_raw(struct json_out *out, struct text json);
/* name and value at once, the common case. */
void json_out_member(struct json_out *out, const char *name, const char *string);
void json_out_member_text(struct json_out *out, const char *name, struct text text);
void json_out_member_int(struct json_out *out, const char *name, int64_t n);
void json_out_member_bool(struct json_out *out, const char *name, bool b);

#endif
