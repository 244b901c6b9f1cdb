/* Values for schemas, valid and not. What was made is judged before it is handed out. */
#include <math.h>
#include <string.h>

#include "agnostic/probe/json_schema.h"
#include "probe/json_schema_format.h"

enum { MAKE_DEPTH_MAX = 8, MAKE_STEPS_MAX = 100000 };

/* One value in the making. */
struct making {
    const struct json *root;
    enum json_schema_size size;
    struct json_out *out;
    unsigned depth;
    size_t steps;
    bool failed;
};

static void make_any(struct making *making, const struct json *schema);

static struct text make_type(const struct json *schema) {
    const struct json *type = json_get(schema, "type");
    struct text word;
    if (json_kind(type) == JSON_ARRAY)
        type = json_at(type, 0);
    if (json_text(type, &word))
        return word;
    return json_get(schema, "properties") != NULL ? TEXT("object") : TEXT("");
}

/* A value that the document gives; NULL: none. */
static const struct json *make_given(const struct json *schema) {
    static const char *const SINGLE[] = {"example", "default", "const"};
    for (size_t i = 0; i < sizeof(SINGLE) / sizeof(SINGLE[0]); i++)
        if (json_get(schema, SINGLE[i]) != NULL)
            return json_get(schema, SINGLE[i]);
    const struct json *first = json_at(json_get(schema, "examples"), 0);
    return first != NULL ? first : json_at(json_get(schema, "enum"), 0);
}

/* --- of a type ---------------------------------------------------------------------------------
 */

static void make_string(struct making *making, const struct json *schema) {
    int64_t length = 0, most = 0;
    char name[32];
    struct text format;
    if (json_text(json_get(schema, "format"), &format) && text_copy(format, name, sizeof(name)) &&
        json_schema_format_sample(format) != NULL) {
        json_out_str(making->out, json_schema_format_sample(format));
        return;
    }
    bool has_most = json_int(json_get(schema, "maxLength"), 0, JSON_SCHEMA_STRING_MAX, &most);
    if (!json_int(json_get(schema, "minLength"), 0, JSON_SCHEMA_STRING_MAX, &length) &&
        (!has_most || most > 0))
        length = 1;
    if (making->size == JSON_SCHEMA_MOST && has_most)
        length = most;
    struct buf buf;
    buf_init(&buf, JSON_SCHEMA_STRING_MAX);
    for (int64_t i = 0; i < length; i++)
        buf_putc(&buf, 'a');
    json_out_str(making->out, buf_str(&buf));
    buf_done(&buf);
}

/* The bound of that side, moved inside by `step` where it is not included. false: there is none. */
static bool make_bound(const struct json *schema, const char *name, const char *exclusive,
                       double step, double *ret_bound) {
    double open;
    if (json_number(json_get(schema, exclusive), &open)) {
        *ret_bound = open + step;
        return true;
    }
    if (!json_number(json_get(schema, name), ret_bound))
        return false;
    if (json_bool(json_get(schema, exclusive), false))
        *ret_bound += step;
    return true;
}

static void make_put_number(struct json_out *out, double number) {
    if (floor(number) == number && fabs(number) < 9e15)
        json_out_int(out, (int64_t)number);
    else
        json_out_double(out, number);
}

static void make_number(struct making *making, const struct json *schema) {
    bool whole = text_is(make_type(schema), "integer");
    double step = whole ? 1 : 0.5, least = 0, most = 0, number = 1;
    bool has_least = make_bound(schema, "minimum", "exclusiveMinimum", step, &least);
    bool has_most = make_bound(schema, "maximum", "exclusiveMaximum", -step, &most);
    if (has_most && (making->size == JSON_SCHEMA_MOST || (!has_least && most < 1)))
        number = whole ? floor(most) : most;
    else if (has_least)
        number = whole ? ceil(least) : least;
    make_put_number(making->out, number);
}

struct make_members {
    struct making *making;
    const struct json *required;
};

