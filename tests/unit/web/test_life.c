/* What an owner can do to a task: cancel it, try it again. */
#include "agnostic/store/task_store.h"
#include "tokens.h"
#include "web/service.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/base/time.h"

#define GOOD "\"title\":\"t\",\"description\":\"d\""
#define GOOD_TASK "{" GOOD "}"
#define WRITE "\"sessions:write\""
#define DELETE "\"sessions:delete\""
#define ORIGINALS(status)                                                                          \
    "{\"task_id\": \"abc\", \"session_id\": \"session_1\", \"status\": \"" status "\", "           \
    "\"created_at\": \"2026-02-21T10:00:00+00:00\", \"updated_at\": "                              \
    "\"2026-02-21T10:00:01+00:00\", \"result\": null}"

static char id[64];

static void as(const char *user, const char *permissions) {
    service_param("HTTP_AUTHORIZATION=Bearer %s",
                  tokens_for(user, permissions, time_wall_us() / 1000000));
}

static void submit(const char *body) {
    as("ann", WRITE);
    assert_int_equal(service_ask("POST", "/api/tasks", body), 200);
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
}

/* METHOD prefix/tasks/{task}tail */
static int ask_for(const char *method, const char *prefix, const char *task, const char *tail) {
    char uri[128];
    snprintf(uri, sizeof(uri), "%s/tasks/%s%s", prefix, task, tail);
    return service_ask(method, uri, NULL);
}

static int cancel(const char *user, const char *permissions) {
    as(user, permissions);
    return ask_for("DELETE", "/api", id, "");
}

static int retry(const char *prefix, const char *task) {
    as("ann", WRITE);
    return ask_for("POST", prefix, task, "/retry");
}

static const char *meta(const char *task, const char *field) {
    return private_redis_ask(redis, "HGET task:%s:meta %s", task, field);
}

/* A slot takes the next task; and ends it when told how. */
static void run(bool ends, enum task_state state) {
    struct store *store = NULL;
    struct task_claim held;
    struct fault fault;
    assert_int_equal(store_new(private_redis_url(redis, ""), 5000, &store, &fault), ERR_OK);
    assert_int_equal(task_store_claim(store, "slot", 60000, &held), ERR_OK);
    if (ends)
        assert_int_equal(task_store_finish(store, &held, state, TEXT("null"), NULL), ERR_OK);
    task_claim_done(&held);
    store_free(store);
}

/* --- cancel -------------------------------------------------------------------------------- */

static void a_task_is_cancelled_at_once(void **unused) {
    (void)unused;
    static const char *const WAYS[][3] = {{"DELETE", "/api", ""},
                                          {"DELETE", "/api/v1", ""},
                                          {"POST", "/api", "/cancel"},
                                          {"POST", "/api/v1", "/cancel"}};
    for (size_t i = 0; i < sizeof(WAYS) / sizeof(WAYS[0]); i++) {
        char expected[256];
        submit(GOOD_TASK);
        if (i % 2 == 1)
            run(false, TASK_RUNNING);
        as("ann", WRITE);
        assert_int_equal(ask_for(WAYS[i][0], WAYS[i][1], id, WAYS[i][2]), 200);
        snprintf(expected, sizeof(expected),
                 "{\"task_id\":\"%s\",\"status\":\"cancelled\","
                 "\"message\":\"Task cancelled successfully\"}",
                 id);
        assert_string_equal(service_body(), expected);
        assert_string_equal(meta(id, "state"), "cancelled");
        private_redis_ask(redis, "FLUSHALL");
    }
}

static void what_has_ended_cannot_be_cancelled(void **unused) {
    (void)unused;
    submit(GOOD_TASK);
    run(true, TASK_COMPLETED);
    assert_int_equal(cancel("ann", WRITE), 409);
    assert_string_equal(service_str("detail"), "Cannot cancel task in 'completed' state");
    submit(GOOD_TASK);
    assert_int_equal(cancel("ann", WRITE), 200);
    assert_int_equal(cancel("ann", WRITE), 409);
    assert_string_equal(service_str("detail"), "Cannot cancel task in 'cancelled' state");
}

