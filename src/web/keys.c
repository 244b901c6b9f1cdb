/* keys: creating, listing and revoking API keys, and telling a caller who it is. Must not
 * know how keys are stored. */
#include <stdio.h>

#include "agnostic/base/id.h"
#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "agnostic/task/request.h"
#include "web/handlers.h"
#include "web/idempotency.h"
#include "web/query.h"

enum {
    KEYS_DRAWS_MAX = 8, /* ids clash at random once in millions */
    KEYS_RECORD_MAX_BYTES = 32768,
    KEYS_LIMIT_DEFAULT = 50,
    KEYS_LIMIT_MAX = 200
};

static const char KEYS_NOTE[] = "Store this key safely — it will not be shown again.";

/* What was asked for, checked. */
struct key_order {
    struct text description, role;
    permission_set permissions;
    char expires_at[TIME_ISO_SIZE]; /* "": never */
};

/* --- reading the body ---------------------------------------------------------------------- */

static size_t keys_read_text(const struct json *body, const char *name, struct text *text,
                             struct json_out *detail) {
    const struct json *value = json_get(body, name);
    if (json_kind(value) == JSON_NONE || json_text(value, text))
        return 0;
    request_fault(detail, "string_type", "body", name, "Input should be a valid string", value,
                  NULL, 0);
    return 1;
}

static size_t keys_read_description(const struct json *body, struct key_order *order,
                                    struct json_out *detail) {
    char msg[96];
    order->description = TEXT("");
    if (keys_read_text(body, "description", &order->description, detail) > 0)
        return 1;
    if (text_points(order->description) <= APIKEY_DESCRIPTION_MAX)
        return 0;
    snprintf(msg, sizeof(msg), "String should have at most %d characters", APIKEY_DESCRIPTION_MAX);
    request_fault(detail, "string_too_long", "body", "description", msg,
                  json_get(body, "description"), "max_length", APIKEY_DESCRIPTION_MAX);
    return 1;
}

static size_t keys_read_role(const struct json *body, struct key_order *order,
                             struct json_out *detail) {
    char msg[128];
    order->role = TEXT("api_user");
    if (keys_read_text(body, "role", &order->role, detail) > 0)
        return 1;
    if (permission_key_role(order->role, &order->permissions))
        return 0;
    snprintf(msg, sizeof(msg), "Input should be %s", permission_key_roles());
    request_fault_words(detail, "literal_error", "body", "role", msg, json_get(body, "role"),
                        "expected", permission_key_roles());
    return 1;
}

static size_t keys_read_expiry(const struct json *body, struct key_order *order,
                               struct json_out *detail) {
    const struct json *value = json_get(body, "expires_at");
    struct text text;
    int64_t us;
    order->expires_at[0] = '\0';
    if (json_kind(value) == JSON_NONE || json_kind(value) == JSON_NULL)
        return 0;
    if (!json_text(value, &text) || !time_parse_iso(text, &us)) {
        request_fault(detail, "datetime_parsing", "body", "expires_at",
                      "Input should be a valid datetime", value, NULL, 0);
        return 1;
    }
    if (us <= time_wall_us()) {
        request_fault(detail, "datetime_future", "body", "expires_at",
                      "Input should be in the future", value, NULL, 0);
        return 1;
    }
    time_iso_utc(us, order->expires_at);
    return 0;
}

/* detail receives the faults as an array, all of them. */
static enum err keys_read(const struct json *body, struct key_order *order,
                          struct json_out *detail) {
    json_out_array(detail);
    size_t faults = 0;
    if (json_kind(body) != JSON_OBJECT) {
        request_fault(detail, "model_attributes_type", "body", NULL,
                      "Input should be a valid dictionary or object to extract fields from", body,
                      NULL, 0);
        faults = 1;
    } else {
        faults += keys_read_description(body, order, detail);
        faults += keys_read_role(body, order, detail);
        faults += keys_read_expiry(body, order, detail);
    }
    json_out_end_array(detail);
    return faults > 0 ? ERR_INVALID : ERR_OK;
}

