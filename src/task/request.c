/* request: the rules for an ordered task, one table. Must not know who asks, nor
 * which addresses may be tested. */
#include "agnostic/task/request.h"

#include <stdio.h>

#include "agnostic/base/url.h"
#include "agnostic/task/user_check.h"
#include "task/request_agent.h"
#include "task/request_fault.h"

enum {
    REQUEST_AGENTS_MAX = 64, /* entries as sent, doubles included */
    REQUEST_MSG_SIZE = 640
};

#define PRIORITIES "'critical', 'high', 'medium' or 'low'"

/* One reading of one body. */
struct reading {
    struct request request;
    struct json_out *detail; /* NULL: nobody wants to know what is wrong */
    size_t faults;
};

struct field {
    const char *name;
    void (*read)(struct reading *, const struct field *, const struct json *value);
    size_t offset;   /* in struct request of its struct text, int64_t or bool */
    size_t min, max; /* code points, entries of a list, or the number itself */
    const char *fallback;
    const char *const *words; /* of which it is one */
    enum { OPTIONAL, REQUIRED, NULLABLE } need;
    enum { SHOWN, SECRET } input; /* a secret one is never shown back */
    enum { POINTS, BYTES } unit;  /* of min and max */
};

static void read_text(struct reading *, const struct field *, const struct json *value);
static void read_url(struct reading *, const struct field *, const struct json *value);
static void read_priority(struct reading *, const struct field *, const struct json *value);
static void read_standards(struct reading *, const struct field *, const struct json *value);
static void read_checks(struct reading *, const struct field *, const struct json *value);
static void read_agents(struct reading *, const struct field *, const struct json *value);
static void read_number(struct reading *, const struct field *, const struct json *value);
static void read_word(struct reading *, const struct field *, const struct json *value);
static void read_mix(struct reading *, const struct field *, const struct json *value);
static void read_flag(struct reading *, const struct field *, const struct json *value);

#define AT(reader, member) .read = reader, .offset = offsetof(struct request, member)

/* In the order in which faults are told. */
static const struct field FIELDS[] = {
    {.name = "title", AT(read_text, title), .min = 1, .max = REQUEST_TITLE_MAX, .need = REQUIRED},
    {.name = "description",
     AT(read_text, description),
     .min = 1,
     .max = REQUEST_DESCRIPTION_MAX,
     .need = REQUIRED},
    {.name = "target_url", AT(read_url, target_url), .need = NULLABLE},
    {.name = "priority", .read = read_priority},
    {.name = "standards", .read = read_standards, .max = REQUEST_STANDARDS_MAX},
    {.name = "agents", .read = read_agents, .max = REQUEST_AGENTS_MAX},
    {.name = "business_goals",
     AT(read_text, business_goals),
     .max = REQUEST_GOALS_MAX,
     .fallback = REQUEST_GOALS_DEFAULT},
    {.name = "constraints",
     AT(read_text, constraints),
     .max = REQUEST_CONSTRAINTS_MAX,
     .fallback = REQUEST_CONSTRAINTS_DEFAULT},
    {.name = "callback_url",
     AT(read_text, callback_url),
     .max = REQUEST_URL_MAX,
     .need = NULLABLE,
     .unit = BYTES},
    {.name = "callback_secret",
     AT(read_text, callback_secret),
     .max = REQUEST_SECRET_MAX,
     .need = NULLABLE,
     .input = SECRET,
     .unit = BYTES},
    {.name = "queue_ttl_s",
     AT(read_number, queue_ttl_s),
     .min = 1,
     .max = REQUEST_QUEUE_TTL_MAX_S,
     .need = NULLABLE},
    {.name = "load_rate",
     AT(read_number, load.rate),
     .min = 1,
     .max = LOAD_WISH_RATE_MAX,
     .need = NULLABLE},
    {.name = "load_duration_s",
     AT(read_number, load.duration_s),
     .min = 1,
     .max = LOAD_WISH_DURATION_MAX_S,
     .need = NULLABLE},
    {.name = "load_profile",
     AT(read_word, load.profile),
     .words = LOAD_WISH_PROFILES,
     .need = NULLABLE},
    {.name = "load_http", AT(read_word, load.http), .words = LOAD_WISH_HTTP, .need = NULLABLE},
    /* There may be credentials in them. */
    {.name = "checks",
     .read = read_checks,
     .max = USER_CHECKS_MAX,
     .need = NULLABLE,
     .input = SECRET},
    {.name = "load_mix", .read = read_mix, .max = LOAD_WISH_MIX_MAX, .need = NULLABLE},
    {.name = "external_links", AT(read_flag, external_links), .need = NULLABLE},
};

