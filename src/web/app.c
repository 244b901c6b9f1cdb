/* app: one request's way through path, router, body, guard and handler. Must not know the
 * transport, nor what handlers do. */
#include "web/app.h"

#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/id.h"
#include "agnostic/base/time.h"
#include "agnostic/task/request.h"
#include "web/access_log.h"
#include "web/brake.h"
#include "web/call.h"
#include "web/cors.h"
#include "web/guard.h"
#include "web/metrics.h"
#include "web/query.h"

struct app {
    struct service service;
    struct allow *webhook_allow;
    struct sign *receipts;
    struct cors *cors;
    struct guard_rules rules;
    struct brake brake;
    struct key_memo *key_memo;
    size_t body_max;
    char id_prefix[17]; /* of request ids made here */
    uint64_t id_count;

    /* the request in hand */
    struct call call;
    struct path path;
    struct buf body;
    struct reply reply;
    struct access_log_entry entry;
};

static const struct text FIXED_FIELDS = TEXT("Cache-Control: no-store\r\n"
                                             "X-Content-Type-Options: nosniff\r\n"
                                             "X-Frame-Options: DENY\r\n"
                                             "Referrer-Policy: no-referrer\r\n");

/* A key that no header could ever carry would lock its owner out. */
static enum err app_check_key(struct text key, struct fault *ret_fault) {
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= 0x20 || key.ptr[i] >= 0x7f || key.ptr[i] == ',')
            return fault_set(ret_fault, ERR_CONFIG,
                             "AGNOSTIC_API_KEY: only visible ASCII characters but the comma");
    return ERR_OK;
}

static enum err app_open_store(struct app *app, const struct settings *settings,
                               struct fault *ret_fault) {
    struct fault why = {0};
    enum err err =
        store_new(settings_text(settings, SETTINGS_REDIS_URL),
                  settings_int(settings, SETTINGS_REDIS_TIMEOUT_MS), &app->service.store, &why);
    if (err != ERR_OK)
        return fault_set(ret_fault, err, "AGNOSTIC_REDIS_URL: %.400s", why.text);
    store_replicas(app->service.store, settings_int(settings, SETTINGS_REDIS_REPLICAS));
    return ERR_OK;
}

/* The first who needs the key makes it. */
static enum err app_open_receipts(struct app *app, const struct settings *settings,
                                  struct fault *ret_fault) {
    const char *path = settings_text(settings, SETTINGS_RECEIPT_KEY);
    struct fault why = {0};
    if (path[0] == '\0')
        return ERR_OK;
    enum err err = sign_open(path, &app->receipts, &why);
    return err == ERR_OK ? err
                         : fault_set(ret_fault, err, "AGNOSTIC_RECEIPT_KEY: %.400s", why.text);
}

static enum err app_open(struct app *app, const struct settings *settings,
                         struct fault *ret_fault) {
    unsigned char random[8];
    struct text key = text_of(settings_text(settings, SETTINGS_API_KEY));
    enum err err = app_check_key(key, ret_fault);
    if (err == ERR_OK)
        err = guard_rules_init(&app->rules, key,
                               text_of(settings_text(settings, SETTINGS_TOKEN_SECRET)));
    if (err == ERR_OK)
        err = cors_new(text_of(settings_text(settings, SETTINGS_CORS_ORIGINS)), &app->cors,
                       ret_fault);
    if (err == ERR_OK) {
        err = allow_parse(text_of(settings_text(settings, SETTINGS_WEBHOOK_ALLOW)), false,
                          &app->webhook_allow, ret_fault);
        if (err == ERR_SYNTAX)
            err = ERR_CONFIG;
    }
    if (err == ERR_OK)
        err = app_open_receipts(app, settings, ret_fault);
    if (err == ERR_OK)
        err = app_open_store(app, settings, ret_fault);
    if (err == ERR_OK)
        err = secure_random(random, sizeof(random));
    if (err == ERR_OK)
        text_hex(random, sizeof(random), app->id_prefix);
    return err;
}

