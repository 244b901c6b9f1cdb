/* What became of each attempt is shown; another can be asked for; a receiver can be tested. */
#include "store/webhook_kit.h"

/* --- what is shown, and asked for --------------------------------------------------------------
 */

static void every_attempt_is_shown(void **state_) {
    (void)state_;
    assert_string_equal(view_of("t-1").state, "none");
    end_with_callback("t-1", "");
    assert_string_equal(view_of("t-1").state, "pending");
    fail_try("t-1", 1);
    make_due("t-1");
    assert_taken("t-1", 2);
    struct webhook_view view = view_of("t-1");
    assert_string_equal(view.state, "sending");
    assert_int_equal(view.count, 2);
    assert_int_equal(view.entries[0].attempt, 1);
    assert_true(view.entries[0].at_ms > 0);
    assert_int_equal(view.entries[0].report.http_status, 500);
    assert_int_equal(view.entries[0].report.ms, 12);
    assert_string_equal(view.entries[0].report.ip, "192.0.2.1");
    assert_string_equal(view.entries[0].report.why, "http_status");
    assert_string_equal(view.entries[0].report.head, "a b");
    assert_string_equal(view.entries[1].report.why, "sending");
}

static void only_the_last_attempts_are_remembered(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    fail_try("t-1", 1);
    ask("HSET wh:t-1 attempt 100");
    ask("HDEL wh:t-1 a1");
    for (int64_t attempt = 101; attempt <= 101 + WEBHOOK_STORE_ENTRIES; attempt++) {
        assert_int_equal(webhook_store_again(store, "t-1"), ERR_OK);
        fail_try("t-1", attempt);
    }
    struct webhook_view view = view_of("t-1");
    assert_int_equal(view.count, WEBHOOK_STORE_ENTRIES);
    assert_int_equal(view.entries[WEBHOOK_STORE_ENTRIES - 1].attempt, 101 + WEBHOOK_STORE_ENTRIES);
}

static void another_attempt_can_be_asked_for_when_all_is_over(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    assert_taken("t-1", 1);
    assert_int_equal(done("t-1", 1, WEBHOOK_DELIVERED, 200, "delivered"), ERR_OK);
    assert_int_equal(webhook_store_again(store, "t-1"), ERR_OK);
    assert_taken("t-1", 2);
}

static void asked_for_while_one_is_under_way_it_follows(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    assert_taken("t-1", 1);
    assert_int_equal(webhook_store_again(store, "t-1"), ERR_OK);
    assert_nothing_due();
    assert_int_equal(done("t-1", 1, WEBHOOK_DELIVERED, 200, "delivered"), ERR_OK);
    assert_taken("t-1", 2);
    assert_int_equal(done("t-1", 2, WEBHOOK_DELIVERED, 200, "delivered"), ERR_OK);
    assert_nothing_due();
}

static void it_uses_up_nothing_of_the_schedule(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    fail_try("t-1", 1);
    assert_int_equal(webhook_store_again(store, "t-1"), ERR_OK);
    fail_try("t-1", 2);
    assert_due_in("t-1", 4500, 5500);
}

static void nor_does_it_when_asked_for_while_one_is_under_way(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    assert_taken("t-1", 1);
    assert_int_equal(webhook_store_again(store, "t-1"), ERR_OK);
    assert_int_equal(done("t-1", 1, WEBHOOK_FAILED, 500, "http_status"), ERR_OK);
    fail_try("t-1", 2);
    assert_due_in("t-1", 4500, 5500);
}

static void it_is_made_though_the_keeper_of_the_last_one_died(void **state_) {
    (void)state_;
    end_with_callback("t-1", "");
    for (int64_t attempt = 1; attempt < 3; attempt++) {
        fail_try("t-1", attempt);
        make_due("t-1");
    }
    assert_taken("t-1", 3);
    assert_int_equal(webhook_store_again(store, "t-1"), ERR_OK);
    make_due("t-1"); /* nobody told of the third */
    assert_taken("t-1", 4);
}

static void it_is_made_though_the_schedule_is_shorter_by_now(void **state_) {
    (void)state_;
    struct webhook_due due = {0};
    end_with_callback("t-1", "");
    for (int64_t attempt = 1; attempt <= 3; attempt++) {
        fail_try("t-1", attempt);
        make_due("t-1");
    }
    assert_int_equal(webhook_store_again(store, "t-1"), ERR_OK);
    assert_int_equal(webhook_store_take(store, "0", &due), ERR_OK);
    assert_int_equal(due.attempt, 4);
    webhook_due_done(&due);
}

