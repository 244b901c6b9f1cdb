/* Callbacks that are due are taken by one keeper at a time and tried by the schedule. */
#include "store/webhook_kit.h"

/* --- taking ---------------------------------------------------------------------------- */

static void an_ended_task_is_due_once(void **state_) {
    (void)state_;
    assert_nothing_due();
    end_with_callback("t-1", "s3cret");
    struct webhook_due due = take();
    assert_string_equal(due.id, "t-1");
    assert_string_equal(due.event, "task.completed");
    assert_string_equal(due.url, URL);
    assert_string_equal(due.secret, "s3cret");
    assert_string_equal(due.body, ask("GET task:t-1"));
    assert_int_equal(due.body_len, strlen(due.body));
    assert_int_equal(due.attempt, 1);
    webhook_due_done(&due);
    assert_nothing_due();
}

static void a_callback_may_have_no_secret(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    struct webhook_due due = take();
    assert_null(due.secret);
    webhook_due_done(&due);
}

static void a_cancelled_task_is_told_too(void **state_) {
    (void)state_;
    enum task_state was;
    submit_with_callback("t-1", NULL);
    assert_int_equal(task_store_cancel(store, "t-1", &was), ERR_OK);
    struct webhook_due due = take();
    assert_string_equal(due.event, "task.cancelled");
    assert_non_null(strstr(due.body, "\"status\":\"cancelled\""));
    webhook_due_done(&due);
}

static void another_keeper_takes_over_when_one_died(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    assert_taken("t-1", 1);
    make_due("t-1"); /* the hold is over */
    ask("DEL wh:busy");
    assert_taken("t-1", 2);
    assert_int_equal(done("t-1", 1, WEBHOOK_DELIVERED, 200, "delivered"), ERR_LOST);
    assert_int_equal(done("t-1", 2, WEBHOOK_DELIVERED, 200, "delivered"), ERR_OK);
    assert_int_equal(view_of("t-1").attempts, 2);
}

static void an_attempt_of_which_nobody_told_is_counted_and_called_interrupted(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    for (int64_t attempt = 1; attempt <= 3; attempt++) {
        assert_taken("t-1", attempt);
        make_due("t-1");
        ask("DEL wh:busy");
    }
    assert_nothing_due(); /* as many as the schedule has */
    struct webhook_view view = view_of("t-1");
    assert_string_equal(view.state, "failed");
    assert_int_equal(view.count, 3);
    assert_string_equal(view.entries[2].report.why, "interrupted");
    assert_says("3", "HGET q:stats webhook_interrupted");
    assert_says("0", "ZCARD wh:due");
}

static void what_has_nothing_left_to_send_is_dropped(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    ask("DEL task:t-1");
    ask("ZADD wh:due 1 nobody");
    end_with_callback("t-2", "");
    assert_taken("t-2", 1);
    assert_says("t-2", "ZRANGE wh:due 0 -1");
}

static void a_damaged_account_of_one_does_not_hold_up_the_others(void **state_) {
    (void)state_;
    static const char *const DAMAGE[] = {"SET wh:t-1 x", "HSET wh:t-1 attempt x",
                                         "HSET wh:t-1 attempt 1 step -4"};
    for (size_t i = 0; i < sizeof DAMAGE / sizeof DAMAGE[0]; i++) {
        ask("FLUSHALL");
        end_with_callback("t-1", "");
        private_redis_ask(redis, "%s", DAMAGE[i]);
        assert_taken("t-1", 1);
        assert_int_equal(done("t-1", 1, WEBHOOK_DELIVERED, 204, "delivered"), ERR_OK);
    }
}

/* --- the schedule ------------------------------------------------------------------------ */

static void what_was_delivered_is_remembered_and_not_due(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    assert_taken("t-1", 1);
    assert_int_equal(done("t-1", 1, WEBHOOK_DELIVERED, 204, "delivered"), ERR_OK);
    assert_says("delivered 204 delivered 1", "HMGET wh:t-1 state http_status why attempt");
    assert_says("0", "EXISTS wh:due wh:busy");
    assert_says("259200", "TTL wh:t-1");
    assert_says("1", "HGET q:stats webhook_delivered");
    assert_nothing_due();
}

static void a_failure_is_tried_again_by_the_schedule_until_it_is_used_up(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    char *record = strdup(ask("GET task:t-1"));
    fail_try("t-1", 1);
    assert_due_in("t-1", 4500, 5500);
    assert_string_equal(view_of("t-1").state, "waiting");
    make_due("t-1");
    fail_try("t-1", 2);
    assert_due_in("t-1", 54000, 66000);
    make_due("t-1");
    fail_try("t-1", 3);
    assert_string_equal(view_of("t-1").state, "failed");
    assert_says("0", "ZCARD wh:due");
    assert_says("2 1", "HMGET q:stats webhook_retried webhook_failed");
    assert_string_equal(ask("GET task:t-1"), record);
    free(record);
}

static void what_is_refused_or_gone_is_not_tried_again(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    assert_taken("t-1", 1);
    assert_int_equal(done("t-1", 1, WEBHOOK_BLOCKED, 0, "blocked"), ERR_OK);
    end_with_callback("t-2", "");
    assert_taken("t-2", 1);
    assert_int_equal(done("t-2", 1, WEBHOOK_GONE, 410, "gone"), ERR_OK);
    assert_string_equal(view_of("t-1").state, "blocked");
    assert_string_equal(view_of("t-2").state, "failed");
    assert_says("0", "ZCARD wh:due");
    assert_says("0", "EXISTS wh:host:ci.example");
}

