/* Whatever a crash or an operator can have left of a task is found and put right. */
#include "store/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t counted(const char *name) {
    struct queue_numbers numbers;
    assert_int_equal(queue_store_numbers(store, 2000, &numbers), ERR_OK);
    return queue_store_stat(&numbers, name);
}

static int64_t mends(struct queue_repair done) {
    return done.requeued + done.buried + done.leased + done.listed + done.indexed + done.rearmed +
           done.ghosts + done.moved;
}

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

static void end(const char *id) {
    submit_with(id, TASK_CRITICAL);
    struct task_claim held = claim("slot");
    finish(&held);
    task_claim_done(&held);
}

/* Each write to Redis is one to its disk. */
static long writes(void) {
    static const char NAME[] = "rdb_changes_since_last_save:";
    const char *line = strstr(ask("INFO persistence"), NAME);
    assert_non_null(line);
    return strtol(line + strlen(NAME), NULL, 10);
}

static void a_sound_queue_is_left_as_it_is(void **state_) {
    (void)state_;
    struct task_submit task = a_task("first");
    task.unique = "0123456789012345678901234567890123456789012345678901234567890123";
    task.queue_ttl_ms = 600000;
    task.callback_url = TEXT("https://ci.example/hook");
    assert_int_equal(submit_to(store, &task), ERR_OK);
    end("ended");
    start("running");
    delay("delayed");
    submit("waiting");
    submit_with("low", TASK_LOW);
    long before = writes();
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mends(repair(true)), 0);
    }
    assert_int_equal(writes(), before);
    assert_says("2", "LLEN q:ready:medium");
    assert_says("0", "EXISTS q:damaged:q:lease");
}

/* --- running ---------------------------------------------------------------------------- */

static void a_running_task_without_lease_gets_one(void **state_) {
    (void)state_;
    start("t-1");
    ask("DEL q:lease");
    assert_int_equal(repair(true).leased, 1);
    assert_int_equal(repair(true).leased, 0);
    expire_lease("t-1");
    assert_int_equal(repair(false).requeued, 1);
    assert_int_equal(counted("mended_leased"), 1);
}

static void also_when_no_list_names_it(void **state_) {
    (void)state_;
    start("t-1");
    ask("DEL q:lease q:proc:slot q:slots");
    assert_int_equal(repair(false).leased, 1);
    expire_lease("t-1");
    assert_int_equal(repair(false).requeued, 1);
}

/* Redis' clock may have been set back. */
static void a_lease_far_in_the_future_is_shortened(void **state_) {
    (void)state_;
    start("t-1");
    ask("ZADD q:lease 99999999999999 t-1");
    assert_int_equal(repair(true).leased, 1);
    expire_lease("t-1");
    assert_int_equal(repair(false).requeued, 1);
}

static void a_dead_slot_that_nobody_names_is_found(void **state_) {
    (void)state_;
    start("t-1");
    ask("DEL q:slots");
    ask("LPUSH q:proc:slot nobody");
    assert_int_equal(repair(false).indexed, 1);
    assert_int_equal(repair(true).ghosts, 1);
    assert_says("t-1", "LRANGE q:proc:slot 0 -1");
}

/* --- waiting ---------------------------------------------------------------------------- */

static void a_task_in_no_list_is_listed_once(void **state_) {
    (void)state_;
    submit("t-1");
    submit("t-2");
    submit("t-3");
    ask("LREM q:ready:medium 0 t-2");
    struct queue_repair done = repair(true);
    assert_int_equal(done.listed, 1);
    assert_int_equal(mends(repair(true)), 0);
    assert_says("t-3 t-1 t-2", "LRANGE q:ready:medium 0 -1");
    assert_non_null(strstr(ask("XREVRANGE task:t-2:events + - COUNT 1"), "why unlisted"));
    assert_int_equal(counted("mended_listed"), 1);
}

static void a_delayed_task_whose_delay_was_lost_is_listed(void **state_) {
    (void)state_;
    delay("t-1");
    ask("DEL q:delayed");
    assert_int_equal(repair(true).listed, 1);
    struct task_claim held = claim("slot");
    assert_string_equal(held.id, "t-1");
    task_claim_done(&held);
}

/* Long lists are not searched for every task: what is missing is met when its turn has passed. */
static void in_a_long_list_it_is_listed_when_its_turn_has_passed(void **state_) {
    (void)state_;
    enum { TASKS = 400, LOST = 5 };
    char id[16];
    for (int i = 0; i < TASKS; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        submit(id);
    }
    ask("LREM q:ready:medium 0 t-%d", LOST);
    ask("RPUSH q:ready:medium ghost");
    assert_int_equal(repair(true).listed, 0);
    for (int i = 0; i < LOST + 1; i++) {
        struct task_claim held = claim("slot");
        assert_string_not_equal(held.id, "t-5");
        task_claim_done(&held);
    }
    int64_t listed = 0;
    for (int i = 0; i < 3; i++) {
        listed += repair(true).listed;
    }
    assert_int_equal(listed, 1);
    struct task_claim held = claim("slot");
    assert_string_equal(held.id, "t-5");
    task_claim_done(&held);
}