enum err app_new(const struct settings *settings, struct board *board, struct app **ret_app,
                 struct fault *ret_fault) {
    struct app *app = calloc(1, sizeof(*app));
    if (app == NULL)
        return fault_set(ret_fault, ERR_NOMEM, "out of memory");
    app->body_max = (size_t)settings_int(settings, SETTINGS_BODY_MAX);
    app->service.board = board;
    app->brake = (struct brake){board, settings_int(settings, SETTINGS_AUTH_FAIL_PER_MIN)};
    app->service.run_timeout_ms = settings_int(settings, SETTINGS_TASK_TIMEOUT_S) * 1000;
    app->service.queue_max = settings_int(settings, SETTINGS_QUEUE_MAX);
    app->service.open_max = settings_int(settings, SETTINGS_OPEN_TASKS);
    app->service.submit_per_min = settings_int(settings, SETTINGS_SUBMIT_PER_MIN);
    app->service.queue_ttl_ms = settings_int(settings, SETTINGS_QUEUE_TTL_S) * 1000;
    app->service.volatile_ok = settings_int(settings, SETTINGS_REDIS_VOLATILE_OK) != 0;
    app->service.owner_only = settings_is(settings, SETTINGS_TASK_READ, "owner");
    app->key_memo = key_memo_new();
    buf_init(&app->body, app->body_max);
    reply_init(&app->reply);
    enum err err = app_open(app, settings, ret_fault);
    if (err != ERR_OK) {
        app_free(app);
        return err;
    }
    app->service.webhook_allow = app->webhook_allow;
    app->service.receipts = app->receipts;
    *ret_app = app;
    return ERR_OK;
}

void app_free(struct app *app) {
    if (app == NULL)
        return;
    cors_free(app->cors);
    key_memo_free(app->key_memo);
    allow_free(app->webhook_allow);
    sign_free(app->receipts);
    store_free(app->service.store);
    buf_done(&app->body);
    reply_done(&app->reply);
    free(app);
}

/* --- body ------------------------------------------------------------------------------ */

/* application/json, application/<any>+json, or not said. */
static bool app_is_json(struct text type) {
    struct text rest = type, media;
    if (type.len == 0 || !text_cut(&rest, ';', &media))
        return true;
    media = text_trim(media);
    if (!text_istarts(media, TEXT("application/")))
        return false;
    size_t suffix = media.len < 5 ? media.len : 5;
    struct text tail = text_make(media.ptr + media.len - suffix, suffix);
    return text_ieq(media, TEXT("application/json")) || text_ieq(tail, TEXT("+json"));
}

static const struct answer *app_bad_json(struct app *app, const struct json_fault *fault) {
    struct reply *reply = &app->reply;
    reply_faults_begin(reply);
    json_out_array(&reply->out);
    request_fault_json(&reply->out, fault);
    json_out_end_array(&reply->out);
    return reply_faults(reply);
}

/* NULL: go on. */
static const struct answer *app_read_body(struct app *app, struct call *call) {
    struct json_fault fault;
    size_t max = (size_t)call->route->body_max;
    if (max == ROUTE_NO_BODY)
        return NULL;
    enum err err = call->incoming->read_body(call->incoming->io,
                                             max < app->body_max ? max : app->body_max, &app->body);
    if (err != ERR_OK)
        return reply_error(&app->reply, err);
    if (app->body.len == 0)
        return NULL;
    call->body_kind = CALL_BODY_FOREIGN;
    if (!app_is_json(call->incoming->header[INCOMING_CONTENT_TYPE]))
        return NULL;
    err = json_parse(buf_text(&app->body), &JSON_LIMITS_REQUEST, &call->body, &fault);
    if (err == ERR_SYNTAX)
        return app_bad_json(app, &fault);
    if (err != ERR_OK)
        return reply_error(&app->reply, err);
    call->body_kind = CALL_BODY_JSON;
    return NULL;
}

/* --- credential ------------------------------------------------------------------------ */

static enum task_view_part app_part(const struct call *call) {
    char view[QUERY_VALUE_SIZE];
    bool found;
    int least = call->service->owner_only ? TASK_VIEW_OWNER : TASK_VIEW_RECORD;
    /* Only tasks of ours have more than a record; a Redis user may be kept from other keys. */
    if (!id_is_uuid(call->id))
        return TASK_VIEW_RECORD;
    if (query_find(call->query, "view", view, &found) == ERR_OK && found &&
        text_is(text_of(view), "full"))
        return TASK_VIEW_FULL;
    return call->route->task > least ? (enum task_view_part)call->route->task
                                     : (enum task_view_part)least;
}

/* One round trip, if any: the credential, and with it the task of a route that reads one. */
static enum err app_look_up(struct call *call, const struct access_query *query,
                            struct access_answer *ret_answer) {
    char id[128];
    if (call->route->task == ROUTE_NO_TASK || !id_is_task(call->id) ||
        !text_copy(call->id, id, sizeof(id)))
        return access_store_find(call->service->store, query, ret_answer);
    call->part = app_part(call);
    return task_view_read(call->service->store, query, id, call->part, ret_answer, &call->view);
}

static enum err app_authenticate(struct app *app, struct call *call) {
    struct access_query query = {0};
    struct access_answer answer = {0};
    int64_t now_us = time_wall_us();
    enum err err = guard_open(&app->rules, call->incoming, now_us, &query, &call->principal);
    if (err == ERR_OK)
        err = app_look_up(call, &query, &answer);
    if (err == ERR_OK)
        err = guard_judge(&query, &answer, now_us, app->key_memo, &call->principal);
    access_answer_done(&answer);
    return err;
}

