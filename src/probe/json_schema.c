/* The judging of values: one row a keyword. */
#include "agnostic/probe/json_schema.h"

#include <math.h>
#include <string.h>

#include "agnostic/base/pattern.h"
#include "probe/json_schema_format.h"

/* What costs more than looking at one schema, in such looks. */
enum { COMPARE_STEPS = 16, SEARCH_STEPS = 1000 };

/* One question. */
struct judging {
    const struct json *root;
    struct fault *fault;
    unsigned steps, depth;
};

/* A keyword, what it says, and the value it says it of. */
struct saying {
    struct judging *judging;
    const struct json *schema, *is, *value;
};

static enum err schema_apply(struct judging *judging, const struct json *schema,
                             const struct json *value);

/* --- references --------------------------------------------------------------------------------
 */

/* One part of a JSON pointer (RFC 6901), unescaped. */
static bool schema_part(struct text part, char *dst, size_t size) {
    size_t len = 0;
    for (size_t i = 0; i < part.len && len + 1 < size; i++) {
        char c = part.ptr[i];
        if (c == '~' && i + 1 < part.len)
            c = part.ptr[++i] == '1' ? '/' : '~';
        dst[len++] = c;
    }
    dst[len] = '\0';
    return len + 1 < size;
}

static const struct json *schema_point(const struct json *root, struct text pointer) {
    const struct json *node = root;
    struct text part;
    char name[256];
    uint64_t index;
    if (pointer.len < 2 || !text_starts(pointer, TEXT("#/")))
        return NULL;
    pointer = text_make(pointer.ptr + 2, pointer.len - 2);
    while (node != NULL && text_cut(&pointer, '/', &part)) {
        if (!schema_part(part, name, sizeof(name)))
            return NULL;
        if (json_kind(node) == JSON_ARRAY)
            node = text_u64(part, UINT32_MAX, &index) ? json_at(node, (size_t)index) : NULL;
        else
            node = json_get(node, name);
    }
    return node;
}

const struct json *json_schema_resolve(const struct json *root, const struct json *node) {
    struct text pointer;
    for (unsigned i = 0; i < JSON_SCHEMA_REFS_MAX; i++) {
        if (!json_text(json_get(node, "$ref"), &pointer))
            return node;
        node = schema_point(root, pointer);
    }
    return NULL;
}

/* --- keywords ----------------------------------------------------------------------------------
 */

static bool schema_is_type(const struct json *value, struct text type) {
    enum json_kind kind = json_kind(value);
    double number;
    if (text_is(type, "integer"))
        return kind == JSON_INT ||
               (kind == JSON_NUMBER && json_number(value, &number) && floor(number) == number);
    if (text_is(type, "number"))
        return kind == JSON_INT || kind == JSON_NUMBER;
    return (text_is(type, "string") && kind == JSON_STRING) ||
           (text_is(type, "boolean") && kind == JSON_BOOL) ||
           (text_is(type, "array") && kind == JSON_ARRAY) ||
           (text_is(type, "object") && kind == JSON_OBJECT) ||
           (text_is(type, "null") && kind == JSON_NULL);
}

static enum err say_type(const struct saying *saying) {
    struct text type;
    if (json_text(saying->is, &type))
        return schema_is_type(saying->value, type)
                   ? ERR_OK
                   : fault_set(saying->judging->fault, ERR_SYNTAX, "it is no %.*s",
                               (int)(type.len > 40 ? 40 : type.len), type.ptr);
    for (size_t i = 0; i < json_count(saying->is); i++)
        if (json_text(json_at(saying->is, i), &type) && schema_is_type(saying->value, type))
            return ERR_OK;
    return json_count(saying->is) == 0 ? ERR_OK
                                       : fault_set(saying->judging->fault, ERR_SYNTAX,
                                                   "it is of none of the types that it may be of");
}

static bool schema_is_same(const struct json *a, const struct json *b) {
    struct buf left, right;
    struct json_out out;
    if (json_kind(a) != json_kind(b))
        return false;
    buf_init(&left, JSON_SCHEMA_MADE_MAX);
    buf_init(&right, JSON_SCHEMA_MADE_MAX);
    json_out_init(&out, &left);
    json_out_value(&out, a);
    json_out_init(&out, &right);
    json_out_value(&out, b);
    bool same = !left.failed && !right.failed && text_eq(buf_text(&left), buf_text(&right));
    buf_done(&left);
    buf_done(&right);
    return same;
}

static enum err say_enum(const struct saying *saying) {
    size_t count = json_count(saying->is);
    saying->judging->steps += (unsigned)count * COMPARE_STEPS;
    for (size_t i = 0; i < count; i++)
        if (schema_is_same(json_at(saying->is, i), saying->value))
            return ERR_OK;
    return fault_set(saying->judging->fault, ERR_SYNTAX, "it is none of the values listed");
}

