/* Calls, and keeps what was answered otherwise than it should be. */
#include "agents/senior/rehearsal.h"

#include <string.h>

#include "agents/api_answer.h"
#include "agents/senior/rehearsal_kit.h"
#include "agnostic/base/time.h"

enum { INLETS_BUDGET_MS = 5000 };

/* --- what the description allows ---------------------------------------------------------------
 */

/* Statuses that say nothing of whether a call was understood. */
static bool rehearsal_is_refused(int status) {
    static const int OTHERWISE[] = {401, 403, 404, 409, 429};
    for (size_t i = 0; i < sizeof(OTHERWISE) / sizeof(OTHERWISE[0]); i++)
        if (status == OTHERWISE[i])
            return false;
    return status / 100 == 4;
}

static void rehearsal_answer(struct rehearsal *run, const struct api_call *call,
                             const struct http_response *response) {
    char words[API_ANSWER_WORDS_SIZE];
    enum api_answer end = api_answer_judge(run->api, run->operation, response, words);
    run->notes->asked[REHEARSAL_ANSWERS]++;
    if (end != API_ANSWER_FINE && !rehearsal_is_refused(response->status))
        api_notes_add(run->notes, REHEARSAL_ANSWERS, end == API_ANSWER_ERROR ? 0 : 1, call,
                      "%s %.*s answers %s", run->operation->method,
                      JUDGEMENT_VALUE(run->operation->path), words);
}

static void rehearsal_right(struct rehearsal *run) {
    for (int size = JSON_SCHEMA_LEAST; size <= JSON_SCHEMA_MOST; size++) {
        const struct api_wish wish = {.size = (enum json_schema_size)size};
        struct http_response response;
        struct api_call call;
        if (rehearsal_call(run, &wish, &call, &response)) {
            run->notes->asked[REHEARSAL_RIGHT]++;
            if (rehearsal_is_refused(response.status))
                api_notes_add(run->notes, REHEARSAL_RIGHT, 0, &call,
                              "%s %.*s answers %d to %s that its description allows",
                              run->operation->method, JUDGEMENT_VALUE(run->operation->path),
                              response.status,
                              size == JSON_SCHEMA_LEAST ? "the least" : "the most");
            rehearsal_answer(run, &call, &response);
        }
        rehearsal_done(&call, &response);
    }
}

/* --- what it forbids ---------------------------------------------------------------------------
 */

static void rehearsal_wrong_call(struct rehearsal *run, const struct api_wish *wish,
                                 const char *what, struct text where) {
    struct http_response response;
    struct api_call call;
    if (rehearsal_call(run, wish, &call, &response)) {
        bool taken = response.status / 100 == 2;
        run->notes->asked[REHEARSAL_WRONG]++;
        if (response.status >= 500 || taken)
            api_notes_add(run->notes, REHEARSAL_WRONG, taken ? 1 : 0, &call,
                          "%s %.*s answers %d to %s: %.*s", run->operation->method,
                          JUDGEMENT_VALUE(run->operation->path), response.status, what,
                          JUDGEMENT_VALUE(where));
    }
    rehearsal_done(&call, &response);
}

/* A value that a URL can tell from a valid one: any text is a string. */
static bool rehearsal_is_told(const struct rehearsal *run, const struct json *schema,
                              const struct json *value) {
    const char *type = json_str(
        json_get(json_schema_resolve(openapi_root(run->api->openapi), schema), "type"), "");
    return strcmp(type, "array") != 0 && strcmp(type, "object") != 0 &&
           (strcmp(type, "string") != 0 || json_kind(value) == JSON_STRING);
}

