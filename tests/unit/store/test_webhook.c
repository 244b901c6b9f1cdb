/* Callbacks that are due are taken by one keeper at a time. */
#include "store/kit.h"

#include <string.h>

#include "agnostic/store/webhook_store.h"

static void end_with_callback(const char *id, const char *secret) {
    submit_with_callback(id, secret);
    struct task_claim held = claim("slot");
    finish(&held);
    task_claim_done(&held);
}

static void assert_nothing_due(void) {
    struct webhook_due due;
    assert_int_equal(webhook_store_take(store, &due), ERR_EMPTY);
}

static struct webhook_due take(void) {
    struct webhook_due due = {0};
    assert_int_equal(webhook_store_take(store, &due), ERR_OK);
    return due;
}

static void an_ended_task_is_due_once(void **state_) {
    (void)state_;
    assert_nothing_due();
    end_with_callback("t-1", "s3cret");
    struct webhook_due due = take();
    assert_string_equal(due.id, "t-1");
    assert_string_equal(due.url, "https://ci.example/hook");
    assert_string_equal(due.secret, "s3cret");
    assert_string_equal(due.body, ask("GET task:t-1"));
    assert_int_equal(due.body_len, strlen(due.body));
    assert_int_equal(due.attempt, 1);
    webhook_due_done(&due);
    assert_nothing_due();
}

static void a_callback_may_have_no_secret(void **state_) {
    (void)state_;
    end_with_callback("t-1", NULL);
    struct webhook_due due = take();
    assert_null(due.secret);
    webhook_due_done(&due);
}

static void another_keeper_takes_over_when_one_died(void **state_) {
    (void)state_;
    end_with_callback("t-1", NULL);
    struct webhook_due due = take();
    webhook_due_done(&due);
    ask("ZADD wh:due XX 1 t-1"); /* the hold is over */
    due = take();
    assert_int_equal(due.attempt, 2);
    webhook_due_done(&due);
}

static void what_was_delivered_is_remembered_and_not_due(void **state_) {
    (void)state_;
    end_with_callback("t-1", NULL);
    struct webhook_due due = take();
    assert_int_equal(webhook_store_done(store, "t-1", true, 204, "delivered"), ERR_OK);
    assert_says("delivered 204 delivered 1", "HMGET wh:t-1 state http_status why attempt");
    assert_says("0", "EXISTS wh:due");
    assert_says("259200", "TTL wh:t-1");
    webhook_due_done(&due);
    assert_nothing_due();
}

static void the_task_is_not_touched_by_a_failure(void **state_) {
    (void)state_;
    end_with_callback("t-1", NULL);
    struct webhook_due due = take();
    assert_int_equal(webhook_store_done(store, "t-1", false, 0, "blocked"), ERR_OK);
    assert_says("failed 0 blocked", "HMGET wh:t-1 state http_status why");
    assert_string_equal(ask("GET task:t-1"), due.body);
    webhook_due_done(&due);
}

static void what_has_nothing_left_to_send_is_dropped(void **state_) {
    (void)state_;
    end_with_callback("t-1", NULL);
    ask("DEL task:t-1");
    ask("ZADD wh:due 1 nobody");
    end_with_callback("t-2", NULL);
    struct webhook_due due = take();
    assert_string_equal(due.id, "t-2");
    assert_says("t-2", "ZRANGE wh:due 0 -1");
    webhook_due_done(&due);
}

static void a_damaged_account_of_one_does_not_hold_up_the_others(void **state_) {
    (void)state_;
    static const char *const DAMAGE[] = {"SET wh:t-1 x", "HSET wh:t-1 attempt x"};
    for (size_t i = 0; i < sizeof DAMAGE / sizeof DAMAGE[0]; i++) {
        ask("FLUSHALL");
        end_with_callback("t-1", NULL);
        private_redis_ask(redis, "%s", DAMAGE[i]);
        struct webhook_due due = take();
        assert_string_equal(due.id, "t-1");
        assert_int_equal(due.attempt, 1);
        assert_int_equal(webhook_store_done(store, "t-1", true, 204, "delivered"), ERR_OK);
        webhook_due_done(&due);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_ended_task_is_due_once),
        TEST(a_callback_may_have_no_secret),
        TEST(another_keeper_takes_over_when_one_died),
        TEST(what_was_delivered_is_remembered_and_not_due),
        TEST(the_task_is_not_touched_by_a_failure),
        TEST(what_has_nothing_left_to_send_is_dropped),
        TEST(a_damaged_account_of_one_does_not_hold_up_the_others),
    };
    return RUN(tests);
}
