/* What a slot may do with its claim, and that it may do nothing once it lost it. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/time.h"

static struct task_claim start(const char *id) {
    submit(id);
    return claim("slot");
}

static void finish_writes_the_result_and_lets_go(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    finish(&held);
    assert_non_null(strstr(ask("GET task:t-1"), "\"result\":{\"ok\":true}}"));
    assert_string_equal(status("t-1"), "completed");
    assert_says("0", "EXISTS q:lease q:proc:slot open:ann q:dead wh:due");
    assert_says("86400", "TTL task:t-1:meta");
    assert_says("86400", "TTL task:t-1:spec");
    task_claim_done(&held);
}

static void updated_at_is_redis_time_as_records_write_it(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    finish(&held);
    struct record record;
    int64_t us = 0, finished_ms = 0;
    assert_int_equal(record_read(text_of(ask("GET task:t-1")), &record), ERR_OK);
    assert_true(time_parse_iso(text_of(record.updated_at), &us));
    assert_int_equal(strlen(record.updated_at), strlen("2026-02-21T10:00:00.123456+00:00"));
    char expected[TIME_ISO_SIZE];
    time_iso_utc(us, expected);
    assert_string_equal(record.updated_at, expected);
    assert_string_equal(record.created_at, "2026-02-21T10:00:00+00:00");
    record_done(&record);
    sscanf(ask("HGET task:t-1:meta finished_ms"), "%ld", &finished_ms);
    assert_int_equal(us / 1000, finished_ms);
    task_claim_done(&held);
}

static void the_second_finish_is_refused(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    finish(&held);
    assert_int_equal(task_store_finish(store, &held, TASK_FAILED, TEXT("{}"), NULL), ERR_LOST);
    assert_string_equal(status("t-1"), "completed");
    task_claim_done(&held);
}

/* The slot lost its lease, the task was claimed again: the old claim is void in every way. */
static void a_zombie_can_do_nothing(void **state_) {
    (void)state_;
    struct task_claim zombie = start("t-1");
    expire_lease("t-1");
    assert_int_equal(repair(false).requeued, 1);
    expire_delay("t-1");
    assert_int_equal(repair(false).promoted, 1);
    struct task_claim held = claim("slot"); /* the same slot: only the token differs */
    assert_int_equal(task_store_beat(store, &zombie, KIT_LEASE_MS, TEXT(""), NULL), ERR_LOST);
    assert_int_equal(task_store_finish(store, &zombie, TASK_COMPLETED, TEXT("{}"), NULL), ERR_LOST);
    assert_int_equal(task_store_retry(store, &zombie, 0, TEXT("{}")), ERR_LOST);
    assert_int_equal(task_store_hand_back(store, &zombie), ERR_LOST);
    assert_string_equal(state("t-1"), "running");
    finish(&held);
    task_claim_done(&zombie);
    task_claim_done(&held);
}

static void a_task_handed_back_gets_another_token(void **state_) {
    (void)state_;
    struct task_claim first = start("t-1");
    assert_int_equal(task_store_hand_back(store, &first), ERR_OK);
    struct task_claim second = claim("slot");
    assert_int_equal(second.attempt, first.attempt);
    assert_string_not_equal(first.token, second.token);
    assert_int_equal(task_store_finish(store, &first, TASK_COMPLETED, TEXT("{}"), NULL), ERR_LOST);
    task_claim_done(&first);
    task_claim_done(&second);
}

static void hand_back_makes_it_the_next_to_run(void **state_) {
    (void)state_;
    struct task_claim held = start("first");
    submit("second");
    ask("DEL q:bell");
    assert_int_equal(task_store_hand_back(store, &held), ERR_OK);
    assert_string_equal(status("first"), "pending");
    assert_says("0", "EXISTS q:lease q:proc:slot");
    assert_says("1", "LLEN q:bell");
    struct task_claim next = claim("other");
    assert_string_equal(next.id, "first");
    assert_int_equal(next.attempt, 1);
    task_claim_done(&held);
    task_claim_done(&next);
}

static void a_beat_renews_the_lease(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    expire_lease("t-1");
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT("{\"percent\":5}"), NULL),
                     ERR_OK);
    assert_int_equal(repair(false).requeued, 0);
    assert_says("{\"percent\":5}", "HGET task:t-1:meta progress");
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT(""), NULL), ERR_OK);
    assert_says("{\"percent\":5}", "HGET task:t-1:meta progress");
    task_claim_done(&held);
}