static bool make_is_required(struct making *making, const struct json *required, struct text name) {
    struct text one;
    making->steps += json_count(required);
    for (size_t i = 0; i < json_count(required); i++)
        if (json_text(json_at(required, i), &one) && text_eq(one, name))
            return true;
    return false;
}

static bool make_member(void *ctx, struct text name, const struct json *schema) {
    struct make_members *members = ctx;
    struct making *making = members->making;
    const struct json *resolved = json_schema_resolve(making->root, schema);
    if (json_bool(json_get(resolved, "readOnly"), false) ||
        (making->size == JSON_SCHEMA_LEAST && !make_is_required(making, members->required, name)))
        return true;
    json_out_name_text(making->out, name);
    make_any(making, schema);
    return !making->failed;
}

/* Its own members, and those of all that it is made of. */
static void make_members(struct making *making, const struct json *schema) {
    struct make_members members = {making, json_get(schema, "required")};
    const struct json *parts = json_get(schema, "allOf");
    json_each(json_get(schema, "properties"), make_member, &members);
    if (++making->depth > MAKE_DEPTH_MAX || ++making->steps > MAKE_STEPS_MAX)
        making->failed = true;
    for (size_t i = 0; !making->failed && i < json_count(parts); i++)
        make_members(making, json_schema_resolve(making->root, json_at(parts, i)));
    making->depth--;
}

static void make_object(struct making *making, const struct json *schema) {
    json_out_object(making->out);
    make_members(making, schema);
    json_out_end_object(making->out);
}

static void make_array(struct making *making, const struct json *schema) {
    int64_t count = 0;
    json_int(json_get(schema, "minItems"), 0, 16, &count);
    if (making->size == JSON_SCHEMA_MOST && count == 0)
        count = 1;
    json_out_array(making->out);
    for (int64_t i = 0; !making->failed && i < count; i++)
        make_any(making, json_get(schema, "items"));
    json_out_end_array(making->out);
}

static void make_boolean(struct making *making, const struct json *schema) {
    (void)schema;
    json_out_bool(making->out, making->size == JSON_SCHEMA_MOST);
}

static const struct {
    const char *type;
    void (*make)(struct making *making, const struct json *schema);
} TYPES[] = {{"string", make_string},   {"integer", make_number}, {"number", make_number},
             {"boolean", make_boolean}, {"array", make_array},    {"object", make_object}};

static void make_typed(struct making *making, const struct json *schema) {
    struct text type = make_type(schema);
    const struct json *first = json_at(json_get(schema, "oneOf"), 0);
    first = first != NULL ? first : json_at(json_get(schema, "anyOf"), 0);
    if (first != NULL) {
        make_any(making, first);
        return;
    }
    if (type.len == 0 && json_get(schema, "allOf") != NULL)
        type = TEXT("object");
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
        if (!text_is(type, TYPES[i].type))
            continue;
        TYPES[i].make(making, schema);
        return;
    }
    if (type.len == 0)
        json_out_str(making->out, "a");
    else
        json_out_null(making->out);
}

static void make_any(struct making *making, const struct json *schema) {
    schema = json_schema_resolve(making->root, schema);
    if (making->depth == MAKE_DEPTH_MAX || ++making->steps > MAKE_STEPS_MAX ||
        making->out->buf->failed) {
        making->failed = true;
        return;
    }
    const struct json *given = make_given(schema);
    making->depth++;
    if (given != NULL)
        json_out_value(making->out, given);
    else
        make_typed(making, schema);
    making->depth--;
}

static enum err make_read(struct buf *buf, struct json **ret_value) {
    static const struct json_limits LIMITS = {32, 4096, 20000};
    if (buf->failed)
        return ERR_EMPTY;
    enum err err = json_parse(buf_text(buf), &LIMITS, ret_value, NULL);
    return err == ERR_NOMEM ? err : err == ERR_OK ? ERR_OK : ERR_EMPTY;
}