static enum err say_const(const struct saying *saying) {
    return schema_is_same(saying->is, saying->value)
               ? ERR_OK
               : fault_set(saying->judging->fault, ERR_SYNTAX, "it is not the value it must be");
}

static enum err say_required(const struct saying *saying) {
    const struct json *properties = json_get(saying->schema, "properties");
    saying->judging->steps += (unsigned)json_count(saying->is);
    for (size_t i = 0; json_kind(saying->value) == JSON_OBJECT && i < json_count(saying->is); i++) {
        const char *name = json_str(json_at(saying->is, i), NULL);
        if (name == NULL || json_get(saying->value, name) != NULL)
            continue;
        const struct json *property =
            json_schema_resolve(saying->judging->root, json_get(properties, name));
        if (!json_bool(json_get(property, "writeOnly"), false))
            return fault_set(saying->judging->fault, ERR_SYNTAX, "it has no \"%.100s\"", name);
    }
    return ERR_OK;
}

struct members {
    const struct saying *saying;
    const struct json *properties, *rest;
    enum err err;
};

/* Where in the value a fault is, put before its words. */
static void schema_at(struct fault *fault, enum err err, const char *name) {
    struct fault inner;
    if (fault == NULL || err != ERR_SYNTAX)
        return;
    inner = *fault;
    (void)fault_set(fault, err, "%.60s: %.400s", name, inner.text);
}

static bool say_member(void *ctx, struct text name, const struct json *value) {
    struct members *members = ctx;
    struct judging *judging = members->saying->judging;
    char key[256];
    if (!text_copy(name, key, sizeof(key)))
        return true;
    const struct json *schema = json_get(members->properties, key);
    if (schema != NULL)
        members->err = schema_apply(judging, schema, value);
    else if (json_kind(members->rest) == JSON_BOOL && !json_bool(members->rest, true))
        members->err = fault_set(judging->fault, ERR_SYNTAX, "nothing is said of it");
    else if (json_kind(members->rest) == JSON_OBJECT)
        members->err = schema_apply(judging, members->rest, value);
    schema_at(judging->fault, members->err, key);
    return members->err == ERR_OK;
}

static enum err say_members(const struct saying *saying) {
    struct members members = {saying, json_get(saying->schema, "properties"),
                              json_get(saying->schema, "additionalProperties"), ERR_OK};
    bool twice = saying->is == members.rest && members.properties != NULL; /* both lead here */
    if (json_get(saying->schema, "patternProperties") != NULL)
        members.rest = NULL; /* which these are is not known */
    saying->judging->steps += (unsigned)json_count(saying->value);
    if (!twice && json_kind(saying->value) == JSON_OBJECT)
        json_each(saying->value, say_member, &members);
    return members.err;
}

static enum err say_items(const struct saying *saying) {
    enum err err = ERR_OK;
    for (size_t i = 0;
         json_kind(saying->value) == JSON_ARRAY && err == ERR_OK && i < json_count(saying->value);
         i++)
        err = schema_apply(saying->judging, saying->is, json_at(saying->value, i));
    schema_at(saying->judging->fault, err, "an item");
    return err;
}

/* Compares with a bound; `exclusive` of OpenAPI 3.0 is a switch beside it, of 3.1 a bound itself.
 */
static enum err schema_bound(const struct saying *saying, const char *exclusive, int sign) {
    double bound, number;
    bool is_own = exclusive == NULL;
    if (!json_number(saying->is, &bound) || !json_number(saying->value, &number))
        return ERR_OK;
    bool open = is_own || json_bool(json_get(saying->schema, exclusive), false);
    double over = (number - bound) * sign;
    return over < 0 || (over == 0 && !open)
               ? ERR_OK
               : fault_set(saying->judging->fault, ERR_SYNTAX, "%g is beyond %g", number, bound);
}

static enum err say_minimum(const struct saying *saying) {
    return schema_bound(saying, "exclusiveMinimum", -1);
}

static enum err say_maximum(const struct saying *saying) {
    return schema_bound(saying, "exclusiveMaximum", 1);
}

static enum err say_above(const struct saying *saying) {
    return schema_bound(saying, NULL, -1);
}

static enum err say_below(const struct saying *saying) {
    return schema_bound(saying, NULL, 1);
}

static enum err schema_size(const struct saying *saying, enum json_kind kind, int sign) {
    int64_t bound;
    struct text text;
    if (json_kind(saying->value) != kind || !json_int(saying->is, 0, INT32_MAX, &bound))
        return ERR_OK;
    int64_t size =
        (int64_t)(json_text(saying->value, &text) ? text_points(text) : json_count(saying->value));
    return (size - bound) * sign <= 0
               ? ERR_OK
               : fault_set(saying->judging->fault, ERR_SYNTAX,
                           "its length is %lld, with %lld as %s", (long long)size, (long long)bound,
                           sign > 0 ? "the most" : "the least");
}