static void tasks_given_back_to_a_long_list_are_not_listed_twice(void **state_) {
    (void)state_;
    char id[16];
    for (int i = 0; i < 400; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        submit(id);
    }
    struct task_claim first = claim("a"), second = claim("b");
    assert_int_equal(task_store_hand_back(store, &first), ERR_OK);
    assert_int_equal(task_store_hand_back(store, &second), ERR_OK);
    assert_int_equal(repair(true).listed, 0);
    assert_says("400", "LLEN q:ready:medium");
    task_claim_done(&first);
    task_claim_done(&second);
}

static void sets_and_indexes_name_every_live_task(void **state_) {
    (void)state_;
    struct task_submit task = a_task("t-1");
    task.queue_ttl_ms = 600000;
    assert_int_equal(submit_to(store, &task), ERR_OK);
    ask("DEL open:ann idx:tasks idx:owner:ann q:expiry");
    assert_int_equal(repair(true).indexed, 2); /* the deadline counts by itself */
    assert_says("t-1", "SMEMBERS open:ann");
    assert_says("t-1", "ZRANGE idx:tasks 0 -1");
    assert_says("t-1", "ZRANGE idx:owner:ann 0 -1");
    assert_says("t-1", "ZRANGE q:expiry 0 -1");
    assert_int_equal(counted("mended_indexed"), 2);
}

/* --- ended and vanished ----------------------------------------------------------------- */

static void ids_of_nothing_leave_the_set_of_open_tasks(void **state_) {
    (void)state_;
    submit("t-1");
    end("t-2");
    ask("SADD open:ann t-2 nobody");
    assert_int_equal(repair(true).ghosts, 2);
    assert_says("t-1", "SMEMBERS open:ann");
    assert_int_equal(counted("mended_ghosts"), 2);
}

static void a_callback_that_is_due_nowhere_falls_due(void **state_) {
    (void)state_;
    submit_with_callback("t-1", NULL);
    struct task_claim held = claim("slot");
    finish(&held);
    ask("DEL wh:due");
    assert_int_equal(repair(true).indexed, 1);
    assert_says("t-1", "ZRANGE wh:due 0 -1");
    ask("DEL wh:due");
    ask("HSET wh:t-1 state delivered");
    assert_int_equal(repair(true).indexed, 0);
    assert_says("0", "EXISTS wh:due");
    task_claim_done(&held);
}

static void what_an_ended_task_left_lapses(void **state_) {
    (void)state_;
    static const char *const PARTS[] = {"",        ":meta", ":spec",     ":cb",
                                        ":events", ":log",  ":artifacts"};
    enum { PARTS_COUNT = sizeof PARTS / sizeof PARTS[0] };
    const struct task_artifact artifact = {"a.b", "text/plain", "5a", TEXT("c")};
    submit_with_callback("t-1", NULL);
    struct task_claim held = claim("slot");
    assert_int_equal(task_store_log(store, &held, TEXT("a line\n")), ERR_OK);
    assert_int_equal(task_store_artifact(store, &held, &artifact), ERR_OK);
    finish(&held);
    for (size_t i = 0; i < PARTS_COUNT; i++) {
        assert_says("1", "PERSIST task:t-1%s", PARTS[i]);
    }
    ask("PERSIST gone:t-1");
    assert_int_equal(repair(true).rearmed, PARTS_COUNT + 1);
    for (size_t i = 0; i < PARTS_COUNT; i++) {
        assert_says("86400", "TTL task:t-1%s", PARTS[i]);
    }
    assert_says("2592000", "TTL gone:t-1");
    task_claim_done(&held);
}

static void what_a_vanished_task_left_lapses(void **state_) {
    (void)state_;
    submit_with_callback("t-1", NULL);
    ask("DEL task:t-1:meta");
    repair(true);
    assert_says("86400", "TTL task:t-1:spec");
    assert_says("86400", "TTL task:t-1:cb");
    assert_says("86400", "TTL task:t-1:events");
    assert_says("0", "EXISTS open:ann");
    assert_nothing_to_claim();
    assert_says("0", "EXISTS q:ready:medium");
}