static void rehearsal_wrong_value(struct rehearsal *run, const struct openapi_parameter *parameter,
                                  size_t kind) {
    struct json *value;
    struct buf text;
    const char *what;
    if (!rehearsal_goes_on(run) ||
        json_schema_spoil(openapi_root(run->api->openapi), parameter->schema, kind, &what,
                          &value) != ERR_OK)
        return;
    buf_init(&text, JSON_SCHEMA_MADE_MAX);
    if (rehearsal_is_told(run, parameter->schema, value) && api_call_put_value(value, &text)) {
        const struct api_wish wish = {.parameter = parameter,
                                      .value = text.len > 0 ? buf_text(&text) : TEXT("")};
        rehearsal_wrong_call(run, &wish, what, parameter->name);
    }
    buf_done(&text);
    json_free(value);
}

static void rehearsal_wrong_parameters(struct rehearsal *run) {
    for (size_t i = 0; i < run->operation->parameter_count; i++) {
        const struct openapi_parameter *parameter = &run->operation->parameters[i];
        bool in_path = parameter->place == OPENAPI_PATH;
        if (parameter->schema == NULL || parameter->place == OPENAPI_COOKIE)
            continue;
        if (parameter->required && !in_path)
            rehearsal_wrong_call(run, &(struct api_wish){.parameter = parameter},
                                 "a call without what it must have", parameter->name);
        for (size_t kind = 0; kind < JSON_SCHEMA_SPOILS; kind++)
            rehearsal_wrong_value(run, parameter, kind);
    }
}

/* A body in which the member `name` is otherwise. */
struct spoiling {
    struct rehearsal *run;
    const struct json *schema, *whole; /* of the body; a valid one */
    struct text name;
    const struct json *value; /* NULL: left out */
    struct json_out out;
    bool met;
};

static bool rehearsal_put_member(void *ctx, struct text name, const struct json *value) {
    struct spoiling *spoiling = ctx;
    bool is_it = text_eq(name, spoiling->name);
    spoiling->met |= is_it;
    if (is_it && spoiling->value == NULL)
        return true;
    json_out_name_text(&spoiling->out, name);
    json_out_value(&spoiling->out, is_it ? spoiling->value : value);
    return true;
}

static void rehearsal_wrong_body(struct spoiling *spoiling, const char *what) {
    const struct json *root = openapi_root(spoiling->run->api->openapi);
    struct json *body = NULL;
    struct buf buf;
    buf_init(&buf, JSON_SCHEMA_MADE_MAX);
    json_out_init(&spoiling->out, &buf);
    spoiling->met = false;
    json_out_object(&spoiling->out);
    json_each(spoiling->whole, rehearsal_put_member, spoiling);
    if (!spoiling->met && spoiling->value != NULL) {
        json_out_name_text(&spoiling->out, spoiling->name);
        json_out_value(&spoiling->out, spoiling->value);
    }
    json_out_end_object(&spoiling->out);
    if (!buf.failed && json_parse(buf_text(&buf), &JSON_LIMITS_RESULT, &body, NULL) == ERR_OK &&
        json_schema_check(root, spoiling->schema, body, NULL) == ERR_SYNTAX)
        rehearsal_wrong_call(spoiling->run, &(struct api_wish){.body = buf_text(&buf)}, what,
                             spoiling->name);
    json_free(body);
    buf_done(&buf);
}

static bool rehearsal_wrong_member(void *ctx, struct text name, const struct json *schema) {
    struct spoiling *spoiling = ctx;
    const struct json *root = openapi_root(spoiling->run->api->openapi);
    struct json *value;
    const char *what;
    if (json_bool(json_get(json_schema_resolve(root, schema), "readOnly"), false))
        return true;
    spoiling->name = name;
    spoiling->value = NULL;
    rehearsal_wrong_body(spoiling, "a body without what it must have");
    for (size_t kind = 0; kind < JSON_SCHEMA_SPOILS; kind++) {
        if (!rehearsal_goes_on(spoiling->run) ||
            json_schema_spoil(root, schema, kind, &what, &value) != ERR_OK)
            continue;
        spoiling->value = value;
        rehearsal_wrong_body(spoiling, what);
        json_free(value);
    }
    return !spoiling->run->over;
}

