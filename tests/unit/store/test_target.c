/* Who has a target: some that share it, or one alone; who waits gets it in turn. */
#include "agnostic/store/target_store.h"
#include "store/kit.h"

#include <unistd.h>

#define NAME "abcd"
enum { PLACES = 2, HOLD_MS = 60000 };

static const struct target_hold SHARED = {NAME, false, PLACES, HOLD_MS};
static const struct target_hold ALONE = {NAME, true, PLACES, HOLD_MS};

static struct task_claim start(const char *id) {
    submit(id);
    return claim(id);
}

static enum err take(const struct task_claim *held, const struct target_hold *hold) {
    int64_t waits = 0;
    return target_store_take(store, held, hold, &waits);
}

static void leave(const struct task_claim *held) {
    assert_int_equal(target_store_leave(store, held, &SHARED), ERR_OK);
}

static void put_off(const struct task_claim *held) {
    assert_int_equal(task_store_put_off(store, held, 30000), ERR_OK);
}

static void two_share_a_target_and_a_third_waits(void **state_) {
    (void)state_;
    struct task_claim a = start("a"), b = start("b"), c = start("c");
    assert_int_equal(take(&a, &SHARED), ERR_OK);
    assert_int_equal(take(&b, &SHARED), ERR_OK);
    assert_int_equal(take(&c, &SHARED), ERR_BUSY);
    leave(&a);
    assert_int_equal(take(&c, &SHARED), ERR_OK);
    task_claim_done(&a);
    task_claim_done(&b);
    task_claim_done(&c);
}

static void who_has_it_alone_shares_it_with_nobody(void **state_) {
    (void)state_;
    struct task_claim a = start("a"), b = start("b");
    assert_int_equal(take(&a, &ALONE), ERR_OK);
    assert_int_equal(take(&b, &SHARED), ERR_BUSY);
    assert_int_equal(take(&b, &ALONE), ERR_BUSY);
    assert_int_equal(take(&a, &SHARED), ERR_OK);
    assert_int_equal(take(&b, &ALONE), ERR_BUSY);
    task_claim_done(&a);
    task_claim_done(&b);
}

static void nobody_who_comes_later_overtakes_one_that_wants_it_alone(void **state_) {
    (void)state_;
    struct task_claim a = start("a"), one = start("one"), late = start("late");
    assert_int_equal(take(&a, &SHARED), ERR_OK);
    assert_int_equal(take(&one, &ALONE), ERR_BUSY);
    put_off(&one);
    usleep(2000);
    assert_int_equal(take(&late, &SHARED), ERR_BUSY);
    put_off(&late);
    leave(&a);
    assert_says("(nil)", "ZSCORE q:delayed one"); /* told at once */
    struct task_claim again = claim("one");
    assert_string_equal(again.id, "one");
    assert_int_equal(take(&again, &ALONE), ERR_OK);
    task_claim_done(&a);
    task_claim_done(&one);
    task_claim_done(&late);
    task_claim_done(&again);
}

static void who_waits_no_longer_holds_nobody_up(void **state_) {
    (void)state_;
    enum task_state was;
    struct task_claim a = start("a"), one = start("one"), late = start("late");
    assert_int_equal(take(&a, &SHARED), ERR_OK);
    assert_int_equal(take(&one, &ALONE), ERR_BUSY);
    put_off(&one);
    assert_int_equal(task_store_cancel(store, "one", &was), ERR_OK);
    usleep(2000);
    assert_int_equal(take(&late, &SHARED), ERR_OK);
    task_claim_done(&a);
    task_claim_done(&one);
    task_claim_done(&late);
}

static void a_hold_ends_by_itself(void **state_) {
    (void)state_;
    static const struct target_hold SHORT = {NAME, true, PLACES, 1};
    struct task_claim a = start("a"), b = start("b");
    assert_int_equal(take(&a, &SHORT), ERR_OK);
    usleep(5000);
    assert_int_equal(take(&b, &ALONE), ERR_OK);
    assert_int_equal(task_store_beat(store, &a, KIT_LEASE_MS, TEXT(""), &ALONE), ERR_LOST);
    task_claim_done(&a);
    task_claim_done(&b);
}

static void beats_renew_a_hold(void **state_) {
    (void)state_;
    static const struct target_hold BRIEF = {NAME, true, PLACES, 1000};
    struct task_claim a = start("a"), b = start("b");
    assert_int_equal(take(&a, &BRIEF), ERR_OK);
    assert_int_equal(task_store_beat(store, &a, KIT_LEASE_MS, TEXT(""), &ALONE), ERR_OK);
    usleep(1100000);
    assert_int_equal(take(&b, &SHARED), ERR_BUSY);
    task_claim_done(&a);
    task_claim_done(&b);
}

static void who_lost_its_task_gets_no_target(void **state_) {
    (void)state_;
    enum task_state was;
    struct task_claim a = start("a");
    assert_int_equal(task_store_cancel(store, "a", &was), ERR_OK);
    assert_int_equal(take(&a, &SHARED), ERR_LOST);
    task_claim_done(&a);
}

static void a_task_that_was_put_off_keeps_attempt_and_queue_limit(void **state_) {
    (void)state_;
    struct task_submit task = a_task("t");
    task.queue_ttl_ms = 600000;
    assert_int_equal(submit_to(store, &task), ERR_OK);
    struct task_claim held = claim("s");
    assert_says("(nil)", "ZSCORE q:expiry t");
    put_off(&held);
    assert_string_equal(status("t"), "pending");
    assert_says("0", "HGET task:t:meta attempt");
    assert_string_not_equal(ask("ZSCORE q:expiry t"), "(nil)");
    ask("HSET task:t:meta expire_ms 1");
    ask("ZADD q:expiry 1 t");
    assert_int_equal(repair(false).expired, 1);
    assert_string_equal(status("t"), "failed");
    task_claim_done(&held);
}

static void an_attempt_that_was_charged_ends_the_queue_limit(void **state_) {
    (void)state_;
    struct task_submit task = a_task("t");
    task.queue_ttl_ms = 600000;
    assert_int_equal(submit_to(store, &task), ERR_OK);
    struct task_claim held = claim("s");
    assert_int_equal(task_store_retry(store, &held, 1000, TEXT("{}")), ERR_OK);
    assert_says("(nil)", "HGET task:t:meta expire_ms");
    task_claim_done(&held);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(two_share_a_target_and_a_third_waits),
        TEST(who_has_it_alone_shares_it_with_nobody),
        TEST(nobody_who_comes_later_overtakes_one_that_wants_it_alone),
        TEST(who_waits_no_longer_holds_nobody_up),
        TEST(a_hold_ends_by_itself),
        TEST(beats_renew_a_hold),
        TEST(who_lost_its_task_gets_no_target),
        TEST(a_task_that_was_put_off_keeps_attempt_and_queue_limit),
        TEST(an_attempt_that_was_charged_ends_the_queue_limit),
    };
    return RUN(tests);
}
