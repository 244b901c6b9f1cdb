/* ?view=full: attempts, place in the queue and links of a task. */
#include "agnostic/store/fleet_store.h"
#include "agnostic/store/task_store.h"
#include "web/service.h"

#include <stdio.h>
#include <string.h>

static char id[64];
static struct store *store;

static int begin(void **unused) {
    struct fault fault;
    assert_int_equal(store_new(private_redis_url(redis, ""), 5000, &store, &fault), ERR_OK);
    return service_fresh(unused);
}

static int end(void **unused) {
    (void)unused;
    store_free(store);
    return 0;
}
#define FULL_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static void submit(const char *priority) {
    char body[128];
    snprintf(body, sizeof(body), "{\"title\":\"t\",\"description\":\"d\",\"priority\":\"%s\"}",
             priority);
    assert_int_equal(service_operator("POST", "/api/tasks", body), 200);
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
}

static const struct json *full(void) {
    char uri[160];
    snprintf(uri, sizeof(uri), "/api/v1/tasks/%s?view=full", id);
    assert_int_equal(service_operator("GET", uri, NULL), 200);
    return service_json();
}

static struct task_claim claim(void) {
    struct task_claim held;
    assert_int_equal(task_store_claim(store, "host:1:0", 60000, &held), ERR_OK);
    return held;
}

static void every_attempt_is_told_with_its_end(void **unused) {
    (void)unused;
    submit("high");
    struct task_claim held = claim();
    assert_int_equal(task_store_retry(store, &held, 0, TEXT("null")), ERR_OK);
    task_claim_done(&held);
    private_redis_ask(redis, "XADD task:%s:events * ev running attempt 2 slot s", id);
    private_redis_ask(redis, "XADD task:%s:events * ev requeued why runner_lost", id);
    private_redis_ask(redis, "XADD task:%s:events * ev running attempt 3 slot s", id);
    private_redis_ask(redis, "XADD task:%s:events * ev agent_started agent x", id);
    const struct json *attempts = json_get(full(), "attempts");
    assert_int_equal(json_count(attempts), 3);
    const struct json *first = json_at(attempts, 0), *second = json_at(attempts, 1),
                      *third = json_at(attempts, 2);
    assert_int_equal(int_at(first, "number"), 1);
    assert_string_equal(str_at(first, "slot"), "host:1:0");
    assert_string_equal(str_at(first, "ended"), "retry");
    assert_true(strlen(str_at(first, "started_at")) > 20 && strlen(str_at(first, "ended_at")) > 20);
    assert_int_equal(json_kind(json_get(first, "why")), JSON_NULL);
    assert_string_equal(str_at(second, "why"), "runner_lost");
    assert_int_equal(json_kind(json_get(third, "ended")), JSON_NULL);
    assert_int_equal(int_at(service_json(), "failed_attempts"), 1);
}

static void a_task_that_waits_knows_its_place(void **unused) {
    (void)unused;
    const struct fleet_runner runner = {.name = "r", .slots = 2};
    submit("low");
    submit("low");
    submit("low");
    assert_int_equal(int_at(full(), "queue.position"), 2);
    assert_non_null(strstr(str_at(service_json(), "queue.position_is"), "enqueue number"));
    assert_int_equal(json_kind(json_path(service_json(), "queue.estimated_start_s")), JSON_NULL);
    private_redis_ask(redis, "HSET q:stats run_ms 60000 run_le_10 4 run_le_inf 2");
    assert_int_equal(json_kind(json_path(full(), "queue.estimated_start_s")), JSON_NULL);
    assert_int_equal(fleet_store_beat(store, &runner, 0, "2026-02-21T10:00:00+00:00"), ERR_OK);
    assert_int_equal(int_at(full(), "queue.estimated_start_s"), 10);
    char third[64];
    (void)text_copy(text_of(id), third, sizeof(third));
    submit("critical"); /* goes first */
    (void)text_copy(text_of(third), id, sizeof(id));
    assert_int_equal(int_at(full(), "queue.position"), 2);
    assert_int_equal(int_at(service_json(), "queue.estimated_start_s"), 15);
}

static void a_place_is_never_negative(void **unused) {
    (void)unused;
    submit("low");
    private_redis_ask(redis, "HSET task:%s:meta seq 1", id);
    char first[64];
    (void)text_copy(text_of(id), first, sizeof(first));
    submit("low");
    private_redis_ask(redis, "HSET task:%s:meta seq 9", first);
    assert_int_equal(int_at(full(), "queue.position"), 0);
}

static void who_does_not_wait_in_a_list_has_no_place(void **unused) {
    (void)unused;
    submit("low");
    struct task_claim held = claim();
    assert_int_equal(json_kind(json_get(full(), "queue")), JSON_NULL);
    assert_int_equal(task_store_retry(store, &held, 60000, TEXT("null")), ERR_OK);
    task_claim_done(&held);
    char delayed[64];
    (void)text_copy(text_of(id), delayed, sizeof(delayed));
    submit("low");
    (void)text_copy(text_of(delayed), id, sizeof(id));
    assert_int_equal(json_kind(json_get(full(), "queue")), JSON_NULL);
}

static void damaged_numbers_make_the_place_unknown(void **unused) {
    (void)unused;
    submit("low");
    private_redis_ask(redis, "SET q:stats x");
    private_redis_ask(redis, "SET q:delayed x");
    private_redis_ask(redis, "DEL q:ready:high");
    private_redis_ask(redis, "SET q:ready:high x");
    assert_int_equal(int_at(full(), "queue.position"), 0);
    private_redis_ask(redis, "DEL q:ready:low");
    assert_int_equal(json_kind(json_get(full(), "queue")), JSON_NULL);
}

static void links_lead_where_there_is_something_to_do(void **unused) {
    (void)unused;
    char expected[160];
    submit("low");
    snprintf(expected, sizeof(expected), "/api/v1/tasks/%s/log", id);
    assert_string_equal(str_at(full(), "links.log"), expected);
    assert_non_null(json_path(service_json(), "links.cancel"));
    assert_null(json_path(service_json(), "links.retry"));
    struct task_claim held = claim();
    assert_int_equal(task_store_finish(store, &held, TASK_FAILED, TEXT("null"), NULL), ERR_OK);
    task_claim_done(&held);
    assert_non_null(json_path(full(), "links.retry"));
    assert_null(json_path(service_json(), "links.cancel"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FULL_TEST(every_attempt_is_told_with_its_end),
        FULL_TEST(a_task_that_waits_knows_its_place),
        FULL_TEST(a_place_is_never_negative),
        FULL_TEST(who_does_not_wait_in_a_list_has_no_place),
        FULL_TEST(damaged_numbers_make_the_place_unknown),
        FULL_TEST(links_lead_where_there_is_something_to_do),
    };
    return SERVICE_RUN(tests);
}