static void rehearsal_wrong_bodies(struct rehearsal *run) {
    const struct json *root = openapi_root(run->api->openapi);
    const struct json *schema = json_schema_resolve(root, json_get(run->operation->body, "schema"));
    struct json *whole;
    if (json_get(schema, "properties") == NULL ||
        json_schema_make(root, schema, JSON_SCHEMA_LEAST, &whole) != ERR_OK)
        return;
    struct spoiling spoiling = {.run = run, .schema = schema, .whole = whole};
    json_each(json_get(schema, "properties"), rehearsal_wrong_member, &spoiling);
    spoiling.name = TEXT("qaprobe");
    spoiling.value = whole;
    rehearsal_wrong_body(&spoiling, "a body with what it must not have");
    json_free(whole);
}

/* --- who may not -------------------------------------------------------------------------------
 */

static void rehearsal_unknown(struct rehearsal *run) {
    for (int pretends = 0; run->operation->security != NULL && pretends < 2; pretends++) {
        const struct api_wish wish = {.pretends = pretends == 1};
        struct http_response response;
        struct api_call call;
        if (rehearsal_call(run, &wish, &call, &response)) {
            run->notes->asked[REHEARSAL_UNKNOWN]++;
            if (response.status / 100 == 2)
                api_notes_add(run->notes, REHEARSAL_UNKNOWN, 0, &call, "%s %.*s answers %d %s",
                              run->operation->method, JUDGEMENT_VALUE(run->operation->path),
                              response.status,
                              pretends ? "to a credential that is none" : "without a credential");
        }
        rehearsal_done(&call, &response);
    }
}

/* --- all ----------------------------------------------------------------------------------------
 */

/* Calls with an operation's own method. What deletes is called only for what was made here. */
static void rehearsal_operation(struct rehearsal *run) {
    bool reads = rehearsal_is_reading(run->operation->method);
    run->calls_here = 0;
    if ((!reads && !run->may_change) || strcmp(run->operation->method, "DELETE") == 0)
        return;
    if (run->operation->security != NULL) {
        rehearsal_unknown(run); /* nothing else can be called without a credential */
        return;
    }
    rehearsal_right(run);
    rehearsal_wrong_parameters(run);
    if (run->operation->body != NULL && !reads)
        rehearsal_wrong_bodies(run);
}

void rehearsal_inlets(const struct api *api, struct inlets *inlets) {
    const struct api_wish wish = {.size = JSON_SCHEMA_MOST};
    int64_t end_ms = time_mono_ms() + INLETS_BUDGET_MS;
    for (size_t i = 0; i < openapi_count(api->openapi) && time_mono_ms() < end_ms; i++) {
        const struct openapi_operation *operation = openapi_get(api->openapi, i);
        struct api_call call;
        struct url url;
        if (strcmp(operation->method, "GET") != 0 || operation->security != NULL ||
            operation->body_required)
            continue;
        if (api_call_make(api, operation, &wish, &call) &&
            api_is_open(api, buf_text(&call.url), false) &&
            url_parse(buf_text(&call.url), &url, NULL) == ERR_OK)
            inlet_find(inlets, &url);
        api_call_done(&call);
    }
}

void rehearsal_run(const struct agent *agent, struct asker *asker, const struct api *api,
                   struct api_notes *notes) {
    struct rehearsal run = {.asker = asker,
                            .api = api,
                            .notes = notes,
                            .may_change = agent->task->modes[RULE_ACTIVE],
                            .end_ms = time_mono_ms() + REHEARSAL_BUDGET_MS};
    for (size_t i = 0; i < openapi_count(api->openapi); i++) {
        run.operation = openapi_get(api->openapi, i);
        rehearsal_operation(&run);
    }
    rehearsal_methods(&run);
    if (run.may_change)
        rehearsal_lives(&run);
    for (size_t check = 0; check < API_NOTES_CHECKS; check++)
        notes->cut[check] |= run.over || openapi_omitted(api->openapi) > 0;
}