static void only_the_owner_or_who_may_delete_cancels(void **unused) {
    (void)unused;
    submit(GOOD_TASK);
    assert_int_equal(cancel("bob", WRITE), 403);
    assert_int_equal(cancel("ann", "\"sessions:read\""), 403);
    assert_string_equal(meta(id, "state"), "pending");
    assert_int_equal(cancel("bob", DELETE), 200);
}

static void where_only_owners_read_others_find_nothing_to_cancel_or_retry(void **unused) {
    (void)unused;
    service_with("AGNOSTIC_TASK_READ=owner\n");
    submit(GOOD_TASK);
    assert_int_equal(cancel("bob", WRITE "," DELETE), 404);
    as("bob", WRITE);
    assert_int_equal(ask_for("POST", "/api", id, "/retry"), 404);
    assert_int_equal(cancel("ann", WRITE), 200);
    assert_int_equal(retry("/api", id), 200);
}

static void an_unknown_task_is_404_and_an_impossible_id_400(void **unused) {
    (void)unused;
    static const char *const WAYS[][2] = {{"DELETE", ""}, {"POST", "/cancel"}, {"POST", "/retry"}};
    for (size_t i = 0; i < sizeof(WAYS) / sizeof(WAYS[0]); i++) {
        as("ann", WRITE);
        assert_int_equal(ask_for(WAYS[i][0], "/api", "abc", WAYS[i][1]), 404);
        assert_string_equal(service_str("code"), "task_not_found");
        as("ann", WRITE);
        assert_int_equal(ask_for(WAYS[i][0], "/api", "a_b", WAYS[i][1]), 400);
    }
}

static void an_expired_task_is_410(void **unused) {
    (void)unused;
    submit(GOOD_TASK);
    run(true, TASK_FAILED);
    private_redis_ask(redis, "DEL task:%s task:%s:meta task:%s:spec", id, id, id);
    assert_int_equal(cancel("ann", WRITE), 410);
    assert_int_equal(retry("/api", id), 410);
    assert_string_equal(service_str("code"), "expired");
}

static void a_record_of_the_originals_cannot_be_cancelled(void **unused) {
    (void)unused;
    private_redis_set(redis, "task:abc", ORIGINALS("running"));
    as("ann", WRITE);
    assert_int_equal(ask_for("DELETE", "/api", "abc", ""), 403);
    as("ann", DELETE);
    assert_int_equal(ask_for("DELETE", "/api", "abc", ""), 409);
    assert_string_equal(service_str("detail"), "Cannot cancel task in 'running' state");
}

/* --- retry --------------------------------------------------------------------------------- */

static void a_failed_task_is_tried_again_as_a_new_one(void **unused) {
    (void)unused;
    char again[64];
    submit("{" GOOD ",\"priority\":\"low\",\"queue_ttl_s\":60,"
           "\"callback_url\":\"https://ci.example/hook\",\"callback_secret\":\"s3cret\"}");
    run(true, TASK_FAILED);
    assert_int_equal(retry("/api/v1", id), 201);
    assert_int_equal(json_count(service_json()), 4);
    assert_string_equal(service_str("original_task_id"), id);
    assert_string_equal(service_str("status"), "pending");
    (void)text_copy(text_of(service_str("new_task_id")), again, sizeof(again));
    assert_memory_equal(service_str("session_id") + strlen("session_20260221_100000_"), again, 8);
    assert_string_equal(service_field("Location") + strlen("/api/v1/tasks/"), again);
    assert_non_null(service_field("RateLimit"));
    char *spec = text_dup(text_of(private_redis_ask(redis, "GET task:%s:spec", id)));
    assert_string_equal(private_redis_ask(redis, "GET task:%s:spec", again), spec);
    free(spec);
    assert_string_equal(private_redis_ask(redis, "HMGET task:%s:cb url secret", again),
                        "https://ci.example/hook s3cret");
    assert_string_equal(private_redis_ask(redis, "HMGET task:%s:meta prio owner", again),
                        "low ann");
}