static struct text *text_field(struct reading *reading, const struct field *field) {
    return (struct text *)((char *)&reading->request + field->offset);
}

/* --- faults ---------------------------------------------------------------- */

static void fault_put(struct reading *reading, const struct request_fault_entry *entry) {
    reading->faults++;
    if (reading->detail == NULL)
        return;
    if (reading->faults == 1)
        json_out_array(reading->detail);
    request_fault_put(reading->detail, entry);
}

static void fault(struct reading *reading, const struct field *field, const int64_t *position,
                  const struct json *input, const char *type, const char *msg, const char *ctx) {
    fault_put(reading, &(struct request_fault_entry){
                           .type = type,
                           .msg = msg,
                           .in = "body",
                           .field = field->name,
                           .position = position,
                           .input = field->input == SECRET ? NULL : input,
                           .ctx = text_of(ctx),
                       });
}

static void fault_length(struct reading *reading, const struct field *field,
                         const int64_t *position, const struct json *input, bool is_long,
                         size_t limit) {
    char msg[REQUEST_MSG_SIZE], ctx[64];
    snprintf(msg, sizeof(msg), "String should have at %s %zu character%s",
             is_long ? "most" : "least", limit, limit == 1 ? "" : "s");
    snprintf(ctx, sizeof(ctx), "{\"%s_length\":%zu}", is_long ? "max" : "min", limit);
    fault(reading, field, position, input, is_long ? "string_too_long" : "string_too_short", msg,
          ctx);
}

/* A fault whose ctx repeats a part of the message. */
static void fault_told(struct reading *reading, const struct field *field, const int64_t *position,
                       const struct json *input, const char *type, const char *lead,
                       const char *ctx_name, const char *told) {
    char msg[REQUEST_MSG_SIZE];
    struct buf buf;
    struct json_out ctx;
    buf_init(&buf, 2 * REQUEST_MSG_SIZE);
    json_out_init(&ctx, &buf);
    json_out_object(&ctx);
    json_out_member(&ctx, ctx_name, told);
    json_out_end_object(&ctx);
    snprintf(msg, sizeof(msg), "%s%s", lead, told);
    fault(reading, field, position, input, type, msg, buf_str(&buf));
    buf_done(&buf);
}

/* --- fields ---------------------------------------------------------------- */

/* text_within(...): the string at field or, with position, an entry of it. */
static bool text_within(struct reading *reading, const struct field *field, const int64_t *position,
                        const struct json *value, size_t min, size_t max, struct text *ret_text) {
    struct text text;
    if (!json_text(value, &text)) {
        fault(reading, field, position, value, "string_type", "Input should be a valid string",
              NULL);
        return false;
    }
    size_t length = field->unit == BYTES ? text.len : text_points(text);
    if (length < min || length > max) {
        fault_length(reading, field, position, value, length > max, length > max ? max : min);
        return false;
    }
    *ret_text = text;
    return true;
}

static void read_text(struct reading *reading, const struct field *field,
                      const struct json *value) {
    text_within(reading, field, NULL, value, field->min, field->max, text_field(reading, field));
}