static void what_a_live_task_needs_does_not_lapse(void **state_) {
    (void)state_;
    submit("t-1");
    ask("EXPIRE task:t-1:meta 10");
    ask("EXPIRE task:t-1:spec 10");
    assert_int_equal(repair(true).rearmed, 2);
    assert_says("-1", "TTL task:t-1:meta");
    assert_says("-1", "TTL task:t-1:spec");
}

static void a_name_for_equal_tasks_goes_with_its_task(void **state_) {
    (void)state_;
    static const char UNIQ[] =
        "uniq:0123456789012345678901234567890123456789012345678901234567890123";
    struct task_submit task = a_task("t-1");
    task.unique = UNIQ + strlen("uniq:");
    assert_int_equal(submit_to(store, &task), ERR_OK);
    assert_int_equal(mends(repair(true)), 0);
    ask("SET %s nobody", UNIQ);
    assert_int_equal(repair(true).ghosts, 1);
    assert_says("0", "EXISTS %s", UNIQ);
}

static void keys_of_others_are_left_alone(void **state_) {
    (void)state_;
    static const char *const KEYS[] = {"task:1", "uniq:mine",  "open",
                                       "gone",   "task:a:b:c", "q:mine"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        ask("SET %s x", KEYS[i]);
    }
    ask("HSET task:7:meta a b");
    assert_int_equal(mends(repair(true)), 0);
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        assert_says("-1", "TTL %s", KEYS[i]);
    }
    assert_says("-1", "TTL task:7:meta");
}

static void records_of_live_tasks_do_not_lapse(void **state_) {
    (void)state_;
    static const char *const IDS[] = {"waiting", "running", "delayed"};
    struct task_claim held;
    submit_with("running", TASK_CRITICAL);
    held = claim("slot");
    task_claim_done(&held);
    submit_with("delayed", TASK_CRITICAL);
    held = claim("slot");
    assert_int_equal(task_store_retry(store, &held, 60000, TEXT("{}")), ERR_OK);
    task_claim_done(&held);
    submit("waiting");
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        ask("EXPIRE task:%s 10", IDS[i]);
    }
    repair(true);
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        assert_says("86400", "TTL task:%s", IDS[i]);
        ask("DEL task:%s", IDS[i]);
    }
    repair(true);
    for (size_t i = 0; i < sizeof IDS / sizeof IDS[0]; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%s", state(IDS[i]));
        assert_string_equal(status(IDS[i]), expected);
    }
}

static void records_with_half_a_day_left_are_not_written_again(void **state_) {
    (void)state_;
    char before[32];
    submit("t-1");
    ask("EXPIRE task:t-1 %d", KEYS_TASK_TTL_S / 2 + 100);
    snprintf(before, sizeof before, "%s", ask("EXPIRETIME task:t-1"));
    repair(true);
    assert_says(before, "EXPIRETIME task:t-1");
}

static void long_lists_are_rearmed_to_their_end(void **state_) {
    (void)state_;
    char id[16];
    for (int i = 0; i < 250; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        submit(id);
        ask("EXPIRE task:%s 10", id);
    }
    repair(true);
    assert_says("86400", "TTL task:t-0");
    assert_says("86400", "TTL task:t-249");
}

static void records_of_ended_tasks_lapse(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_claim held = claim("slot");
    finish(&held);
    ask("EXPIRE task:t-1 10");
    repair(true);
    assert_says("10", "TTL task:t-1");
    task_claim_done(&held);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_sound_queue_is_left_as_it_is),
        TEST(a_running_task_without_lease_gets_one),
        TEST(also_when_no_list_names_it),
        TEST(a_lease_far_in_the_future_is_shortened),
        TEST(a_dead_slot_that_nobody_names_is_found),
        TEST(a_task_in_no_list_is_listed_once),
        TEST(a_delayed_task_whose_delay_was_lost_is_listed),
        TEST(in_a_long_list_it_is_listed_when_its_turn_has_passed),
        TEST(tasks_given_back_to_a_long_list_are_not_listed_twice),
        TEST(sets_and_indexes_name_every_live_task),
        TEST(ids_of_nothing_leave_the_set_of_open_tasks),
        TEST(a_callback_that_is_due_nowhere_falls_due),
        TEST(what_an_ended_task_left_lapses),
        TEST(what_a_vanished_task_left_lapses),
        TEST(what_a_live_task_needs_does_not_lapse),
        TEST(a_name_for_equal_tasks_goes_with_its_task),
        TEST(keys_of_others_are_left_alone),
        TEST(records_of_live_tasks_do_not_lapse),
        TEST(records_with_half_a_day_left_are_not_written_again),
        TEST(long_lists_are_rearmed_to_their_end),
        TEST(records_of_ended_tasks_lapse),
    };
    return RUN(tests);
}