/* --- creating ------------------------------------------------------------------------------- */

struct key_fresh {
    char key[APIKEY_SIZE], hash[SECURE_HEX_SIZE], id[APIKEY_ID_SIZE], created_at[TIME_ISO_SIZE];
};

/* ERR_ALREADY_CREATED: fresh->id is the one of then. */
static enum err keys_store(struct call *call, const struct key_order *order,
                           const struct access_once *once, struct key_fresh *fresh) {
    const char *expires_at = order->expires_at[0] != '\0' ? order->expires_at : NULL;
    struct buf record;
    enum err err = apikey_make(fresh->key, fresh->hash, fresh->id);
    if (err != ERR_OK)
        return err;
    buf_init(&record, KEYS_RECORD_MAX_BYTES);
    apikey_record_put(&record, fresh->id, order->description, order->role, call->principal.user_id,
                      fresh->created_at, expires_at);
    err = record.failed ? ERR_NOMEM
                        : access_store_create_once(call->service->store, fresh->hash, fresh->id,
                                                   buf_text(&record), once, fresh->id);
    buf_done(&record);
    return err;
}

static void keys_put_fresh(struct json_out *out, const struct key_order *order,
                           const struct key_fresh *fresh) {
    json_out_object(out);
    json_out_member(out, "key_id", fresh->id);
    json_out_member(out, "api_key", fresh->key);
    json_out_member_text(out, "description", order->description);
    json_out_member_text(out, "role", order->role);
    json_out_member(out, "created_at", fresh->created_at);
    json_out_member(out, "note", KEYS_NOTE);
    if (order->expires_at[0] != '\0')
        json_out_member(out, "expires_at", order->expires_at);
    json_out_end_object(out);
}

static const struct answer *keys_refuse(struct reply *reply, enum err err,
                                        const struct key_fresh *fresh) {
    char detail[128];
    if (err != ERR_ALREADY_CREATED)
        return reply_error(reply, err);
    snprintf(detail, sizeof(detail),
             "API key %s was created by this request before; "
             "it is not shown again",
             fresh->id);
    return reply_error_about(reply, err, detail, "key_id", fresh->id);
}

static const struct answer *keys_grant(struct call *call, const struct key_order *order) {
    struct key_fresh fresh;
    char path[64], fingerprint[SECURE_HEX_SIZE];
    struct access_once once = {.owner = call->principal.user_id, .fingerprint = fingerprint};
    if ((order->permissions & ~call->principal.permissions) != 0)
        return reply_error(call->reply, ERR_FORBIDDEN);
    const struct text parts[] = {order->description, order->role, text_of(order->expires_at)};
    enum err err = idempotency_read(call, parts, sizeof(parts) / sizeof(parts[0]), &once.idem_key,
                                    fingerprint);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    time_iso_local(time_wall_us(), fresh.created_at);
    err = ERR_CONFLICT;
    for (int draw = 0; err == ERR_CONFLICT && draw < KEYS_DRAWS_MAX; draw++)
        err = keys_store(call, order, &once, &fresh);
    if (err == ERR_OK)
        keys_put_fresh(&call->reply->out, order, &fresh);
    secure_wipe(fresh.key, sizeof(fresh.key));
    if (err != ERR_OK)
        return keys_refuse(call->reply, err, &fresh);
    snprintf(path, sizeof(path), "/auth/api-keys/%s", fresh.id);
    return reply_json(call->reply, call_created(call, path));
}

const struct answer *keys_create(struct call *call) {
    struct key_order order;
    const struct answer *refused = call_refused_body(call);
    if (refused != NULL)
        return refused;
    reply_faults_begin(call->reply);
    if (keys_read(call->body, &order, &call->reply->out) != ERR_OK)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    return keys_grant(call, &order);
}

/* --- listing --------------------------------------------------------------------------------- */

struct key_page {
    struct json_out *out;
    int64_t offset, limit, total, now_us;
};

