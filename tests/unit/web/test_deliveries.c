/* How a callback goes is shown, another attempt and a test event can be ordered, by those who may.
 */
#include "tokens.h"
#include "web/service.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "agnostic/store/webhook_store.h"

#define HOOK "https://ci.example/hook"
#define PING "{\"callback_url\":\"" HOOK "\",\"callback_secret\":\"hush-hush\"}"

static char id[64];

static void bearer(const char *user, const char *permissions) {
    service_param("HTTP_AUTHORIZATION=Bearer %s",
                  tokens_for(user, permissions, time_wall_us() / 1000000));
}

static const char *uri_of(const char *prefix, const char *rest) {
    static char uri[256];
    snprintf(uri, sizeof(uri), "%s/tasks/%s/%s", prefix, id, rest);
    return uri;
}

static void submit(const char *members) {
    char body[512];
    snprintf(body, sizeof(body), "{\"title\":\"t\",\"description\":\"d\"%s}", members);
    assert_int_equal(service_operator("POST", "/api/tasks", body), 200);
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
}

static void submit_and_cancel(void) {
    submit(",\"callback_url\":\"" HOOK "\"");
    assert_int_equal(service_operator("POST", uri_of("/api", "cancel"), NULL), 200);
}

static void deliveries_are_shown_as_they_were(void **unused) {
    (void)unused;
    submit_and_cancel();
    private_redis_ask(redis, "HSET wh:%s state waiting attempt 1 due_ms 1771668305123", id);
    private_redis_ask(redis, "HSET wh:%s a1 %s", id, "x");
    assert_int_equal(service_operator("GET", uri_of("/api", "deliveries"), NULL), 200);
    assert_string_equal(service_str("state"), "waiting");
    assert_string_equal(service_str("next_at"), "2026-02-21T10:05:05.123000+00:00");
    assert_int_equal(strncmp(service_str("webhook_id"), "msg_", 4), 0);
    assert_string_equal(service_str("webhook_id") + 4, id);
    assert_int_equal(json_count(json_get(service_json(), "deliveries")), 0); /* a1 is nonsense */
}

static void a_task_without_callback_has_none(void **unused) {
    (void)unused;
    submit("");
    assert_int_equal(service_operator("GET", uri_of("/api/v1", "deliveries"), NULL), 200);
    assert_string_equal(service_str("state"), "none");
    submit(",\"callback_url\":\"" HOOK "\"");
    assert_int_equal(service_operator("GET", uri_of("/api", "deliveries"), NULL), 200);
    assert_string_equal(service_str("state"), "pending");
}

static void unknown_and_expired_tasks_are_told_apart(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/tasks/nobody/deliveries", NULL), 404);
    assert_int_equal(service_operator("POST", "/api/tasks/nobody/deliveries/redeliver", NULL), 404);
    submit_and_cancel();
    private_redis_ask(redis, "DEL task:%s", id);
    assert_int_equal(service_operator("GET", uri_of("/api", "deliveries"), NULL), 410);
    assert_int_equal(service_operator("POST", uri_of("/api", "deliveries/redeliver"), NULL), 410);
}

static void another_attempt_is_accepted_in_both_dialects(void **unused) {
    (void)unused;
    submit_and_cancel();
    assert_int_equal(service_operator("POST", uri_of("/api", "deliveries/redeliver"), NULL), 202);
    assert_int_equal(service_operator("POST", uri_of("/api/v1", "deliveries/redeliver"), NULL),
                     202);
    assert_string_equal(service_str("task_id"), id);
    assert_string_equal(private_redis_ask(redis, "ZCARD wh:due"), "1");
}

static void there_is_a_conflict_when_nothing_can_be_delivered(void **unused) {
    (void)unused;
    submit(",\"callback_url\":\"" HOOK "\"");
    assert_int_equal(service_operator("POST", uri_of("/api", "deliveries/redeliver"), NULL), 409);
    submit("");
    assert_int_equal(service_operator("POST", uri_of("/api", "cancel"), NULL), 200);
    assert_int_equal(service_operator("POST", uri_of("/api", "deliveries/redeliver"), NULL), 409);
}