static void both_tasks_know_of_each_other(void **unused) {
    (void)unused;
    char again[64];
    submit(GOOD_TASK);
    assert_int_equal(cancel("ann", WRITE), 200);
    assert_int_equal(retry("/api", id), 200);
    (void)text_copy(text_of(service_str("new_task_id")), again, sizeof(again));
    assert_string_equal(meta(again, "retry_of"), id);
    assert_string_equal(meta(id, "retried_as"), again);
    char link[128];
    as("ann", "\"sessions:read\"");
    assert_int_equal(ask_for("GET", "/api/v1", id, "?view=full"), 200);
    snprintf(link, sizeof(link), "/api/v1/tasks/%s", again);
    assert_string_equal(str_at(service_json(), "links.retried_as"), link);
    as("ann", "\"sessions:read\"");
    assert_int_equal(ask_for("GET", "/api/v1", again, "?view=full"), 200);
    snprintf(link, sizeof(link), "/api/v1/tasks/%s", id);
    assert_string_equal(str_at(service_json(), "links.retry_of"), link);
}

static void only_what_failed_or_was_cancelled_is_tried_again(void **unused) {
    (void)unused;
    submit(GOOD_TASK);
    assert_int_equal(retry("/api", id), 409);
    assert_string_equal(service_str("detail"),
                        "Can only retry failed or cancelled tasks, current status: 'pending'");
    run(true, TASK_COMPLETED);
    assert_int_equal(retry("/api", id), 409);
    assert_string_equal(service_str("detail"),
                        "Can only retry failed or cancelled tasks, current status: 'completed'");
}

static void who_retries_owns_the_new_task(void **unused) {
    (void)unused;
    submit(GOOD_TASK);
    run(true, TASK_FAILED);
    as("bob", "\"sessions:read\"");
    assert_int_equal(ask_for("POST", "/api", id, "/retry"), 403);
    as("bob", WRITE);
    assert_int_equal(ask_for("POST", "/api", id, "/retry"), 200);
    assert_string_equal(meta(service_str("new_task_id"), "owner"), "bob");
}

static void a_record_of_the_originals_cannot_be_tried_again(void **unused) {
    (void)unused;
    private_redis_set(redis, "task:abc", ORIGINALS("failed"));
    assert_int_equal(retry("/api", "abc"), 409);
    assert_string_equal(service_str("detail"),
                        "The request of this task was not stored; submit it again");
}

static void a_retry_may_be_sent_twice(void **unused) {
    (void)unused;
    char again[64];
    submit(GOOD_TASK);
    run(true, TASK_FAILED);
    service_param("HTTP_IDEMPOTENCY_KEY=k");
    assert_int_equal(retry("/api/v1", id), 201);
    (void)text_copy(text_of(service_str("new_task_id")), again, sizeof(again));
    run(false, TASK_RUNNING);
    service_param("HTTP_IDEMPOTENCY_KEY=k");
    assert_int_equal(retry("/api/v1", id), 201);
    assert_string_equal(service_field("Idempotency-Replayed"), "true");
    assert_string_equal(service_str("new_task_id"), again);
    assert_string_equal(service_str("status"), "running");
}

static void a_key_for_one_retry_is_not_for_another(void **unused) {
    (void)unused;
    for (int i = 0; i < 2; i++) {
        submit(GOOD_TASK);
        assert_int_equal(cancel("ann", WRITE), 200);
        service_param("HTTP_IDEMPOTENCY_KEY=k");
        assert_int_equal(retry("/api", id), i == 0 ? 200 : 422);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(a_task_is_cancelled_at_once),
        SERVICE_TEST(what_has_ended_cannot_be_cancelled),
        SERVICE_TEST(only_the_owner_or_who_may_delete_cancels),
        SERVICE_TEST(where_only_owners_read_others_find_nothing_to_cancel_or_retry),
        SERVICE_TEST(an_unknown_task_is_404_and_an_impossible_id_400),
        SERVICE_TEST(an_expired_task_is_410),
        SERVICE_TEST(a_record_of_the_originals_cannot_be_cancelled),
        SERVICE_TEST(a_failed_task_is_tried_again_as_a_new_one),
        SERVICE_TEST(both_tasks_know_of_each_other),
        SERVICE_TEST(only_what_failed_or_was_cancelled_is_tried_again),
        SERVICE_TEST(who_retries_owns_the_new_task),
        SERVICE_TEST(a_record_of_the_originals_cannot_be_tried_again),
        SERVICE_TEST(a_retry_may_be_sent_twice),
        SERVICE_TEST(a_key_for_one_retry_is_not_for_another),
    };
    return SERVICE_RUN(tests);
}
