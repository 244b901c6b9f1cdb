/* What crashed slots leave behind is mended. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "agnostic/task/result.h"

static void lose(const char *id) {
    struct task_claim held = claim("slot");
    assert_string_equal(held.id, id);
    expire_lease(id);
    task_claim_done(&held);
}

static void a_lost_lease_is_requeued_and_runs_again(void **state_) {
    (void)state_;
    submit("t-1");
    lose("t-1");
    assert_int_equal(repair(false).requeued, 1);
    assert_string_equal(status("t-1"), "pending");
    assert_says("0", "EXISTS q:lease q:proc:slot");
    assert_says("1", "HGET task:t-1:meta crashes");
    submit("later");
    expire_delay("t-1");
    assert_int_equal(repair(false).promoted, 1);
    struct task_claim held = claim("other");
    assert_string_equal(held.id, "t-1"); /* it waited already */
    assert_int_equal(held.attempt, 2);
    task_claim_done(&held);
}

static void a_lease_that_runs_is_left_alone(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    struct queue_repair done = repair(true);
    assert_int_equal(done.requeued + done.buried + done.ghosts + done.leased, 0);
    finish(&held);
    task_claim_done(&held);
}

static void a_crash_loop_is_buried(void **state_) {
    (void)state_;
    submit_with_callback("t-1", NULL);
    for (int i = 1; i < TASK_STORE_CRASHES_MAX; i++) {
        lose("t-1");
        assert_int_equal(repair(false).requeued, 1);
        expire_delay("t-1");
        repair(false);
    }
    lose("t-1");
    assert_int_equal(repair(false).buried, 1);
    assert_string_equal(status("t-1"), "failed");
    assert_says("1", "HGET q:stats buried");
    assert_says("0", "EXISTS q:lease q:proc:slot q:delayed open:ann");
    assert_says("t-1", "ZRANGE q:dead 0 -1");
    assert_says("t-1", "ZRANGE wh:due 0 -1");
    assert_int_equal(repair(true).buried, 0);
    assert_nothing_to_claim();
}

static void the_result_of_a_buried_task_is_ours(void **state_) {
    (void)state_;
    struct buf expected;
    submit("t-1");
    ask("HSET task:t-1:meta crashes %d", TASK_STORE_CRASHES_MAX - 1);
    lose("t-1");
    repair(false);
    buf_init(&expected, 1024);
    result_put_error(&expected, "runner_lost", "The runner of this task was lost too often.", 1);
    assert_non_null(strstr(ask("GET task:t-1"), buf_str(&expected)));
    buf_done(&expected);
}

static void the_pause_after_a_crash_grows_from_the_lease(void **state_) {
    (void)state_;
    for (int crashes = 0; crashes < TASK_STORE_CRASHES_MAX - 1; crashes++) {
        ask("FLUSHALL");
        submit("t-1");
        struct task_claim held = {0};
        assert_int_equal(task_store_claim(store, "slot", 200, &held), ERR_OK);
        ask("HSET task:t-1:meta crashes %d", crashes);
        expire_lease("t-1");
        assert_int_equal(repair(false).requeued, 1);
        long due = 0, now = 0;
        sscanf(ask("ZSCORE q:delayed t-1"), "%ld", &due);
        sscanf(ask("TIME"), "%ld", &now);
        assert_true(due <= (now + 1) * 1000 + (crashes == 0 ? 200 : 800));
        task_claim_done(&held);
    }
}

static void a_short_lease_that_runs_out_leads_to_another_run(void **state_) {
    (void)state_;
    struct task_claim first = {0}, second = {0};
    submit("t-1");
    assert_int_equal(task_store_claim(store, "slot", 200, &first), ERR_OK);
    enum err err = ERR_EMPTY;
    for (int i = 0; i < 500 && err == ERR_EMPTY; i++) {
        time_sleep_ms(20);
        repair(false);
        err = task_store_claim(store, "other", KIT_LEASE_MS, &second);
    }
    assert_int_equal(err, ERR_OK);
    assert_int_equal(task_store_finish(store, &first, TASK_COMPLETED, TEXT("{}"), NULL), ERR_LOST);
    finish(&second);
    task_claim_done(&first);
    task_claim_done(&second);
}

static void ids_that_mean_nothing_are_cleared(void **state_) {
    (void)state_;
    ask("ZADD q:lease 1 nobody");
    ask("ZADD q:delayed 1 nobody");
    assert_int_equal(repair(false).ghosts, 2);
    assert_says("0", "EXISTS q:lease q:delayed");
}

static void a_slots_list_keeps_only_its_own(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    ask("LPUSH q:proc:slot nobody");
    assert_int_equal(repair(true).ghosts, 1);
    assert_says("t-1", "LRANGE q:proc:slot 0 -1");
    finish(&held);
    repair(true);
    assert_says("0", "EXISTS q:slots");
    task_claim_done(&held);
}

/* --- waiting too long ------------------------------------------------------------------- */

static void submit_until(const char *id, int64_t queue_ttl_ms) {
    struct task_submit task = a_task(id);
    task.queue_ttl_ms = queue_ttl_ms;
    assert_int_equal(submit_to(store, &task), ERR_OK);
}

/* The limit of id has passed. */
static void pass_limit(const char *id) {
    ask("HSET task:%s:meta expire_ms 1", id);
    ask("ZADD q:expiry XX 1 %s", id);
}

static void assert_expired(const char *id) {
    assert_string_equal(status(id), "failed");
    assert_non_null(
        strstr(ask("GET task:%s", id), "\"result\":{\"error\":{\"code\":\"queue_expired\","));
    assert_says("0", "EXISTS q:expiry open:ann q:lease q:delayed");
    assert_says("1", "HGET q:stats expired");
    assert_says("(nil)", "HGET q:stats buried");
}

static void who_waited_too_long_fails(void **state_) {
    (void)state_;
    submit_until("t-1", 60000);
    assert_int_equal(repair(false).expired, 0);
    pass_limit("t-1");
    assert_int_equal(repair(false).expired, 1);
    assert_expired("t-1");
    assert_nothing_to_claim();
    assert_expired("t-1");
}

static void who_waited_too_long_is_never_started(void **state_) {
    (void)state_;
    submit_until("t-1", 60000);
    pass_limit("t-1");
    assert_nothing_to_claim();
    assert_expired("t-1");
}

static void once_started_the_limit_counts_no_more(void **state_) {
    (void)state_;
    submit_until("t-1", 60000);
    struct task_claim held = claim("slot");
    assert_says("0", "EXISTS q:expiry");
    assert_int_equal(task_store_retry(store, &held, 0, TEXT("{}")), ERR_OK);
    ask("ZADD q:expiry 1 t-1");
    assert_int_equal(repair(true).expired, 0);
    assert_says("0", "EXISTS q:expiry");
    task_claim_done(&held);
    held = claim("slot");
    assert_string_equal(held.id, "t-1");
    task_claim_done(&held);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_lost_lease_is_requeued_and_runs_again),
        TEST(a_lease_that_runs_is_left_alone),
        TEST(a_crash_loop_is_buried),
        TEST(the_result_of_a_buried_task_is_ours),
        TEST(the_pause_after_a_crash_grows_from_the_lease),
        TEST(a_short_lease_that_runs_out_leads_to_another_run),
        TEST(ids_that_mean_nothing_are_cleared),
        TEST(a_slots_list_keeps_only_its_own),
        TEST(who_waited_too_long_fails),
        TEST(who_waited_too_long_is_never_started),
        TEST(once_started_the_limit_counts_no_more),
    };
    return RUN(tests);
}
