/* Attempts that came to nothing through no fault of the task: it waits and is tried again. */
#include "runner/daemon.h"

#include <stdlib.h>
#include <sys/resource.h>

static bool waits_for_another_attempt(const char *id) {
    return strcmp(state(id), "pending") == 0 &&
           strcmp(ask("ZSCORE q:delayed %s", id), "(nil)") != 0;
}

/* Whole seconds of Redis' clock: up to one too many. */
static double due_in_s(const char *id) {
    double due_ms = strtod(ask("ZSCORE q:delayed %s", id), NULL);
    return due_ms / 1000 - strtod(ask("TIME"), NULL);
}

static void temporary_failure_is_tried_again_after_a_while(void **state_) {
    (void)state_;
    plugin("qa-analyst", "",
           "read -r task; case $task in *'\"attempt\":1,'*) exit 75 ;; esac; " DONE);
    order("again", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_true(becomes(waits_for_another_attempt, "again"));
    double due_s = due_in_s("again");
    assert_true(due_s > 2 && due_s <= 13);
    assert_string_equal(status("again"), "pending");
    expire_delay("again");
    assert_status("again", "completed");
    assert_string_equal(ask("HGET task:again:meta fails"), "1");
    stop_runner(runner);
}

static int fails_wanted;

static bool has_failed_so_often(const char *id) {
    return strtol(ask("HGET task:%s:meta fails", id), NULL, 10) == fails_wanted &&
           waits_for_another_attempt(id);
}

static void task_whose_every_attempt_fails_so_has_failed(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "exit 75");
    order("never", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    for (fails_wanted = 1; fails_wanted < TASK_STORE_ATTEMPTS_MAX; fails_wanted++) {
        assert_true(becomes(has_failed_so_often, "never"));
        expire_delay("never");
    }
    assert_status("never", "failed");
    assert_result("never", "error.code", "temporary_failure");
    stop_runner(runner);
}

static pid_t start_runner_with_few_files(rlim_t files) {
    struct rlimit before, few;
    const char *const settings[] = {"AGNOSTIC_LOG_LEVEL=error", NULL};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){files, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    pid_t runner = start_runner_with(NULL, settings);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    return runner;
}

static bool first_of_many_waits(const char *unused) {
    (void)unused;
    return strtol(ask("ZCARD q:delayed"), NULL, 10) > 0;
}

/* Descriptors enough to talk to Redis, too few to start an agent. Each slot rests after its first
 * failure, so that a sick host does not use up the attempts of the whole queue. */
static void host_without_descriptors_leaves_its_tasks_to_be_tried_again(void **state_) {
    (void)state_;
    char id[16];
    plugin("qa-analyst", "", DONE);
    for (int i = 0; i < 8; i++) {
        snprintf(id, sizeof(id), "fd-%d", i);
        order(id, ANALYST, LONG_MS);
    }
    pid_t runner = start_runner_with_few_files(10);
    assert_true(becomes(first_of_many_waits, ""));
    usleep(1000000);
    assert_in_range(strtol(ask("GET q:claims"), NULL, 10), 1, 2);
    stop_runner(runner);
    runner = START_PLAIN();
    for (int i = 0; i < 8; i++) {
        snprintf(id, sizeof(id), "fd-%d", i);
        ask("ZADD q:delayed XX 0 %s", id);
        assert_status(id, "completed");
    }
    stop_runner(runner);
}

/* As an operator may have it (`prlimit --nofile=32`): enough. */
static void thirty_two_descriptors_are_enough(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", DONE);
    order("few", ANALYST, LONG_MS);
    pid_t runner = start_runner_with_few_files(32);
    assert_status("few", "completed");
    assert_string_equal(ask("HGET task:few:meta attempt"), "1");
    stop_runner(runner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(temporary_failure_is_tried_again_after_a_while),
        TEST(task_whose_every_attempt_fails_so_has_failed),
        TEST(host_without_descriptors_leaves_its_tasks_to_be_tried_again),
        TEST(thirty_two_descriptors_are_enough),
    };
    return RUN_DAEMON(tests);
}