static void only_the_owner_or_who_may_delete_orders_another(void **unused) {
    (void)unused;
    submit_and_cancel();
    bearer("bob", "\"sessions:write\"");
    assert_int_equal(service_ask("POST", uri_of("/api", "deliveries/redeliver"), NULL), 403);
    bearer("bob", "\"sessions:delete\"");
    assert_int_equal(service_ask("POST", uri_of("/api", "deliveries/redeliver"), NULL), 202);
}

static void a_test_is_ordered_and_its_outcome_is_its_owners(void **unused) {
    (void)unused;
    char self[160];
    bearer("ann", "\"sessions:write\",\"sessions:read\"");
    assert_int_equal(service_ask("POST", "/api/v1/webhooks/test", PING), 202);
    (void)text_copy(text_of(service_str("links.self")), self, sizeof(self));
    assert_string_equal(service_field("Location"), self);
    bearer("ann", "\"sessions:write\",\"sessions:read\"");
    assert_int_equal(service_ask("GET", self, NULL), 200);
    assert_string_equal(service_str("state"), "waiting");
    assert_null(strstr(service_body(), "hush-hush"));
    bearer("bob", "\"sessions:read\"");
    assert_int_equal(service_ask("GET", self, NULL), 404);
    assert_int_equal(service_operator("GET", self, NULL), 200);
    assert_int_equal(service_operator("GET", "/api/webhooks/test/unknown", NULL), 404);
    bearer("bob", "\"sessions:read\"");
    assert_int_equal(service_ask("POST", "/api/webhooks/test", PING), 403);
}

static void a_test_of_a_refused_address_or_a_wrong_body_is_refused(void **unused) {
    (void)unused;
    assert_int_equal(
        service_operator("POST", "/api/webhooks/test", "{\"callback_url\":\"http://127.0.0.1/\"}"),
        400);
    assert_string_equal(service_str("code"), "callback_refused");
    assert_int_equal(
        service_operator("POST", "/api/webhooks/test", "{\"callback_secret\":[\"hush-hush\"]}"),
        422);
    assert_int_equal(json_count(json_get(service_json(), "detail")), 2);
    assert_null(strstr(service_body(), "hush-hush"));
    assert_string_equal(private_redis_ask(redis, "ZCARD wh:due"), "0");
}

static void a_test_is_made_once_per_idempotency_key(void **unused) {
    (void)unused;
    char first[64];
    service_param("HTTP_IDEMPOTENCY_KEY=k");
    assert_int_equal(service_operator("POST", "/api/webhooks/test", PING), 202);
    (void)text_copy(text_of(service_str("id")), first, sizeof(first));
    service_param("HTTP_IDEMPOTENCY_KEY=k");
    assert_int_equal(service_operator("POST", "/api/webhooks/test", PING), 202);
    assert_string_equal(service_str("id"), first);
    assert_string_equal(service_field("Idempotency-Replayed"), "true");
    service_param("HTTP_IDEMPOTENCY_KEY=k");
    assert_int_equal(service_operator("POST", "/api/webhooks/test",
                                      "{\"callback_url\":\"https://other.example/\"}"),
                     422);
}

static void tests_have_a_limit(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/webhooks/test", PING), 202);
    private_redis_ask(redis, "SET rl:ping:%s %d EX 60", "api-key-user", WEBHOOK_STORE_PINGS_MAX);
    assert_int_equal(service_operator("POST", "/api/webhooks/test", PING), 429);
    assert_string_equal(service_field("Retry-After"), "60");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(deliveries_are_shown_as_they_were),
        SERVICE_TEST(a_task_without_callback_has_none),
        SERVICE_TEST(unknown_and_expired_tasks_are_told_apart),
        SERVICE_TEST(another_attempt_is_accepted_in_both_dialects),
        SERVICE_TEST(there_is_a_conflict_when_nothing_can_be_delivered),
        SERVICE_TEST(only_the_owner_or_who_may_delete_orders_another),
        SERVICE_TEST(a_test_is_ordered_and_its_outcome_is_its_owners),
        SERVICE_TEST(a_test_of_a_refused_address_or_a_wrong_body_is_refused),
        SERVICE_TEST(a_test_is_made_once_per_idempotency_key),
        SERVICE_TEST(tests_have_a_limit),
    };
    return SERVICE_RUN(tests);
}