static void keys_put(struct json_out *out, const struct apikey_record *record, int64_t now_us) {
    json_out_object(out);
    json_out_member(out, "key_id", record->key_id);
    json_out_member(out, "description", record->description);
    json_out_member(out, "role", record->role);
    json_out_member(out, "created_by", record->created_by);
    json_out_member(out, "created_at", record->created_at);
    json_out_member(out, "status", apikey_is_expired(record, now_us) ? "expired" : "active");
    if (record->expires_at != NULL)
        json_out_member(out, "expires_at", record->expires_at);
    json_out_end_object(out);
}

static void keys_visit(void *ctx, struct text text) {
    struct key_page *page = ctx;
    struct apikey_record record;
    /* Read even outside the page: what cannot be read counts nowhere. */
    if (apikey_record_read(text, &record) != ERR_OK) {
        log_warn("api_key_record_damaged", LOG_INT("index", page->total));
        return;
    }
    int64_t index = page->total++;
    if (index >= page->offset && index - page->offset < page->limit)
        keys_put(page->out, &record, page->now_us);
    apikey_record_done(&record);
}

static enum err keys_put_page(struct call *call, struct key_page *page, const char *name) {
    json_out_object(page->out);
    json_out_name(page->out, name);
    json_out_array(page->out);
    enum err err = access_store_list(call->service->store, keys_visit, page);
    json_out_end_array(page->out);
    return err;
}

static const struct answer *keys_list_all(struct call *call) {
    struct key_page page = {&call->reply->out, 0, INT64_MAX, 0, time_wall_us()};
    enum err err = keys_put_page(call, &page, "api_keys");
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_end_object(page.out);
    return reply_json(call->reply, 200);
}

/* Both numbers are looked at, so that both faults are told. ERR_INVALID: reply->out has them. */
static enum err keys_read_page(struct call *call, struct key_page *page) {
    struct json_out *detail = &call->reply->out;
    reply_faults_begin(call->reply);
    json_out_array(detail);
    enum err limit = query_int(call->query, "limit", 1, KEYS_LIMIT_MAX, KEYS_LIMIT_DEFAULT,
                               &page->limit, detail);
    enum err offset =
        query_int(call->query, "offset", 0, ACCESS_LIST_MAX, 0, &page->offset, detail);
    json_out_end_array(detail);
    if (limit != ERR_OK && limit != ERR_INVALID)
        return limit;
    return offset != ERR_OK ? offset : limit;
}

const struct answer *keys_list(struct call *call) {
    struct key_page page = {.out = &call->reply->out, .now_us = time_wall_us()};
    if (call->dialect == DIALECT_G1)
        return keys_list_all(call);
    enum err err = keys_read_page(call, &page);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    if (err == ERR_OK)
        err = keys_put_page(call, &page, "items");
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_member_int(page.out, "total", page.total);
    json_out_member_int(page.out, "limit", page.limit);
    json_out_member_int(page.out, "offset", page.offset);
    json_out_end_object(page.out);
    return reply_json(call->reply, 200);
}

/* --- revoking, and who am I ----------------------------------------------------------------- */

const struct answer *keys_revoke(struct call *call) {
    char id[APIKEY_ID_SIZE];
    struct json_out *out = &call->reply->out;
    enum err err = ERR_NO_KEY;
    if (call->id.len == sizeof(id) - 1 && text_copy(call->id, id, sizeof(id)))
        err = access_store_revoke(call->service->store, id);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_object(out);
    json_out_member(out, "status", "revoked");
    json_out_member(out, "key_id", id);
    json_out_end_object(out);
    return reply_json(call->reply, 200);
}

static const char *keys_or_null(const char *word) {
    return word[0] != '\0' ? word : NULL;
}

const struct answer *keys_me(struct call *call) {
    struct json_out *out = &call->reply->out;
    json_out_object(out);
    json_out_member(out, "user_id", keys_or_null(call->principal.user_id));
    json_out_member(out, "email", keys_or_null(call->principal.email));
    json_out_member(out, "role", keys_or_null(call->principal.role));
    json_out_name(out, "permissions");
    permission_put(call->principal.permissions, out);
    json_out_end_object(out);
    return reply_json(call->reply, 200);
}