static void a_busy_receiver_gets_a_minute(void **state_) {
    (void)state_;
    static const int STATUS[] = {429, 502, 504};
    for (size_t i = 0; i < sizeof STATUS / sizeof STATUS[0]; i++) {
        ask("FLUSHALL");
        end_with_callback("t-1", "");
        assert_taken("t-1", 1);
        assert_int_equal(done("t-1", 1, WEBHOOK_FAILED, STATUS[i], "http_status"), ERR_OK);
        assert_due_in("t-1", 60000, 60000);
    }
}

static void retry_after_is_honoured_up_to_an_hour(void **state_) {
    (void)state_;
    static const int64_t ASKED_S[] = {30, 100000}, GIVEN_MS[] = {30000, 3600000};
    for (size_t i = 0; i < 2; i++) {
        struct webhook_report report = {WEBHOOK_FAILED, .http_status = 503,
                                        .retry_after_s = ASKED_S[i]};
        ask("FLUSHALL");
        end_with_callback("t-1", "");
        assert_taken("t-1", 1);
        assert_int_equal(webhook_store_done(store, "t-1", 1, &report, SCHEDULE), ERR_OK);
        assert_due_in("t-1", GIVEN_MS[i], GIVEN_MS[i]);
    }
}

/* --- many ---------------------------------------------------------------------------------- */

static void one_host_gets_two_at_a_time_and_the_others_their_turn(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    end_with_callback("t-2", "");
    end_with_callback("t-3", "");
    end_with_callback_to("t-4", "https://other.example/", "");
    assert_taken("t-1", 1);
    assert_taken("t-2", 1);
    assert_taken("t-4", 1);
    assert_nothing_due();
    assert_says("(nil)", "HGET wh:t-3 attempt"); /* waiting has cost it nothing */
    assert_int_equal(done("t-1", 1, WEBHOOK_DELIVERED, 200, "delivered"), ERR_OK);
    make_due("t-3");
    assert_taken("t-3", 1);
}

static void so_many_are_under_way_in_all(void **state_) {
    (void)state_;
    char id[16], url[64];
    for (int i = 0; i <= WEBHOOK_STORE_MAX; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        snprintf(url, sizeof url, "https://h%d.example/", i);
        end_with_callback_to(id, url, "");
    }
    for (int i = 0; i < WEBHOOK_STORE_MAX; i++) {
        struct webhook_due due = take();
        webhook_due_done(&due);
    }
    assert_nothing_due();
}

/* Five tasks, one after the other, fail at the same host. */
static void break_circuit(void) {
    char id[16];
    for (int i = 1; i <= 5; i++) {
        snprintf(id, sizeof id, "f-%d", i);
        end_with_callback(id, "");
        fail_try(id, 1);
    }
}

static void a_host_that_fails_five_tasks_in_a_row_is_left_alone(void **state_) {
    (void)state_;
    break_circuit();
    end_with_callback("t-1", "");
    assert_nothing_due();
    assert_due_in("t-1", 600000, 601000);
    assert_says("(nil)", "HGET wh:t-1 attempt");
    assert_says("1", "HGET q:stats circuit_opened");
    assert_int_equal(strtol(ask("TTL wh:host:ci.example"), NULL, 10), 4200);
    assert_true(strtol(ask("TTL wh:hosts"), NULL, 10) > 0);
}

static void then_one_try_tells_whether_it_is_well(void **state_) {
    (void)state_;
    break_circuit();
    ask("HSET wh:host:ci.example open_ms 1");
    end_with_callback("t-1", "");
    end_with_callback("t-2", "");
    assert_taken("t-1", 1);
    assert_nothing_due();
    assert_int_equal(done("t-1", 1, WEBHOOK_FAILED, 500, "http_status"), ERR_OK);
    make_due("t-2");
    assert_nothing_due(); /* open again */
    assert_due_in("t-2", 600000, 601000);
    ask("HSET wh:host:ci.example open_ms 1");
    make_due("t-2");
    assert_taken("t-2", 1);
    assert_int_equal(done("t-2", 1, WEBHOOK_DELIVERED, 200, "delivered"), ERR_OK);
    assert_says("0", "EXISTS wh:host:ci.example wh:hosts");
}

static void the_tries_of_one_task_do_not_break_the_circuit(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    for (int64_t attempt = 1; attempt <= 3; attempt++) {
        fail_try("t-1", attempt);
        make_due("t-1");
    }
    assert_says("1", "HGET wh:host:ci.example fails");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_ended_task_is_due_once),
        TEST(a_callback_may_have_no_secret),
        TEST(a_cancelled_task_is_told_too),
        TEST(another_keeper_takes_over_when_one_died),
        TEST(an_attempt_of_which_nobody_told_is_counted_and_called_interrupted),
        TEST(what_has_nothing_left_to_send_is_dropped),
        TEST(a_damaged_account_of_one_does_not_hold_up_the_others),
        TEST(what_was_delivered_is_remembered_and_not_due),
        TEST(a_failure_is_tried_again_by_the_schedule_until_it_is_used_up),
        TEST(what_is_refused_or_gone_is_not_tried_again),
        TEST(a_busy_receiver_gets_a_minute),
        TEST(retry_after_is_honoured_up_to_an_hour),
        TEST(one_host_gets_two_at_a_time_and_the_others_their_turn),
        TEST(so_many_are_under_way_in_all),
        TEST(a_host_that_fails_five_tasks_in_a_row_is_left_alone),
        TEST(then_one_try_tells_whether_it_is_well),
        TEST(the_tries_of_one_task_do_not_break_the_circuit),
    };
    return RUN(tests);
}
