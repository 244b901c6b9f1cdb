/* The queue as a whole: how deep, how old, paused or draining, and what was counted. */
#include "store/kit.h"

#include <string.h>

static void the_depth_is_told(void **state_) {
    (void)state_;
    struct queue_depth depth;
    submit_with("a", TASK_HIGH);
    submit_with("b", TASK_HIGH);
    submit_with("c", TASK_LOW);
    ask("ZADD q:delayed 1 x");
    struct task_claim held = claim("s");
    assert_int_equal(queue_store_depth(store, &depth), ERR_OK);
    assert_int_equal(depth.ready[TASK_HIGH], 1);
    assert_int_equal(depth.ready[TASK_LOW], 1);
    assert_int_equal(depth.ready[TASK_CRITICAL], 0);
    assert_int_equal(depth.delayed, 1);
    assert_int_equal(depth.leased, 1);
    task_claim_done(&held);
}

static void the_switches_are_told_as_they_were_turned(void **state_) {
    (void)state_;
    struct queue_switches switches;
    assert_int_equal(queue_store_switches(store, &switches), ERR_OK);
    assert_false(switches.paused || switches.draining);
    assert_int_equal(queue_store_pause(store, true), ERR_OK);
    assert_int_equal(queue_store_switches(store, &switches), ERR_OK);
    assert_true(switches.paused && !switches.draining);
    assert_int_equal(queue_store_pause(store, false), ERR_OK);
    assert_int_equal(queue_store_drain(store, true), ERR_OK);
    assert_int_equal(queue_store_switches(store, &switches), ERR_OK);
    assert_true(!switches.paused && switches.draining);
}

static void a_draining_queue_takes_nothing_and_empties(void **state_) {
    (void)state_;
    submit("t-1");
    assert_int_equal(queue_store_drain(store, true), ERR_OK);
    assert_int_equal(submit_as("t-2", "ann", TASK_LOW), ERR_DRAINING);
    struct task_claim held = claim("slot");
    finish(&held);
    assert_string_equal(status("t-1"), "completed");
    task_claim_done(&held);
}

static struct queue_numbers numbers(void) {
    static struct queue_numbers read;
    assert_int_equal(queue_store_numbers(store, 2000, &read), ERR_OK);
    return read;
}

static void an_empty_queue_has_only_zeros(void **state_) {
    (void)state_;
    static const struct queue_numbers NOTHING;
    struct queue_numbers read = numbers();
    assert_memory_equal(&read, &NOTHING, sizeof read);
    assert_int_equal(queue_store_stat(&read, "completed"), 0);
}

static void the_numbers_tell_depth_age_and_switches(void **state_) {
    (void)state_;
    submit_with("old", TASK_HIGH);
    submit_with("young", TASK_HIGH);
    ask("HINCRBY task:old:meta created_ms -5000");
    ask("ZADD q:delayed 1 x");
    queue_store_pause(store, true);
    struct queue_numbers read = numbers();
    assert_int_equal(read.depth.ready[TASK_HIGH], 2);
    assert_int_equal(read.depth.ready[TASK_LOW], 0);
    assert_int_equal(read.depth.delayed, 1);
    assert_true(read.oldest_ms[TASK_HIGH] >= 5000);
    assert_int_equal(read.oldest_ms[TASK_LOW], 0);
    assert_true(read.switches.paused && !read.switches.draining);
}

static void what_scripts_did_is_counted(void **state_) {
    (void)state_;
    enum task_state was;
    submit("t-1");
    submit("t-2");
    struct task_claim held = claim("slot");
    finish(&held);
    assert_int_equal(task_store_finish(store, &held, TASK_FAILED, TEXT("{}"), NULL), ERR_LOST);
    assert_int_equal(task_store_cancel(store, "t-2", &was), ERR_OK);
    task_claim_done(&held);
    struct queue_numbers read = numbers();
    static const char *const ONCE[] = {"claimed",   "completed", "fenced",
                                       "cancelled", "wait_le_1", "run_le_1"};
    for (size_t i = 0; i < sizeof ONCE / sizeof ONCE[0]; i++) {
        if (queue_store_stat(&read, ONCE[i]) != 1) {
            fail_msg("%s was counted %d times", ONCE[i], (int)queue_store_stat(&read, ONCE[i]));
        }
    }
    assert_int_equal(queue_store_stat(&read, "submitted"), 2);
}

/* It waited that long, and ran at once. */
static struct task_claim start_after(const char *id, int64_t waited_ms) {
    submit(id);
    ask("HINCRBY task:%s:meta ready_ms -%lld", id, (long long)waited_ms);
    return claim("slot");
}

static void assert_waits(int64_t long_ones, int64_t short_ones) {
    struct queue_numbers read = numbers();
    assert_int_equal(queue_store_stat(&read, "wait_le_300"), long_ones);
    assert_int_equal(queue_store_stat(&read, "wait_le_1"), short_ones);
}

static void a_task_given_back_waits_anew(void **state_) {
    (void)state_;
    struct task_claim held = start_after("t-1", 100000);
    assert_int_equal(task_store_hand_back(store, &held), ERR_OK);
    task_claim_done(&held);
    held = claim("slot");
    task_claim_done(&held);
    assert_waits(1, 1);
}

static void a_delay_is_no_wait(void **state_) {
    (void)state_;
    struct task_claim held = start_after("t-1", 100000);
    assert_int_equal(task_store_retry(store, &held, 60000, TEXT("{}")), ERR_OK);
    task_claim_done(&held);
    expire_delay("t-1");
    repair(false);
    held = claim("slot");
    task_claim_done(&held);
    assert_waits(1, 1);
}

static void damaged_keys_count_as_nothing(void **state_) {
    (void)state_;
    static const char *const KEYS[] = {"q:stats", "q:lease", "q:delayed", "q:ready:high"};
    submit_with("t-1", TASK_LOW);
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        ask("DEL %s", KEYS[i]);
        ask("SET %s x", KEYS[i]);
    }
    struct queue_numbers read = numbers();
    assert_int_equal(read.depth.ready[TASK_LOW], 1);
    assert_int_equal(read.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_depth_is_told),
        TEST(the_switches_are_told_as_they_were_turned),
        TEST(a_draining_queue_takes_nothing_and_empties),
        TEST(an_empty_queue_has_only_zeros),
        TEST(the_numbers_tell_depth_age_and_switches),
        TEST(what_scripts_did_is_counted),
        TEST(a_task_given_back_waits_anew),
        TEST(a_delay_is_no_wait),
        TEST(damaged_keys_count_as_nothing),
    };
    return RUN(tests);
}