static void without_end_or_callback_there_is_nothing_to_send_again(void **state_) {
    (void)state_;
    submit_with_callback("t-1", NULL);
    assert_int_equal(webhook_store_again(store, "t-1"), ERR_CONFLICT);
    submit("t-2");
    enum task_state was;
    assert_int_equal(task_store_cancel(store, "t-2", &was), ERR_OK);
    assert_int_equal(webhook_store_again(store, "t-2"), ERR_CONFLICT);
    assert_int_equal(webhook_store_again(store, "unknown"), ERR_CONFLICT);
}

/* --- tests of a receiver --------------------------------------------------------------------- */

static struct webhook_ping a_ping(const char *id) {
    return (struct webhook_ping){.id = id,
                                 .owner = "ann",
                                 .url = TEXT(URL),
                                 .secret = TEXT("s3cret"),
                                 .body = TEXT("{\"type\":\"ping\"}"),
                                 .idem_key = TEXT(""),
                                 .fingerprint = ""};
}

static void a_test_is_sent_once(void **state_) {
    (void)state_;
    struct webhook_ping ping = a_ping("p-1");
    char id[101];
    bool replayed = true;
    assert_int_equal(webhook_store_ping(store, &ping, id, &replayed), ERR_OK);
    assert_string_equal(id, "p-1");
    assert_false(replayed);
    struct webhook_due due = take();
    assert_string_equal(due.event, "ping");
    assert_string_equal(due.body, "{\"type\":\"ping\"}");
    assert_string_equal(due.secret, "s3cret");
    webhook_due_done(&due);
    assert_int_equal(done("p-1", 1, WEBHOOK_FAILED, 500, "http_status"), ERR_OK);
    assert_string_equal(view_of("p-1").state, "failed");
    assert_string_equal(view_of("p-1").ping_owner, "ann");
    assert_nothing_due();
    assert_true(strtol(ask("TTL wh:p-1"), NULL, 10) > 0);
    assert_true(strtol(ask("TTL task:p-1:cb"), NULL, 10) > 0);
}

static void a_test_is_made_once_per_idempotency_key(void **state_) {
    (void)state_;
    struct webhook_ping ping = a_ping("p-1");
    char id[101];
    bool replayed = false;
    ping.idem_key = TEXT("k");
    ping.fingerprint = "aa";
    assert_int_equal(webhook_store_ping(store, &ping, id, &replayed), ERR_OK);
    ping.id = "p-2";
    assert_int_equal(webhook_store_ping(store, &ping, id, &replayed), ERR_OK);
    assert_true(replayed);
    assert_string_equal(id, "p-1");
    ping.fingerprint = "bb";
    assert_int_equal(webhook_store_ping(store, &ping, id, &replayed), ERR_IDEMPOTENCY);
    assert_says("0", "EXISTS task:p-2:cb");
}

static void tests_are_limited_by_the_minute(void **state_) {
    (void)state_;
    struct webhook_ping ping = a_ping("p-1");
    char id[101];
    bool replayed;
    ask("SET rl:ping:ann %d EX 60", WEBHOOK_STORE_PINGS_MAX - 1);
    assert_int_equal(webhook_store_ping(store, &ping, id, &replayed), ERR_OK);
    assert_int_equal(webhook_store_ping(store, &ping, id, &replayed), ERR_RATE);
    ping.owner = "bob";
    assert_int_equal(webhook_store_ping(store, &ping, id, &replayed), ERR_OK);
    assert_true(strtol(ask("TTL rl:ping:ann"), NULL, 10) > 0);
    assert_true(strtol(ask("TTL rl:ping:bob"), NULL, 10) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_attempt_is_shown),
        TEST(only_the_last_attempts_are_remembered),
        TEST(another_attempt_can_be_asked_for_when_all_is_over),
        TEST(asked_for_while_one_is_under_way_it_follows),
        TEST(it_uses_up_nothing_of_the_schedule),
        TEST(nor_does_it_when_asked_for_while_one_is_under_way),
        TEST(it_is_made_though_the_keeper_of_the_last_one_died),
        TEST(it_is_made_though_the_schedule_is_shorter_by_now),
        TEST(without_end_or_callback_there_is_nothing_to_send_again),
        TEST(a_test_is_sent_once),
        TEST(a_test_is_made_once_per_idempotency_key),
        TEST(tests_are_limited_by_the_minute),
    };
    return RUN(tests);
}