static void read_url(struct reading *reading, const struct field *field, const struct json *value) {
    struct text text;
    struct url url;
    struct fault why;
    if (!text_within(reading, field, NULL, value, 0, SIZE_MAX, &text))
        return;
    if (url_parse(text, &url, &why) != ERR_OK)
        fault_told(reading, field, NULL, value, "url_parsing", "Input should be a valid URL, ",
                   "error", why.text);
    *text_field(reading, field) = text;
}

static void read_priority(struct reading *reading, const struct field *field,
                          const struct json *value) {
    struct text word;
    if (!json_text(value, &word) || !task_priority_read(word, &reading->request.priority))
        fault_told(reading, field, NULL, value, "literal_error", "Input should be ", "expected",
                   PRIORITIES);
}

/* "'a', 'b' or 'c'" */
static void expected_words(const char *const *words, char *dst, size_t size) {
    size_t len = 0;
    for (size_t i = 0; words[i] != NULL && len < size; i++) {
        const char *before = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        len += (size_t)snprintf(dst + len, size - len, "%s'%s'", before, words[i]);
    }
}

static void read_word(struct reading *reading, const struct field *field,
                      const struct json *value) {
    char expected[128];
    struct text word;
    for (size_t i = 0; json_text(value, &word) && field->words[i] != NULL; i++) {
        if (text_is(word, field->words[i])) {
            *text_field(reading, field) = word;
            return;
        }
    }
    expected_words(field->words, expected, sizeof(expected));
    fault_told(reading, field, NULL, value, "literal_error", "Input should be ", "expected",
               expected);
}

static bool list_within(struct reading *reading, const struct field *field,
                        const struct json *value) {
    if (json_kind(value) != JSON_ARRAY) {
        fault(reading, field, NULL, value, "list_type", "Input should be a valid list", NULL);
        return false;
    }
    if (json_count(value) > field->max) {
        char msg[REQUEST_MSG_SIZE], ctx[96];
        snprintf(msg, sizeof(msg), "List should have at most %zu items after validation, not %zu",
                 field->max, json_count(value));
        snprintf(ctx, sizeof(ctx),
                 "{\"field_type\":\"List\",\"max_length\":%zu,\"actual_length\":%zu}", field->max,
                 json_count(value));
        fault(reading, field, NULL, value, "too_long", msg, ctx);
        return false;
    }
    return true;
}

static void read_standards(struct reading *reading, const struct field *field,
                           const struct json *value) {
    struct text word;
    if (!list_within(reading, field, value))
        return;
    for (int64_t i = 0; i < (int64_t)json_count(value); i++)
        text_within(reading, field, &i, json_at(value, (size_t)i), 0, REQUEST_STANDARD_MAX, &word);
    reading->request.standards = value;
}

static void read_mix(struct reading *reading, const struct field *field, const struct json *value) {
    struct text entry, path;
    int64_t weight;
    if (!list_within(reading, field, value))
        return;
    for (int64_t i = 0; i < (int64_t)json_count(value); i++) {
        const struct json *item = json_at(value, (size_t)i);
        if (!json_text(item, &entry) || !load_wish_entry(entry, &weight, &path))
            fault_told(reading, field, &i, item, "value_error", "Input should be ", "expected",
                       "'/path' or 'WEIGHT /path', with a weight of 1 to 100");
    }
    reading->request.load.mix = json_count(value) > 0 ? value : NULL;
}

static void read_checks(struct reading *reading, const struct field *field,
                        const struct json *value) {
    char why[USER_CHECK_WHY_SIZE];
    struct user_check check;
    if (!list_within(reading, field, value))
        return;
    for (int64_t i = 0; i < (int64_t)json_count(value); i++)
        if (!user_check_read(json_at(value, (size_t)i), &check, why))
            fault_told(reading, field, &i, NULL, "value_error",
                       "Input should be a check: ", "error", why);
    reading->request.checks = json_count(value) > 0 ? value : NULL;
}

