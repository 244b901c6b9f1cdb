/* How an agent's run ends: by itself, by its limits, by order; and what that comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "runner/agents.h"

char run_dir[64];

static void exit_status_has_its_meaning(void **state) {
    (void)state;
    assert_ended(run("exit 3", ""), OUTCOME_REFUSED, "target_refused");
    assert_ended(run("exit 64", ""), OUTCOME_FAILED, "bad_task");
    assert_ended(run("exit 69", ""), OUTCOME_NOT_AVAILABLE, "need_missing");
    assert_ended(run("exit 7", ""), OUTCOME_FAILED, "agent_crashed");
}

static void exit_status_overrides_a_good_result(void **state) {
    (void)state;
    assert_ended(run(RESULT_LINE "; exit 1", ""), OUTCOME_FAILED, "agent_crashed");
    assert_ended(run(RESULT_LINE "; kill -9 $$", ""), OUTCOME_FAILED, "agent_crashed");
}

static void own_words_of_an_unavailable_agent_stand(void **state) {
    (void)state;
    assert_ended(run("echo '{\"v\":1,\"type\":\"result\",\"status\":\"not_available\","
                     "\"reason\":\"tool_missing\"}'; exit 69",
                     ""),
                 OUTCOME_NOT_AVAILABLE, "tool_missing");
}

static void program_that_cannot_run_is_told(void **state) {
    (void)state;
    struct agent *agent = malloc(sizeof(*agent));
    struct request request = {.title = TEXT("T"), .description = TEXT("D")};
    struct order order = {
        .task_id = "t", .session_id = "s", .attempt = 1, .max_rps = 20, .request = &request};
    struct seen seen = {0};
    shell_agent("", "", agent);
    text_copy(TEXT("/nonexistent/program"), agent->program, sizeof(agent->program));
    assert_int_equal(outcome_new("shell", ROLE_JUNIOR_QA, &seen.outcome), ERR_OK);
    seen_run(&seen, agent, &order, &steady);
    manifest_done(&agent->manifest);
    free(agent);
    assert_ended(seen, OUTCOME_FAILED, "agent_not_started");
}

static void temporary_failure_is_no_outcome(void **state) {
    (void)state;
    struct seen seen = run(RESULT_LINE "; exit 75", "");
    assert_int_equal(seen.err, ERR_TEMPORARY);
    outcome_free(seen.outcome);
}

/* In a process of its own, which may have so many descriptors. */
static void host_without_descriptors_is_no_outcome(void **state) {
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit few = {10, 10};
        setrlimit(RLIMIT_NOFILE, &few);
        struct seen seen = run(RESULT_LINE, "");
        bool said = strstr(seen.fault.text, strerror(EMFILE)) != NULL;
        outcome_free(seen.outcome);
        _exit(seen.err == ERR_IO && said ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void host_without_a_work_folder_is_no_outcome(void **state) {
    (void)state;
    char right[sizeof(run_dir)];
    snprintf(right, sizeof(right), "%s", run_dir);
    snprintf(run_dir, sizeof(run_dir), "/nonexistent/folder");
    struct seen seen = run(RESULT_LINE, "");
    snprintf(run_dir, sizeof(run_dir), "%s", right);
    assert_int_equal(seen.err, ERR_IO);
    outcome_free(seen.outcome);
}

static void timeout_ends_even_one_that_ignores_it(void **state) {
    (void)state;
    assert_ended(run("trap '' TERM; while :; do sleep 1; done", ",\"timeout_s\":1"), OUTCOME_FAILED,
                 "timeout");
}

static void grace_lets_an_agent_say_what_it_had(void **state) {
    (void)state;
    assert_ended(run("trap 'echo "
                     "\"{\\\"v\\\":1,\\\"type\\\":\\\"result\\\",\\\"status\\\":\\\"partial\\\"}\";"
                     "exit 0' TERM; while :; do sleep 0.1; done",
                     ",\"timeout_s\":1"),
                 OUTCOME_PARTIAL, NULL);
}

static bool stop_at_once(void *ctx, int64_t *ret_due_ms) {
    (void)ctx;
    *ret_due_ms = time_mono_ms() + 100;
    return count_processes(nap()) == 0;
}

static void order_to_stop_ends_it_and_says_nothing(void **state) {
    (void)state;
    const struct pulse pulse = {stop_at_once, NULL, -1};
    struct seen seen = run_with(with_nap("sleep NAP"), "", &pulse);
    assert_int_equal(seen.err, ERR_LOST);
    assert_int_equal(count_processes(nap()), 0);
    outcome_free(seen.outcome);
}

static bool stop_when_made(void *ctx, int64_t *ret_due_ms) {
    *ret_due_ms = time_mono_ms() + 100;
    return access(ctx, F_OK) != 0;
}

/* All of it hears TERM, and what does not end by then is killed. */
static void order_to_stop_lets_it_clean_up_first(void **state) {
    (void)state;
    char ready[80], told[80], script[512];
    const struct pulse pulse = {stop_when_made, ready, -1};
    snprintf(ready, sizeof(ready), "%s-ready", run_dir);
    snprintf(told, sizeof(told), "%s-told", run_dir);
    snprintf(script, sizeof(script),
             "trap 'echo told >%s; exit 0' TERM; "
             "setsid sh -c 'trap \"\" TERM; echo >%s; sleep %s' & while :; do sleep 0.05; done",
             told, ready, nap());
    struct seen seen = run_with(script, "", &pulse);
    outcome_free(seen.outcome);
    assert_int_equal(seen.err, ERR_LOST);
    assert_int_equal(unlink(ready), 0);
    assert_int_equal(unlink(told), 0);
    assert_int_equal(count_processes(nap()), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exit_status_has_its_meaning),
        cmocka_unit_test(exit_status_overrides_a_good_result),
        cmocka_unit_test(own_words_of_an_unavailable_agent_stand),
        cmocka_unit_test(program_that_cannot_run_is_told),
        cmocka_unit_test(temporary_failure_is_no_outcome),
        cmocka_unit_test(host_without_descriptors_is_no_outcome),
        cmocka_unit_test(host_without_a_work_folder_is_no_outcome),
        cmocka_unit_test(timeout_ends_even_one_that_ignores_it),
        cmocka_unit_test(grace_lets_an_agent_say_what_it_had),
        cmocka_unit_test(order_to_stop_ends_it_and_says_nothing),
        cmocka_unit_test(order_to_stop_lets_it_clean_up_first),
    };
    return cmocka_run_group_tests(tests, make_run_dir, remove_run_dir);
}
