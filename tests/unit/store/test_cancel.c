/* Cancelled at once and for good, whatever the task is doing. */
#include "store/kit.h"

#include <string.h>

static enum task_state cancel(const char *id) {
    enum task_state was;
    assert_int_equal(task_store_cancel(store, id, &was), ERR_OK);
    return was;
}

static void assert_cancelled(const char *id) {
    assert_string_equal(status(id), "cancelled");
    assert_string_equal(state(id), "cancelled");
    assert_non_null(strstr(ask("GET task:%s", id), "\"result\":null}"));
    assert_says("0", "EXISTS q:lease q:proc:slot q:delayed q:expiry open:ann");
}

static void a_waiting_task_is_cancelled_and_its_id_left_for_claim(void **state_) {
    (void)state_;
    submit("t-1");
    assert_int_equal(cancel("t-1"), TASK_PENDING);
    assert_cancelled("t-1");
    assert_says("t-1", "LRANGE q:ready:medium 0 -1");
    assert_nothing_to_claim();
    assert_says("0", "LLEN q:ready:medium");
    assert_cancelled("t-1");
}

static void a_running_task_is_cancelled_and_its_slot_refused(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    assert_int_equal(cancel("t-1"), TASK_RUNNING);
    assert_cancelled("t-1");
    assert_int_equal(task_store_look(store, &held), ERR_LOST);
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT(""), NULL), ERR_LOST);
    assert_int_equal(task_store_log(store, &held, TEXT("late\n")), ERR_LOST);
    assert_int_equal(task_store_finish(store, &held, TASK_COMPLETED, TEXT("{}"), NULL), ERR_LOST);
    assert_cancelled("t-1");
    task_claim_done(&held);
}

static void a_delayed_task_is_cancelled(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    assert_int_equal(task_store_retry(store, &held, 60000, TEXT("{}")), ERR_OK);
    assert_int_equal(cancel("t-1"), TASK_PENDING);
    assert_cancelled("t-1");
    task_claim_done(&held);
}

static void what_ended_says_how(void **state_) {
    (void)state_;
    enum task_state was = TASK_PENDING;
    submit("t-1");
    struct task_claim held = claim("slot");
    finish(&held);
    assert_int_equal(task_store_cancel(store, "t-1", &was), ERR_CONFLICT);
    assert_int_equal(was, TASK_COMPLETED);
    assert_string_equal(status("t-1"), "completed");
    submit("t-2");
    cancel("t-2");
    assert_int_equal(task_store_cancel(store, "t-2", &was), ERR_CONFLICT);
    assert_int_equal(was, TASK_CANCELLED);
    task_claim_done(&held);
}

static void what_is_not_known_is_said_so(void **state_) {
    (void)state_;
    enum task_state was;
    assert_int_equal(task_store_cancel(store, "nobody", &was), ERR_NO_TASK);
    ask("SET task:old {}");
    assert_int_equal(task_store_cancel(store, "old", &was), ERR_NO_TASK);
    assert_says("{}", "GET task:old");
}

static void everything_lapses_in_a_day_and_the_tombstone_later(void **state_) {
    (void)state_;
    static const char *const KEYS[] = {"task:t-1", "task:t-1:meta", "task:t-1:spec", "task:t-1:cb",
                                       "task:t-1:events"};
    submit_with_callback("t-1", NULL);
    cancel("t-1");
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        assert_says("86400", "TTL %s", KEYS[i]);
    }
    assert_says("2592000", "TTL gone:t-1");
    assert_says("t-1", "ZRANGE wh:due 0 -1");
}

static void a_retry_cannot_bring_it_back(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    cancel("t-1");
    assert_int_equal(task_store_retry(store, &held, 0, TEXT("{}")), ERR_LOST);
    assert_int_equal(task_store_hand_back(store, &held), ERR_LOST);
    repair(true);
    assert_nothing_to_claim();
    assert_cancelled("t-1");
    task_claim_done(&held);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_waiting_task_is_cancelled_and_its_id_left_for_claim),
        TEST(a_running_task_is_cancelled_and_its_slot_refused),
        TEST(a_delayed_task_is_cancelled),
        TEST(what_ended_says_how),
        TEST(what_is_not_known_is_said_so),
        TEST(everything_lapses_in_a_day_and_the_tombstone_later),
        TEST(a_retry_cannot_bring_it_back),
    };
    return RUN(tests);
}