/* What a view shows of it would go on saying that an agent runs. */
static void a_task_that_nobody_works_on_has_no_progress(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT("{\"percent\":5}"), NULL),
                     ERR_OK);
    assert_int_equal(task_store_hand_back(store, &held), ERR_OK);
    assert_says("(nil)", "HGET task:t-1:meta progress");
    struct task_claim next = claim("slot");
    assert_int_equal(task_store_beat(store, &next, KIT_LEASE_MS, TEXT("{\"percent\":9}"), NULL),
                     ERR_OK);
    assert_int_equal(task_store_finish(store, &next, TASK_COMPLETED, TEXT("{}"), NULL), ERR_OK);
    assert_says("(nil)", "HGET task:t-1:meta progress");
    task_claim_done(&held);
    task_claim_done(&next);
}

static void a_beat_past_the_run_timeout_says_so(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    ask("HSET task:t-1:meta deadline_ms 1");
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT(""), NULL), ERR_TIMEOUT);
    assert_int_equal(task_store_finish(store, &held, TASK_FAILED, TEXT("{}"), NULL), ERR_OK);
    task_claim_done(&held);
}

static void retry_runs_again_later_until_attempts_are_used_up(void **state_) {
    (void)state_;
    submit("t-1");
    for (int i = 1; i < TASK_STORE_ATTEMPTS_MAX; i++) {
        struct task_claim held = claim("slot");
        assert_int_equal(task_store_retry(store, &held, 60000, TEXT("{\"no\":1}")), ERR_OK);
        assert_string_equal(status("t-1"), "pending");
        assert_nothing_to_claim();
        assert_int_equal(repair(false).promoted, 0);
        expire_delay("t-1");
        assert_int_equal(repair(false).promoted, 1);
        task_claim_done(&held);
    }
    struct task_claim last = claim("slot");
    assert_int_equal(last.attempt, TASK_STORE_ATTEMPTS_MAX);
    assert_int_equal(task_store_retry(store, &last, 60000, TEXT("{\"no\":1}")), ERR_OK);
    assert_string_equal(status("t-1"), "failed");
    assert_non_null(strstr(ask("GET task:t-1"), "\"result\":{\"no\":1}}"));
    assert_says("t-1", "ZRANGE q:dead 0 -1");
    assert_says("1", "HGET q:stats exhausted");
    assert_says("0", "EXISTS q:lease q:proc:slot q:delayed open:ann");
    task_claim_done(&last);
}

static void a_cancelled_task_stays_cancelled(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    ask("HSET task:t-1:meta state cancelled");
    assert_int_equal(task_store_finish(store, &held, TASK_COMPLETED, TEXT("{}"), NULL), ERR_LOST);
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT(""), NULL), ERR_LOST);
    assert_string_equal(state("t-1"), "cancelled");
    task_claim_done(&held);
}

static void the_end_of_a_task_schedules_its_callback_once(void **state_) {
    (void)state_;
    submit_with_callback("t-1", NULL);
    struct task_claim held = claim("slot");
    assert_says("0", "EXISTS wh:due");
    finish(&held);
    assert_says("t-1", "ZRANGE wh:due 0 -1");
    assert_says("86400", "TTL task:t-1:cb");
    task_claim_done(&held);
}

static void a_result_of_any_bytes_is_kept_as_it_is(void **state_) {
    (void)state_;
    static const char RESULT[] =
        "{\"a\":[],\"n\":12345678901234567890,\"f\":1.0,\"%s\":\"\\u0000\"}";
    struct task_claim held = start("t-1");
    assert_int_equal(task_store_finish(store, &held, TASK_COMPLETED, text_of(RESULT), NULL),
                     ERR_OK);
    assert_non_null(strstr(ask("GET task:t-1"), RESULT));
    task_claim_done(&held);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(finish_writes_the_result_and_lets_go),
        TEST(updated_at_is_redis_time_as_records_write_it),
        TEST(the_second_finish_is_refused),
        TEST(a_zombie_can_do_nothing),
        TEST(a_task_handed_back_gets_another_token),
        TEST(hand_back_makes_it_the_next_to_run),
        TEST(a_beat_renews_the_lease),
        TEST(a_task_that_nobody_works_on_has_no_progress),
        TEST(a_beat_past_the_run_timeout_says_so),
        TEST(retry_runs_again_later_until_attempts_are_used_up),
        TEST(a_cancelled_task_stays_cancelled),
        TEST(the_end_of_a_task_schedules_its_callback_once),
        TEST(a_result_of_any_bytes_is_kept_as_it_is),
    };
    return RUN(tests);
}
