/* A key that holds something else than it must: it is moved aside, and nothing is lost. */
#include "store/kit.h"

#include <string.h>

static void start(const char *id) {
    submit_with(id, TASK_CRITICAL);
    struct task_claim held = claim("slot");
    assert_string_equal(held.id, id);
    task_claim_done(&held);
}

static void delay(const char *id) {
    submit_with(id, TASK_CRITICAL);
    struct task_claim held = claim("slot");
    assert_string_equal(held.id, id);
    assert_int_equal(task_store_retry(store, &held, 60000, TEXT("{}")), ERR_OK);
    task_claim_done(&held);
}

static void damage(const char *key) {
    ask("DEL %s", key);
    ask("SET %s damage", key);
}

/* Each of these, holding something else than it must: all goes on after one repair. */
static void a_damaged_key_is_moved_aside_and_nothing_is_lost(void **state_) {
    (void)state_;
    static const char *const KEYS[] = {
        "q:lease",     "q:delayed", "q:dead",   "q:bell",        "wh:due",     "wh:busy",
        "q:stats",     "q:expiry",  "q:slots",  "q:seq",         "idx:tasks",  "q:ready:medium",
        "q:ready:low", "q:runners", "open:ann", "idx:owner:ann", "q:proc:slot"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        ask("FLUSHALL");
        start("running");
        delay("delayed");
        submit("waiting");
        damage(KEYS[i]);
        if (repair(true).moved != 1) {
            fail_msg("%s was not moved", KEYS[i]);
        }
        assert_says("damage", "GET q:damaged:%s", KEYS[i]);
        repair(true);
        ask("ZADD q:lease XX 1 running");
        repair(true);
        expire_delay("running");
        expire_delay("delayed");
        repair(true);
        for (int n = 0; n < 3; n++) {
            struct task_claim held = claim("other");
            finish(&held);
            task_claim_done(&held);
        }
        assert_nothing_to_claim();
        submit("next");
    }
}

static void a_damaged_list_holds_up_no_claim_of_another(void **state_) {
    (void)state_;
    submit_with("t-1", TASK_CRITICAL);
    submit_with("t-2", TASK_LOW);
    damage("q:ready:critical");
    for (int i = 0; i < TASK_STORE_FAIR_EVERY; i++) { /* the fair claim looks at every head */
        struct task_claim held = claim("slot");
        assert_string_equal(held.id, "t-2");
        assert_int_equal(task_store_hand_back(store, &held), ERR_OK);
        task_claim_done(&held);
    }
    repair(true);
    struct task_claim held = claim("slot");
    assert_string_equal(held.id, "t-1");
    task_claim_done(&held);
}

/* Redis takes "inf" and Lua takes "nan" for a number: neither may stop the mending of all others,
 * nor make a lease that never ends. */
static void a_number_that_is_none_stops_no_repair_and_no_task(void **state_) {
    (void)state_;
    static const char *const FIELDS[] = {"attempt",  "fails",      "crashes",    "run_timeout_ms",
                                         "lease_ms", "created_ms", "started_ms", "ready_ms",
                                         "seq",      "expire_ms",  "deadline_ms"};
    static const char *const WORDS[] = {"nan", "inf", "-inf", "1e300"};
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        for (size_t j = 0; j < sizeof WORDS / sizeof WORDS[0]; j++) {
            ask("FLUSHALL");
            start("hurt");
            ask("HSET task:hurt:meta %s %s", FIELDS[i], WORDS[j]);
            ask("DEL q:lease idx:tasks");
            repair(true);
            if (strlen(ask("ZSCORE q:lease hurt")) != strlen("1700000000000")) {
                fail_msg("%s %s: leased until %s", FIELDS[i], WORDS[j], ask("ZSCORE q:lease hurt"));
            }
            expire_lease("hurt");
            repair(true);
            assert_string_equal(status("hurt"), "pending");
            expire_delay("hurt");
            repair(true);
            struct task_claim held = claim("other");
            finish(&held);
            task_claim_done(&held);
        }
    }
}

static void a_callback_due_at_no_number_is_due_at_once(void **state_) {
    (void)state_;
    submit_with_callback("t-1", NULL);
    struct task_claim held = claim("slot");
    finish(&held);
    task_claim_done(&held);
    ask("HSET wh:t-1 state waiting due_ms nan");
    ask("DEL wh:due");
    repair(true);
    assert_says("t-1", "ZRANGE wh:due 0 -1");
    assert_int_equal(strlen(ask("ZSCORE wh:due t-1")), strlen("1700000000000"));
}

static void a_lease_longer_than_any_is_cut(void **state_) {
    (void)state_;
    start("t-1");
    ask("HSET task:t-1:meta lease_ms 9223372036854775807");
    ask("DEL q:lease");
    repair(true);
    assert_int_equal(strlen(ask("ZSCORE q:lease t-1")), strlen("1700000000000"));
}

/* The slot could not take it, and would give it back to the head of its list for ever. */
static void a_task_that_no_slot_can_take_holds_up_no_other(void **state_) {
    (void)state_;
    static const char *const PIECES[] = {"head", "middle"};
    for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
        ask("FLUSHALL");
        submit("t-1");
        submit("t-2");
        ask("HSET task:t-1:meta %s %0*d", PIECES[i], RECORD_PIECE_SIZE, 0);
        struct task_claim held = claim("slot");
        assert_string_equal(held.id, "t-2");
        task_claim_done(&held);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_damaged_key_is_moved_aside_and_nothing_is_lost),
        TEST(a_number_that_is_none_stops_no_repair_and_no_task),
        TEST(a_lease_longer_than_any_is_cut),
        TEST(a_task_that_no_slot_can_take_holds_up_no_other),
        TEST(a_callback_due_at_no_number_is_due_at_once),
        TEST(a_damaged_list_holds_up_no_claim_of_another),
    };
    return RUN(tests);
}
