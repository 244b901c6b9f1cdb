/* Who is claimed next, what a claim brings, and what it passes over. */
#include "store/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The ids of the next claims, in order. */
static void assert_claims(const char *const *ids, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct task_claim held = claim("s");
        assert_string_equal(held.id, ids[i]);
        task_claim_done(&held);
    }
}

static void a_claim_brings_everything_the_runner_needs(void **state_) {
    (void)state_;
    submit("t-1");
    struct task_submit task = a_task("t-1");
    struct task_claim held = claim("host:7:1");
    assert_string_equal(held.id, "t-1");
    assert_string_equal(held.slot, "host:7:1");
    assert_string_equal(held.head, task.head);
    assert_string_equal(held.middle, task.middle);
    assert_string_equal(held.spec, "{\"title\":\"a title\"}");
    assert_int_equal(held.attempt, 1);
    assert_int_equal(held.run_timeout_ms, 600000);
    assert_says("t-1", "LRANGE q:proc:host:7:1 0 -1");
    assert_says("1", "ZCARD q:lease");
    assert_says("0", "LLEN q:ready:medium");
    assert_string_equal(status("t-1"), "running");
    task_claim_done(&held);
    assert_nothing_to_claim();
}

static void priorities_are_strict_and_fifo_within_one(void **state_) {
    (void)state_;
    submit_with("low", TASK_LOW);
    submit_with("medium-1", TASK_MEDIUM);
    submit_with("high", TASK_HIGH);
    submit_with("medium-2", TASK_MEDIUM);
    submit_with("critical", TASK_CRITICAL);
    static const char *const ORDER[] = {"critical", "high", "medium-1", "medium-2", "low"};
    assert_claims(ORDER, 5);
}

static void every_tenth_claim_takes_the_oldest(void **state_) {
    (void)state_;
    char id[16];
    submit_with("old", TASK_LOW);
    ask("HSET task:old:meta created_ms 1");
    ask("HINCRBY task:old:meta ready_ms 1000"); /* it was tried, and did not lose its turn by that
                                                 */
    for (int i = 0; i < 12; i++) {
        snprintf(id, sizeof id, "c-%d", i);
        submit_with(id, TASK_CRITICAL);
    }
    for (int i = 1; i <= 11; i++) {
        struct task_claim held = claim("s");
        assert_int_equal(strcmp(held.id, "old") == 0, i == TASK_STORE_FAIR_EVERY);
        task_claim_done(&held);
    }
}

static void ghosts_are_dropped(void **state_) {
    (void)state_;
    enum task_state was;
    submit("cancelled");
    assert_int_equal(task_store_cancel(store, "cancelled", &was), ERR_OK);
    ask("LPUSH q:ready:medium never-was");
    ask("SET task:bad:meta x");
    ask("LPUSH q:ready:medium bad");
    submit("good");
    static const char *const ORDER[] = {"good"};
    assert_claims(ORDER, 1);
    assert_says("0", "LLEN q:ready:medium");
    assert_says("good", "LRANGE q:proc:s 0 -1");
}

static void many_ghosts_cost_no_task(void **state_) {
    (void)state_;
    for (int i = 0; i < 350; i++) {
        ask("LPUSH q:ready:critical ghost-%d", i);
    }
    submit("good");
    static const char *const ORDER[] = {"good"};
    assert_claims(ORDER, 1);
}

static void a_task_without_its_spec_fails_as_damaged(void **state_) {
    (void)state_;
    submit("t-1");
    ask("DEL task:t-1:spec");
    assert_nothing_to_claim();
    assert_string_equal(state("t-1"), "failed");
    assert_non_null(strstr(ask("GET task:t-1"), "\"result\":{\"error\":{\"code\":\"damaged\","));
    assert_string_equal(status("t-1"), "failed");
    assert_says("0", "SCARD open:ann");
    assert_says("t-1", "ZRANGE q:dead 0 -1");
}

static void a_paused_queue_gives_nothing(void **state_) {
    (void)state_;
    submit("t-1");
    assert_int_equal(queue_store_pause(store, true), ERR_OK);
    assert_nothing_to_claim();
    assert_int_equal(queue_store_pause(store, false), ERR_OK);
    static const char *const ORDER[] = {"t-1"};
    assert_claims(ORDER, 1);
}