static enum err say_min_length(const struct saying *saying) {
    return schema_size(saying, JSON_STRING, -1);
}

static enum err say_max_length(const struct saying *saying) {
    return schema_size(saying, JSON_STRING, 1);
}

static enum err say_min_items(const struct saying *saying) {
    return schema_size(saying, JSON_ARRAY, -1);
}

static enum err say_max_items(const struct saying *saying) {
    return schema_size(saying, JSON_ARRAY, 1);
}

static enum err say_pattern(const struct saying *saying) {
    struct text expression, subject;
    struct pattern *pattern;
    struct pattern_match match;
    if (!json_text(saying->is, &expression) || !json_text(saying->value, &subject))
        return ERR_OK;
    saying->judging->steps += SEARCH_STEPS;
    if (pattern_new_client(expression, &pattern) != ERR_OK)
        return ERR_TOO_LARGE;
    enum err err = pattern_search(pattern, subject, 0, &match);
    pattern_free(pattern);
    return err == ERR_EMPTY
               ? fault_set(saying->judging->fault, ERR_SYNTAX, "it does not match its pattern")
               : err;
}

static enum err say_format(const struct saying *saying) {
    struct text format, value;
    if (!json_text(saying->is, &format) || !json_text(saying->value, &value) ||
        json_schema_format_holds(format, value))
        return ERR_OK;
    return fault_set(saying->judging->fault, ERR_SYNTAX, "it is no %.*s",
                     (int)(format.len > 40 ? 40 : format.len), format.ptr);
}

static enum err say_all(const struct saying *saying) {
    enum err err = ERR_OK;
    for (size_t i = 0; err == ERR_OK && i < json_count(saying->is); i++)
        err = schema_apply(saying->judging, json_at(saying->is, i), saying->value);
    return err;
}

static enum err schema_some(const struct saying *saying, bool one) {
    size_t held = 0, count = json_count(saying->is);
    for (size_t i = 0; i < count; i++) {
        enum err err = schema_apply(saying->judging, json_at(saying->is, i), saying->value);
        if (err != ERR_OK && err != ERR_SYNTAX)
            return err;
        held += err == ERR_OK;
    }
    if (count == 0 || held == 1 || (held > 1 && !one))
        return ERR_OK;
    return fault_set(saying->judging->fault, ERR_SYNTAX, "%zu of its alternatives hold", held);
}

static enum err say_one(const struct saying *saying) {
    return schema_some(saying, true);
}

static enum err say_any(const struct saying *saying) {
    return schema_some(saying, false);
}

static const struct {
    const char *name;
    enum err (*say)(const struct saying *saying);
} KEYWORDS[] = {{"type", say_type},
                {"enum", say_enum},
                {"const", say_const},
                {"required", say_required},
                {"properties", say_members},
                {"additionalProperties", say_members},
                {"items", say_items},
                {"minimum", say_minimum},
                {"maximum", say_maximum},
                {"exclusiveMinimum", say_above},
                {"exclusiveMaximum", say_below},
                {"minLength", say_min_length},
                {"maxLength", say_max_length},
                {"minItems", say_min_items},
                {"maxItems", say_max_items},
                {"pattern", say_pattern},
                {"format", say_format},
                {"allOf", say_all},
                {"oneOf", say_one},
                {"anyOf", say_any}};

static enum err schema_apply(struct judging *judging, const struct json *schema,
                             const struct json *value) {
    enum err err = ERR_OK;
    schema = json_schema_resolve(judging->root, schema);
    if (schema == NULL || ++judging->steps > JSON_SCHEMA_STEPS_MAX ||
        judging->depth == JSON_SCHEMA_DEPTH_MAX)
        return ERR_TOO_LARGE;
    if (json_kind(value) == JSON_NULL && json_bool(json_get(schema, "nullable"), false))
        return ERR_OK;
    judging->depth++;
    for (size_t i = 0; err == ERR_OK && i < sizeof(KEYWORDS) / sizeof(KEYWORDS[0]); i++) {
        const struct json *is = json_get(schema, KEYWORDS[i].name);
        if (is != NULL)
            err = KEYWORDS[i].say(&(struct saying){judging, schema, is, value});
    }
    judging->depth--;
    return err;
}

enum err json_schema_check(const struct json *root, const struct json *schema,
                           const struct json *value, struct fault *ret_fault) {
    struct fault fault = {0};
    struct judging judging = {.root = root, .fault = &fault};
    enum err err = schema == NULL ? ERR_OK : schema_apply(&judging, schema, value);
    if (err != ERR_OK && ret_fault != NULL)
        *ret_fault = fault;
    return err;
}
