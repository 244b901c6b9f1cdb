/* A key that holds something else than it must: it is moved aside, and nothing is lost. */
#include "store/kit.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_damaged_key_is_moved_aside_and_nothing_is_lost),
        TEST(a_damaged_list_holds_up_no_claim_of_another),
    };
    return RUN(tests);
}
