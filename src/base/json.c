/* json: the tree. The only file that knows json-c; nothing reaches json-c that
 * json_check has not accepted. */
#include "agnostic/base/json.h"

#define json_bool json_c_bool /* json-c's typedef, our function */
#include <json-c/json.h>
#undef json_bool
#include <math.h>
#include <string.h>

/* json-c has no object for null, we need one: a value that is there and is null. */
static const char null_value;

static struct json *wrap(struct json_object *object) {
    return object == NULL ? (struct json *)&null_value : (struct json *)object;
}

/* NULL for no value and for null, which json-c calls json_type_null. */
static struct json_object *unwrap(const struct json *value) {
    return value == (const struct json *)&null_value ? NULL : (struct json_object *)value;
}

/* json-c needs a NUL to know that a number at the end of the text is over. */
static enum err build(struct json_tokener *tokener, struct text text, struct json **ret_root) {
    struct json_object *object = json_tokener_parse_ex(tokener, text.ptr, (int)text.len);
    enum json_tokener_error error = json_tokener_get_error(tokener);
    size_t used = json_tokener_get_parse_end(tokener);
    if (error == json_tokener_continue) {
        object = json_tokener_parse_ex(tokener, "", 1);
        error = json_tokener_get_error(tokener);
        used = text.len;
    }
    struct text rest = text_make(text.ptr + used, text.len - used);
    if (error == json_tokener_success && text_trim(rest).len == 0) {
        *ret_root = wrap(object);
        return ERR_OK;
    }
    json_object_put(object);
    return ERR_SYNTAX;
}

enum err json_parse(struct text text, const struct json_limits *limits, struct json **ret_root,
                    struct json_fault *ret_fault) {
    static const struct json_fault otherwise = {.offset = 0, .reason = "Expecting value"};
    enum err err = text.len > INT32_MAX ? ERR_TOO_LARGE : json_check(text, limits, ret_fault);
    if (err != ERR_OK)
        return err;
    /* json-c counts a scalar inside as one level more */
    struct json_tokener *tokener = json_tokener_new_ex((int)limits->depth + 1);
    if (tokener == NULL)
        return ERR_NOMEM;
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    err = build(tokener, text, ret_root);
    if (err == ERR_SYNTAX && ret_fault != NULL)
        *ret_fault = otherwise;
    json_tokener_free(tokener);
    return err;
}

void json_free(struct json *root) {
    json_object_put(unwrap(root));
}

enum json_kind json_kind(const struct json *value) {
    struct json_object *object = unwrap(value);
    if (value == NULL)
        return JSON_NONE;
    switch (json_object_get_type(object)) {
    case json_type_boolean:
        return JSON_BOOL;
    case json_type_int: /* json-c keeps 2^63..2^64-1 as unsigned: no int64 */
        return json_object_get_uint64(object) > INT64_MAX ? JSON_NUMBER : JSON_INT;
    case json_type_double:
        return JSON_NUMBER;
    case json_type_string:
        return JSON_STRING;
    case json_type_array:
        return JSON_ARRAY;
    case json_type_object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

static bool is(const struct json *value, enum json_type type) {
    return value != NULL && json_object_is_type(unwrap(value), type);
}

const struct json *json_get(const struct json *object, const char *name) {
    struct json_object *member;
    if (!is(object, json_type_object) || !json_object_object_get_ex(unwrap(object), name, &member))
        return NULL;
    return wrap(member);
}

const struct json *json_path(const struct json *object, const char *path) {
    struct text rest = text_of(path), part;
    char name[128];
    while (object != NULL && text_cut(&rest, '.', &part))
        object = text_copy(part, name, sizeof(name)) ? json_get(object, name) : NULL;
    return object;
}

size_t json_count(const struct json *array_or_object) {
    if (is(array_or_object, json_type_array))
        return json_object_array_length(unwrap(array_or_object));
    if (is(array_or_object, json_type_object))
        return (size_t)json_object_object_length(unwrap(array_or_object));
    return 0;
}

const struct json *json_at(const struct json *array, size_t index) {
    if (!is(array, json_type_array) || index >= json_count(array))
        return NULL;
    return wrap(json_object_array_get_idx(unwrap(array), index));
}

void json_each(const struct json *object,
               bool (*visit)(void *ctx, struct text name, const struct json *value), void *ctx) {
    if (!is(object, json_type_object))
        return;
    json_object_object_foreach(unwrap(object), name, value) {
        if (!visit(ctx, text_of(name), wrap(value)))
            return;
    }
}

bool json_text(const struct json *value, struct text *ret_text) {
    if (!is(value, json_type_string))
        return false;
    struct json_object *object = unwrap(value);
    *ret_text =
        text_make(json_object_get_string(object), (size_t)json_object_get_string_len(object));
    return true;
}

const char *json_str(const struct json *value, const char *fallback) {
    return is(value, json_type_string) ? json_object_get_string(unwrap(value)) : fallback;
}

bool json_int(const struct json *value, int64_t min, int64_t max, int64_t *ret_n) {
    if (json_kind(value) != JSON_INT)
        return false;
    int64_t n = json_object_get_int64(unwrap(value));
    if (n < min || n > max)
        return false;
    *ret_n = n;
    return true;
}

bool json_number(const struct json *value, double *ret_d) {
    enum json_kind kind = json_kind(value);
    if (kind != JSON_INT && kind != JSON_NUMBER)
        return false;
    double d = json_object_get_double(unwrap(value));
    if (!isfinite(d)) /* 1e400 is good JSON */
        return false;
    *ret_d = d;
    return true;
}

bool json_bool(const struct json *value, bool fallback) {
    return is(value, json_type_boolean) ? json_object_get_boolean(unwrap(value)) : fallback;
}

/* --- copying a tree out ------------------------------------------------------ */

static bool put_member(void *ctx, struct text name, const struct json *value) {
    json_out_name_text(ctx, name);
    json_out_value(ctx, value);
    return true;
}

/* Numbers keep the text they were read from. */
static void put_number(struct json_out *out, struct json_object *object) {
    size_t len;
    const char *digits = json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN, &len);
    if (digits == NULL)
        out->buf->failed = true;
    else
        json_out_raw(out, text_make(digits, len));
}

static void put_array(struct json_out *out, const struct json *array) {
    json_out_array(out);
    for (size_t i = 0; i < json_count(array); i++)
        json_out_value(out, json_at(array, i));
    json_out_end_array(out);
}

/* Recursion ends where json_parse's limit on depth did. */
void json_out_value(struct json_out *out, const struct json *value) {
    struct text text;
    switch (json_kind(value)) {
    case JSON_NONE:
    case JSON_NULL:
        json_out_null(out);
        break;
    case JSON_BOOL:
        json_out_bool(out, json_bool(value, false));
        break;
    case JSON_INT:
    case JSON_NUMBER:
        put_number(out, unwrap(value));
        break;
    case JSON_STRING:
        if (json_text(value, &text))
            json_out_text(out, text);
        break;
    case JSON_ARRAY:
        put_array(out, value);
        break;
    case JSON_OBJECT:
        json_out_object(out);
        json_each(value, put_member, out);
        json_out_end_object(out);
        break;
    }
}