enum err json_schema_make(const struct json *root, const struct json *schema,
                          enum json_schema_size size, struct json **ret_value) {
    struct json *value = NULL;
    struct json_out out;
    struct buf buf;
    buf_init(&buf, JSON_SCHEMA_MADE_MAX);
    json_out_init(&out, &buf);
    struct making making = {.root = root, .size = size, .out = &out};
    make_any(&making, schema);
    enum err err = making.failed ? ERR_EMPTY : make_read(&buf, &value);
    buf_done(&buf);
    if (err == ERR_OK && json_schema_check(root, schema, value, NULL) != ERR_OK) {
        json_free(value);
        return ERR_EMPTY;
    }
    if (err == ERR_OK)
        *ret_value = value;
    return err;
}

/* --- not valid ---------------------------------------------------------------------------------
 */

static bool spoil_type(const struct json *schema, struct json_out *out) {
    if (text_is(make_type(schema), "string"))
        json_out_int(out, 7);
    else
        json_out_str(out, "qaprobe");
    return true;
}

static bool spoil_enum(const struct json *schema, struct json_out *out) {
    json_out_str(out, "qaprobe");
    return json_get(schema, "enum") != NULL && text_is(make_type(schema), "string");
}

static bool spoil_low(const struct json *schema, struct json_out *out) {
    double bound = 0;
    bool has = make_bound(schema, "minimum", "exclusiveMinimum", 0, &bound);
    make_put_number(out, floor(bound) - 1);
    return has;
}

static bool spoil_high(const struct json *schema, struct json_out *out) {
    double bound = 0;
    bool has = make_bound(schema, "maximum", "exclusiveMaximum", 0, &bound);
    make_put_number(out, ceil(bound) + 1);
    return has;
}

static bool spoil_short(const struct json *schema, struct json_out *out) {
    int64_t least;
    json_out_str(out, "");
    return json_int(json_get(schema, "minLength"), 1, INT32_MAX, &least);
}

static bool spoil_long(const struct json *schema, struct json_out *out) {
    int64_t most = 0;
    bool has = json_int(json_get(schema, "maxLength"), 0, JSON_SCHEMA_STRING_MAX - 1, &most);
    struct buf buf;
    buf_init(&buf, JSON_SCHEMA_STRING_MAX);
    for (int64_t i = 0; i <= most; i++)
        buf_putc(&buf, 'a');
    json_out_str(out, buf_str(&buf));
    buf_done(&buf);
    return has;
}

static bool spoil_form(const struct json *schema, struct json_out *out) {
    json_out_str(out, "qa probe?");
    return json_get(schema, "format") != NULL || json_get(schema, "pattern") != NULL;
}

static const struct {
    const char *what;
    bool (*put)(const struct json *schema, struct json_out *out); /* false: nothing of the kind */
} SPOILS[] = {{"a value of the wrong type", spoil_type}, {"none of the listed values", spoil_enum},
              {"too low a number", spoil_low},           {"too high a number", spoil_high},
              {"too short a string", spoil_short},       {"too long a string", spoil_long},
              {"a string of another form", spoil_form}};

_Static_assert(sizeof(SPOILS) / sizeof(SPOILS[0]) == JSON_SCHEMA_SPOILS, "one row a kind");

enum err json_schema_spoil(const struct json *root, const struct json *schema, size_t kind,
                           const char **ret_what, struct json **ret_value) {
    struct json *value = NULL;
    struct json_out out;
    struct buf buf;
    const struct json *resolved = json_schema_resolve(root, schema);
    buf_init(&buf, JSON_SCHEMA_MADE_MAX);
    json_out_init(&out, &buf);
    bool put = make_type(resolved).len > 0 && SPOILS[kind].put(resolved, &out);
    enum err err = put ? make_read(&buf, &value) : ERR_EMPTY;
    buf_done(&buf);
    if (err == ERR_OK && json_schema_check(root, schema, value, NULL) != ERR_SYNTAX) {
        json_free(value);
        return ERR_EMPTY;
    }
    if (err == ERR_OK) {
        *ret_what = SPOILS[kind].what;
        *ret_value = value;
    }
    return err;
}
