/* webhook_test: a test event for a receiver, sent by a keeper under the rules of callbacks. Opens
 * no connection itself. */
#include <stdio.h>

#include "agnostic/base/id.h"
#include "agnostic/base/time.h"
#include "agnostic/task/request.h"
#include "web/callback.h"
#include "web/deliveries.h"
#include "web/handlers.h"
#include "web/idempotency.h"

enum { WEBHOOK_TEST_BODY_MAX = 512 };

struct webhook_test_order {
    struct text url, secret; /* secret empty: none */
};

/* --- reading the body ---------------------------------------------------------------------- */

/* What a member must be; a secret is not shown back. */
struct webhook_test_member {
    const char *name;
    size_t max; /* bytes */
    bool required, secret;
};

static enum err webhook_test_member(const struct json *body, const struct webhook_test_member *rule,
                                    struct text *text, struct json_out *detail) {
    const struct json *value = json_get(body, rule->name);
    const struct json *shown = rule->secret ? NULL : value;
    char msg[64];
    *text = TEXT("");
    if (!rule->required && (json_kind(value) == JSON_NONE || json_kind(value) == JSON_NULL))
        return ERR_OK;
    if (json_kind(value) == JSON_NONE) {
        request_fault(detail, "missing", "body", rule->name, "Field required", NULL, NULL, 0);
        return ERR_INVALID;
    }
    if (!json_text(value, text)) {
        request_fault(detail, "string_type", "body", rule->name, "Input should be a valid string",
                      shown, NULL, 0);
        return ERR_INVALID;
    }
    if (text->len <= rule->max)
        return ERR_OK;
    snprintf(msg, sizeof(msg), "String should have at most %zu bytes", rule->max);
    request_fault(detail, "string_too_long", "body", rule->name, msg, shown, "max_length",
                  (int64_t)rule->max);
    return ERR_INVALID;
}

/* detail receives the faults as an array, all of them. */
static enum err webhook_test_read(const struct json *body, struct webhook_test_order *order,
                                  struct json_out *detail) {
    static const struct webhook_test_member URL = {"callback_url", REQUEST_URL_MAX, true, false};
    static const struct webhook_test_member SECRET = {"callback_secret", REQUEST_SECRET_MAX, false,
                                                      true};
    json_out_array(detail);
    enum err url = webhook_test_member(body, &URL, &order->url, detail);
    enum err secret = webhook_test_member(body, &SECRET, &order->secret, detail);
    json_out_end_array(detail);
    return url != ERR_OK ? url : secret;
}

/* NULL: go on. */
static const struct answer *webhook_test_refused(struct call *call,
                                                 struct webhook_test_order *order) {
    struct fault fault;
    const struct answer *refused = call_refused_body(call);
    if (refused != NULL)
        return refused;
    reply_faults_begin(call->reply);
    if (webhook_test_read(call->body, order, &call->reply->out) != ERR_OK)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    if (callback_judge(call->service->webhook_allow, order->url, &fault) != ERR_OK)
        return reply_error_text(call->reply, ERR_CALLBACK, fault.text);
    return NULL;
}

/* --- ordering it ------------------------------------------------------------------------------ */

static void webhook_test_body(const char *id, char dst[static WEBHOOK_TEST_BODY_MAX]) {
    char iso[TIME_ISO_SIZE];
    time_iso_utc(time_wall_us(), iso);
    snprintf(dst, WEBHOOK_TEST_BODY_MAX,
             "{\"type\":\"ping\",\"timestamp\":\"%s\",\"data\":{\"id\":\"%s\"}}", iso, id);
}

/* made receives the id of the test that stands for the request. */
static enum err webhook_test_order(struct call *call, const struct webhook_test_order *order,
                                   char made[static 101]) {
    char id[ID_UUID_SIZE], body[WEBHOOK_TEST_BODY_MAX], fingerprint[SECURE_HEX_SIZE];
    struct webhook_ping ping = {.id = id, .url = order->url, .secret = order->secret};
    bool replayed = false;
    const struct text parts[] = {order->url, order->secret};
    enum err err = idempotency_read(call, parts, sizeof(parts) / sizeof(parts[0]), &ping.idem_key,
                                    fingerprint);
    if (err == ERR_OK)
        err = id_uuid4(id);
    if (err != ERR_OK)
        return err;
    webhook_test_body(id, body);
    ping.owner = call->principal.user_id;
    ping.body = text_of(body);
    ping.fingerprint = fingerprint;
    err = webhook_store_ping(call->service->store, &ping, made, &replayed);
    if (err == ERR_OK && replayed)
        reply_field(call->reply, IDEMPOTENCY_REPLAYED, TEXT("true"));
    return err;
}

static const struct answer *webhook_test_tell(struct call *call, const char *id) {
    struct json_out *out = &call->reply->out;
    char self[160], webhook_id[128];
    snprintf(self, sizeof(self), "%s/webhooks/test/%s", call_prefix(call), id);
    snprintf(webhook_id, sizeof(webhook_id), "msg_%s", id);
    reply_field(call->reply, "Location", text_of(self));
    json_out_object(out);
    json_out_member(out, "id", id);
    json_out_member(out, "webhook_id", webhook_id);
    json_out_name(out, "links");
    json_out_object(out);
    json_out_member(out, "self", self);
    json_out_end_object(out);
    json_out_end_object(out);
    return reply_json(call->reply, 202);
}

const struct answer *webhook_test(struct call *call) {
    struct webhook_test_order order;
    char id[101], detail[64];
    const struct answer *refused = webhook_test_refused(call, &order);
    if (refused != NULL)
        return refused;
    enum err err = webhook_test_order(call, &order, id);
    if (err == ERR_RATE) {
        snprintf(detail, sizeof(detail), "Rate limit exceeded (%d requests per 60s)",
                 WEBHOOK_STORE_PINGS_MAX);
        return reply_error_later(call->reply, err, detail, 60);
    }
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    return webhook_test_tell(call, id);
}

/* --- how it went -------------------------------------------------------------------------------
 */

/* Others' tests look like unknown ones. */
static bool webhook_test_sees(const struct call *call, const struct webhook_view *view) {
    return view->ping_owner[0] != '\0' &&
           (text_is(text_of(view->ping_owner), call->principal.user_id) ||
            principal_may(&call->principal, PERM_SYSTEM_CONFIGURE));
}

const struct answer *webhook_test_show(struct call *call) {
    struct json_out *out = &call->reply->out;
    struct webhook_view view;
    char id[101];
    bool named = id_is_task(call->id) && text_copy(call->id, id, sizeof(id));
    enum err err = named ? webhook_store_view(call->service->store, id, &view) : ERR_NO_ROUTE;
    if (err == ERR_OK && !webhook_test_sees(call, &view))
        err = ERR_NO_ROUTE;
    if (err == ERR_NO_ROUTE)
        return reply_error_text(call->reply, err, "Webhook test not found");
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_object(out);
    json_out_member(out, "id", id);
    deliveries_put(out, id, &view);
    json_out_end_object(out);
    return reply_json(call->reply, 200);
}