static void read_agents(struct reading *reading, const struct field *field,
                        const struct json *value) {
    char expected[256];
    request_agent_expected(expected, sizeof(expected));
    if (!list_within(reading, field, value))
        return;
    for (int64_t i = 0; i < (int64_t)json_count(value); i++) {
        const struct json *item = json_at(value, (size_t)i);
        if (!request_agent(&reading->request, item))
            fault_told(reading, field, &i, item, "literal_error", "Input should be ", "expected",
                       expected);
    }
}

static void fault_bound(struct reading *reading, const struct field *field,
                        const struct json *value, bool is_large) {
    char msg[REQUEST_MSG_SIZE], ctx[64];
    size_t bound = is_large ? field->max : field->min;
    snprintf(msg, sizeof(msg), "Input should be %s than or equal to %zu",
             is_large ? "less" : "greater", bound);
    snprintf(ctx, sizeof(ctx), "{\"%s\":%zu}", is_large ? "le" : "ge", bound);
    fault(reading, field, NULL, value, is_large ? "less_than_equal" : "greater_than_equal", msg,
          ctx);
}

static void read_number(struct reading *reading, const struct field *field,
                        const struct json *value) {
    int64_t n;
    if (!json_int(value, INT64_MIN, INT64_MAX, &n))
        fault(reading, field, NULL, value, "int_type", "Input should be a valid integer", NULL);
    else if (n < (int64_t)field->min || n > (int64_t)field->max)
        fault_bound(reading, field, value, n > (int64_t)field->max);
    else
        *(int64_t *)((char *)&reading->request + field->offset) = n;
}

static void read_flag(struct reading *reading, const struct field *field,
                      const struct json *value) {
    if (json_kind(value) != JSON_BOOL)
        fault(reading, field, NULL, value, "bool_type", "Input should be a valid boolean", NULL);
    else
        *(bool *)((char *)&reading->request + field->offset) = json_bool(value, false);
}

static void read_field(struct reading *reading, const struct field *field,
                       const struct json *body) {
    const struct json *value = json_get(body, field->name);
    if (field->fallback != NULL)
        *text_field(reading, field) = text_of(field->fallback);
    if (json_kind(value) != JSON_NONE) {
        if (field->need != NULLABLE || json_kind(value) != JSON_NULL)
            field->read(reading, field, value);
    } else if (field->need == REQUIRED) {
        fault(reading, field, NULL, body, "missing", "Field required", NULL);
    }
}

/* Nothing but an object can hold fields. */
static void read_no_object(struct reading *reading, const struct json *body) {
    static const struct field WHOLE = {.name = NULL};
    if (json_kind(body) == JSON_NONE)
        fault(reading, &WHOLE, NULL, NULL, "missing", "Field required", NULL);
    else
        fault(reading, &WHOLE, NULL, body, "model_attributes_type",
              "Input should be a valid dictionary or object to extract fields from", NULL);
}

/* An empty one is one not given, as the original takes it. */
static void drop_empty(struct text *text) {
    if (text->len == 0)
        text->ptr = NULL;
}

enum err request_read(const struct json *body, role_set agents, struct request *ret_request,
                      struct json_out *detail) {
    struct reading reading = {.request.priority = TASK_HIGH, .detail = detail};
    if (json_kind(body) != JSON_OBJECT)
        read_no_object(&reading, body);
    for (size_t i = 0; json_kind(body) == JSON_OBJECT && i < sizeof(FIELDS) / sizeof(FIELDS[0]);
         i++)
        read_field(&reading, &FIELDS[i], body);
    if (reading.faults > 0) {
        if (detail != NULL)
            json_out_end_array(detail);
        return ERR_INVALID;
    }
    drop_empty(&reading.request.callback_url);
    drop_empty(&reading.request.callback_secret);
    if (agents != 0) {
        reading.request.agents = agents;
        reading.request.plugin_count = 0;
    }
    *ret_request = reading.request;
    return ERR_OK;
}