static void a_record_that_lapsed_is_written_again(void **state_) {
    (void)state_;
    submit("t-1");
    ask("DEL task:t-1");
    struct task_claim held = claim("s");
    assert_string_equal(status("t-1"), "running");
    ask("DEL task:t-1");
    assert_int_equal(task_store_beat(store, &held, KIT_LEASE_MS, TEXT(""), NULL), ERR_OK);
    assert_string_equal(status("t-1"), "running");
    assert_says("86400", "TTL task:t-1");
    task_claim_done(&held);
}

static void a_damaged_key_fails_a_claim_as_a_whole(void **state_) {
    (void)state_;
    static const char *const KEYS[] = {"q:lease",   "q:proc:s", "q:slots",
                                       "q:delayed", "q:dead",   "wh:due"};
    struct task_claim held;
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        ask("FLUSHALL");
        submit("t-1");
        ask("SET %s x", KEYS[i]);
        assert_int_equal(task_store_claim(store, "s", KIT_LEASE_MS, &held), ERR_DAMAGED);
        assert_string_equal(state("t-1"), "pending");
        assert_says("t-1", "LRANGE q:ready:medium 0 -1");
    }
}

static void history_that_cannot_be_written_stops_nothing(void **state_) {
    (void)state_;
    submit("t-1");
    ask("SET task:t-1:events x");
    struct task_claim held = claim("s");
    finish(&held);
    assert_string_equal(status("t-1"), "completed");
    task_claim_done(&held);
}

/* A child that claims and finishes until nothing is left; its count is its exit status. */
static void work(int number) {
    char slot[16];
    int count = 0;
    struct task_claim held;
    snprintf(slot, sizeof slot, "slot-%d", number);
    while (task_store_claim(store, slot, KIT_LEASE_MS, &held) == ERR_OK) {
        if (task_store_finish(store, &held, TASK_COMPLETED, TEXT("{}"), NULL) != ERR_OK) {
            _exit(255);
        }
        task_claim_done(&held);
        count++;
    }
    _exit(count);
}

static void parallel_claimers_take_each_task_once(void **state_) {
    (void)state_;
    enum { TASKS = 100, CLAIMERS = 8 };
    char id[16];
    int sum = 0, ended = 0;
    for (int i = 0; i < TASKS; i++) {
        snprintf(id, sizeof id, "t-%d", i);
        submit(id);
    }
    for (int i = 0; i < CLAIMERS; i++) {
        if (fork() == 0) {
            work(i);
        }
    }
    for (int i = 0; i < CLAIMERS; i++) {
        wait(&ended);
        assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) <= TASKS);
        sum += WEXITSTATUS(ended);
    }
    assert_int_equal(sum, TASKS);
    assert_says("100", "GET q:claims");
    assert_says("0", "EXISTS q:lease q:ready:medium open:ann");
}

static void a_ring_wakes_a_waiting_slot(void **state_) {
    (void)state_;
    assert_int_equal(task_store_wait(store, 1), ERR_EMPTY);
    submit("t-1");
    assert_int_equal(task_store_wait(store, 5000), ERR_OK);
    assert_int_equal(task_store_wait(store, 1), ERR_EMPTY);
}

static void no_attempt_runs_longer_than_a_day(void **state_) {
    (void)state_;
    submit("t-1");
    ask("HSET task:t-1:meta run_timeout_ms 9223372036854775807");
    struct task_claim held = claim("slot");
    assert_int_equal(held.run_timeout_ms, 86400000);
    task_claim_done(&held);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_claim_brings_everything_the_runner_needs),
        TEST(priorities_are_strict_and_fifo_within_one),
        TEST(every_tenth_claim_takes_the_oldest),
        TEST(ghosts_are_dropped),
        TEST(many_ghosts_cost_no_task),
        TEST(a_task_without_its_spec_fails_as_damaged),
        TEST(a_paused_queue_gives_nothing),
        TEST(a_record_that_lapsed_is_written_again),
        TEST(a_damaged_key_fails_a_claim_as_a_whole),
        TEST(history_that_cannot_be_written_stops_nothing),
        TEST(parallel_claimers_take_each_task_once),
        TEST(a_ring_wakes_a_waiting_slot),
        TEST(no_attempt_runs_longer_than_a_day),
    };
    return RUN(tests);
}
