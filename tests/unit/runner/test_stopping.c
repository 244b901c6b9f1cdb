/* Runners that are told to stop: what can end ends, the rest is handed back, uncharged; and runners
 * that work the queue off. */
#include "runner/daemon.h"
#include "runner/processes.h"

#include <stdlib.h>

static void stop_lets_a_task_end_that_can(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 0.3; " DONE);
    order("short", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_true(becomes(is_running, "short"));
    stop_runner(runner);
    assert_string_equal(state("short"), "completed");
}

static void stop_hands_back_a_task_that_cannot(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 94214");
    order("long", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=100");
    assert_true(appears("94214"));
    stop_runner(runner);
    assert_string_equal(state("long"), "pending");
    assert_string_equal(ask("HGET task:long:meta attempt"), "0");
    assert_true(disappears("94214"));
}

static void second_stop_hands_back_at_once(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 94215");
    order("now", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=600000");
    assert_true(appears("94215"));
    kill(runner, SIGTERM);
    usleep(200000);
    stop_runner(runner);
    assert_string_equal(state("now"), "pending");
}

static void drain_works_off_the_queue_and_leaves(void **state_) {
    (void)state_;
    const char *const args[] = {"--drain", "--slots", "2", NULL};
    char id[16];
    plugin("qa-analyst", "", DONE);
    for (int i = 0; i < 7; i++) {
        snprintf(id, sizeof(id), "d%d", i);
        order(id, ANALYST, LONG_MS);
    }
    assert_int_equal(end_of(start_runner_with(args, NULL)), 0);
    for (int i = 0; i < 7; i++) {
        snprintf(id, sizeof(id), "d%d", i);
        assert_string_equal(state(id), "completed");
    }
}

static void drain_says_when_redis_cannot_be_reached(void **state_) {
    (void)state_;
    const char *const args[] = {"--drain", NULL};
    const char *const settings[] = {"AGNOSTIC_REDIS_URL=unix:///nonexistent/socket",
                                    "AGNOSTIC_LOG_LEVEL=error", NULL};
    assert_int_equal(end_of(start_runner_with(args, settings)), 75);
}

/* Delayed by its last failure, as it were, for most of a second. */
static void order_for_later(const char *id) {
    long long now_s = strtoll(ask("TIME"), NULL, 10);
    order(id, ANALYST, LONG_MS);
    ask("LREM q:ready:medium 0 %s", id);
    ask("ZADD q:delayed %lld %s", (now_s + 2) * 1000, id);
}

static void drain_leaves_what_is_due_later(void **state_) {
    (void)state_;
    const char *const args[] = {"--drain", NULL};
    plugin("qa-analyst", "", DONE);
    order_for_later("later");
    assert_int_equal(end_of(start_runner_with(args, NULL)), 0);
    assert_string_equal(state("later"), "pending");
}

static void drain_with_time_left_waits_for_what_falls_due_in_it(void **state_) {
    (void)state_;
    const char *const args[] = {"--drain", "--max-time", "60", NULL};
    plugin("qa-analyst", "", DONE);
    order_for_later("soon");
    assert_int_equal(end_of(start_runner_with(args, NULL)), 0);
    assert_string_equal(state("soon"), "completed");
}

static void drain_keeps_to_its_time(void **state_) {
    (void)state_;
    const char *const args[] = {"--drain", "--max-time", "1", NULL};
    const char *const settings[] = {"AGNOSTIC_DRAIN_MS=100", NULL};
    plugin("qa-analyst", "", "sleep 94216");
    order("endless", ANALYST, LONG_MS);
    assert_int_equal(end_of(start_runner_with(args, settings)), 0);
    assert_string_equal(state("endless"), "pending");
}

/* Two slots, a job of a second and one of minutes, whose agent will not hear TERM. */
static void stop_ends_short_jobs_and_hands_back_long_ones(void **state_) {
    (void)state_;
    plugin("qa-analyst", "",
           "read -r task; case $task in *'\"task_id\":\"brief\"'*) sleep 1; " DONE
           "; exit ;; esac; trap '' TERM; sleep 94221; sleep 94221");
    order("brief", ANALYST, LONG_MS);
    order("endless", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=3000");
    assert_true(becomes(is_running, "brief"));
    assert_true(becomes(is_running, "endless"));
    assert_true(appears("94221"));
    order("waiting", ANALYST, LONG_MS);
    stop_runner(runner);
    assert_string_equal(state("brief"), "completed");
    assert_string_equal(state("endless"), "pending");
    assert_string_equal(ask("HGET task:endless:meta attempt"), "0");
    assert_string_equal(ask("HGET task:endless:meta crashes"), "(nil)");
    assert_string_equal(state("waiting"), "pending");
    assert_int_equal(count_processes("94221"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(stop_lets_a_task_end_that_can),
        TEST(stop_hands_back_a_task_that_cannot),
        TEST(second_stop_hands_back_at_once),
        TEST(drain_works_off_the_queue_and_leaves),
        TEST(drain_says_when_redis_cannot_be_reached),
        TEST(drain_leaves_what_is_due_later),
        TEST(drain_with_time_left_waits_for_what_falls_due_in_it),
        TEST(drain_keeps_to_its_time),
        TEST(stop_ends_short_jobs_and_hands_back_long_ones),
    };
    return RUN_DAEMON(tests);
}