static enum err app_admit(struct app *app, struct call *call) {
    struct text remote = call->incoming->header[INCOMING_REMOTE_ADDR];
    if (call->route->need == ROUTE_OPEN)
        return ERR_OK;
    enum err err = app_authenticate(app, call);
    brake_tell(&app->brake, remote, time_mono_ms(), err);
    return err == ERR_OK ? guard_permit(&call->principal, call->route->need) : err;
}

/* NULL: go on. */
static const struct answer *app_brake(struct app *app, struct call *call) {
    struct text remote = call->incoming->header[INCOMING_REMOTE_ADDR];
    int64_t retry_s =
        call->route->need == ROUTE_OPEN ? 0 : brake_retry_s(&app->brake, remote, time_mono_ms());
    return retry_s == 0
               ? NULL
               : reply_error_later(call->reply, ERR_AUTH_RATE, err_text(ERR_AUTH_RATE), retry_s);
}

/* --- the way ----------------------------------------------------------------------------- */

/* Path and method. */
static enum err app_find_route(struct app *app, struct call *call) {
    struct match match;
    const struct text *header = call->incoming->header;
    if (call->incoming->fault != ERR_OK)
        return call->incoming->fault;
    enum err err = path_decode(header[INCOMING_URI], &app->path);
    if (err != ERR_OK)
        return err;
    err = router_find(&app->path, router_method(header[INCOMING_METHOD]), &match);
    if (err == ERR_METHOD)
        reply_field(&app->reply, "Allow", text_of(match.allow));
    call->route = match.route;
    call->id = match.id;
    call->name = match.name;
    call->dialect = match.dialect;
    call->query = app->path.query;
    return err;
}

static const struct answer *app_answer(struct app *app, struct call *call) {
    if (cors_is_preflight(call->incoming))
        return cors_preflight(app->cors, call->incoming,
                              router_dialect(call->incoming->header[INCOMING_URI]), &app->reply);
    enum err err = app_find_route(app, call);
    if (err != ERR_OK)
        return reply_error(&app->reply, err);
    const struct answer *refused = app_read_body(app, call);
    if (refused == NULL)
        refused = app_brake(app, call);
    if (refused != NULL)
        return refused;
    err = app_admit(app, call);
    if (err != ERR_OK)
        return reply_error(&app->reply, err);
    return call->route->handle(call);
}

static bool app_is_request_id(struct text t) {
    for (size_t i = 0; i < t.len; i++) {
        char c = t.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '_' || c == '-'))
            return false;
    }
    return t.len >= 1 && t.len <= ACCESS_LOG_ID_SIZE - 1;
}

/* The client's own id when it is harmless, else one of ours. */
static void app_identify(struct app *app, const struct incoming *incoming) {
    struct text id = incoming->header[INCOMING_REQUEST_ID];
    struct text correlation = incoming->header[INCOMING_CORRELATION_ID];
    if (app_is_request_id(id))
        (void)text_copy(id, app->entry.request_id, sizeof(app->entry.request_id));
    else
        snprintf(app->entry.request_id, sizeof(app->entry.request_id), "%s-%llx", app->id_prefix,
                 (unsigned long long)app->id_count++);
    reply_field(&app->reply, "X-Request-ID", text_of(app->entry.request_id));
    if (app_is_request_id(correlation))
        reply_field(&app->reply, "X-Correlation-ID", correlation);
}

const struct reply *app_serve(struct app *app, const struct incoming *incoming,
                              bool *ret_with_body) {
    reply_reset(&app->reply);
    buf_reset(&app->body);
    app->call = (struct call){.service = &app->service, .incoming = incoming, .reply = &app->reply};
    access_log_begin(&app->entry, incoming);
    app_identify(app, incoming);
    buf_puttext(&app->reply.head, FIXED_FIELDS);
    cors_fields(app->cors, incoming, &app->reply);
    (void)app_answer(app, &app->call);
    reply_field(&app->reply, "Content-Security-Policy", text_of(app->reply.policy));
    metrics_request(app->service.board, app->call.route, app->reply.status,
                    time_mono_us() - app->entry.start_us - app->call.waited_us);
    *ret_with_body = !text_is(incoming->header[INCOMING_METHOD], "HEAD");
    return &app->reply;
}

void app_settle(struct app *app) {
    struct call *call = &app->call;
    bool lost = err_status(app->reply.err) >= 500;
    access_log_end(&app->entry, call->route, &app->reply, call->principal.user_id,
                   lost ? store_why(app->service.store) : NULL);
    json_free(call->body);
    task_view_done(&call->view);
    *call = (struct call){0};
}
