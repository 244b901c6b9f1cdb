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
    assert_int_equal(task_store_finish(store, &first, TASK_COMPLETED, TEXT("{}")), ERR_LOST);
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

static void a_held_task_without_lease_gets_one(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    ask("ZREM q:lease t-1");
    assert_int_equal(repair(false).leased, 0);
    assert_int_equal(repair(true).leased, 1);
    expire_lease("t-1");
    assert_int_equal(repair(false).requeued, 1);
    task_claim_done(&held);
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

static void delay(const char *id, enum task_priority priority) {
    submit_with(id, priority);
    struct task_claim held = claim("slot");
    assert_int_equal(task_store_retry(store, &held, 60000, TEXT("{}")), ERR_OK);
    expire_delay(id);
    task_claim_done(&held);
}

static void a_damaged_list_does_not_hold_up_the_others(void **state_) {
    (void)state_;
    delay("a-low", TASK_LOW);
    delay("b-high", TASK_HIGH);
    ask("SET q:ready:low x");
    assert_int_equal(repair(false).promoted, 1);
    assert_says("b-high", "LRANGE q:ready:high 0 -1");
    assert_says("a-low", "ZRANGE q:delayed 0 -1");
    ask("DEL q:ready:low");
    assert_int_equal(repair(false).promoted, 1);
}

static void a_damaged_slot_does_not_hold_up_the_others(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    ask("ZREM q:lease t-1");
    ask("SADD q:slots broken");
    ask("SET q:proc:broken x");
    assert_int_equal(repair(true).leased, 1);
    task_claim_done(&held);
}

static void records_of_live_tasks_do_not_lapse(void **state_) {
    (void)state_;
    static const char *const IDS[] = {"waiting", "running", "delayed"};
    struct task_claim held;
    submit_with("running", TASK_CRITICAL);
    held = claim("slot");
    task_claim_done(&held);
    submit_with("delayed", TASK_CRITICAL);
    held = claim("slot");
    assert_int_equal(task_store_retry(store, &held, 60000, TEXT("{}")), ERR_OK);
    task_claim_done(&held);
    submit("waiting");
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        ask("EXPIRE task:%s 10", IDS[i]);
    }
    repair(true);
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        assert_says("86400", "TTL task:%s", IDS[i]);
        ask("DEL task:%s", IDS[i]);
    }
    repair(true);
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%s", state(IDS[i]));
        assert_string_equal(status(IDS[i]), expected);
    }
}

static void records_with_half_a_day_left_are_not_written_again(void **state_) {
    (void)state_;
    char before[32];
    submit("t-1");
    ask("EXPIRE task:t-1 %d", KEYS_TASK_TTL_S / 2 + 100);
    snprintf(before, sizeof before, "%s", ask("EXPIRETIME task:t-1"));
    repair(true);
    assert_says(before, "EXPIRETIME task:t-1");
}

static void long_lists_are_rearmed_to_their_end(void **state_) {
    (void)state_;
    char id[16];
    for (int i = 0; i < 250; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        submit(id);
        ask("EXPIRE task:%s 10", id);
    }
    repair(true);
    assert_says("86400", "TTL task:t-0");
    assert_says("86400", "TTL task:t-249");
}

static void records_of_ended_tasks_lapse(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    finish(&held);
    ask("EXPIRE task:t-1 10");
    repair(true);
    assert_says("10", "TTL task:t-1");
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
        TEST(a_held_task_without_lease_gets_one),
        TEST(a_slots_list_keeps_only_its_own),
        TEST(a_damaged_list_does_not_hold_up_the_others),
        TEST(a_damaged_slot_does_not_hold_up_the_others),
        TEST(records_of_live_tasks_do_not_lapse),
        TEST(records_with_half_a_day_left_are_not_written_again),
        TEST(long_lists_are_rearmed_to_their_end),
        TEST(records_of_ended_tasks_lapse),
    };
    return RUN(tests);
}
