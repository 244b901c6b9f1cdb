/* Redis is out of memory: nothing new comes in, and everything that is there can come to its end.
 */
#include "store/kit.h"

static struct task_claim start(const char *id) {
    submit(id);
    return claim("slot");
}

static void fill(void) {
    ask("CONFIG SET maxmemory 1");
}

static void empty(void) {
    ask("CONFIG SET maxmemory 0");
}

static void nothing_new_comes_in(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    fill();
    assert_int_equal(submit_as("t-2", "ann", TASK_LOW), ERR_STORE_FULL);
    assert_int_equal(task_store_log(store, &held, TEXT("a line\n")), ERR_STORE_FULL);
    empty();
    assert_int_equal(submit_as("t-2", "ann", TASK_LOW), ERR_OK);
    task_claim_done(&held);
}

static void a_running_task_beats_and_ends(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    fill();
    assert_int_equal(task_store_look(store, &held), ERR_OK);
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT("{}"), NULL), ERR_OK);
    assert_int_equal(task_store_event(store, &held, "agent_ended", "security", NULL), ERR_OK);
    finish(&held);
    empty();
    assert_string_equal(status("t-1"), "completed");
    task_claim_done(&held);
}

static void tasks_are_claimed_given_back_retried_and_cancelled(void **state_) {
    (void)state_;
    enum task_state was;
    int64_t count = 0;
    submit("t-1");
    fill();
    struct task_claim held = claim("slot");
    assert_int_equal(task_store_hand_back(store, &held), ERR_OK);
    task_claim_done(&held);
    held = claim("slot");
    task_claim_done(&held);
    assert_int_equal(task_store_unclaim(store, "slot", &count), ERR_OK);
    held = claim("slot");
    assert_int_equal(task_store_retry(store, &held, 0, TEXT("{}")), ERR_OK);
    assert_int_equal(repair(true).promoted, 1);
    assert_int_equal(task_store_cancel(store, "t-1", &was), ERR_OK);
    empty();
    assert_string_equal(status("t-1"), "cancelled");
    task_claim_done(&held);
}

static void what_crashed_is_mended(void **state_) {
    (void)state_;
    struct task_claim held = start("t-1");
    submit("t-2");
    ask("DEL q:ready:medium");
    ask("SET q:dead x");
    expire_lease("t-1");
    fill();
    struct queue_repair done = repair(true);
    empty();
    assert_int_equal(done.requeued, 1);
    assert_int_equal(done.listed, 1);
    assert_int_equal(done.moved, 1);
    task_claim_done(&held);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_new_comes_in),
        TEST(a_running_task_beats_and_ends),
        TEST(tasks_are_claimed_given_back_retried_and_cancelled),
        TEST(what_crashed_is_mended),
    };
    return RUN(tests);
}
