/* What the owner of a task is told while it runs: log, history, progress. */
#include "runner/daemon.h"

#include <stdlib.h>

static const char *log_of(const char *id) {
    return ask("GET task:%s:log", id);
}

static long counted(const char *command) {
    const char *stats = ask("INFO commandstats");
    char start[64];
    snprintf(start, sizeof(start), "cmdstat_%s:calls=", command);
    const char *at = strstr(stats, start);
    return at ? strtol(at + strlen(start), NULL, 10) : 0;
}

static void log_holds_what_agents_say(void **state_) {
    (void)state_;
    plugin("qa-analyst", "",
           "read -r task; echo 'X-API-Key: hunter2hunter2' >&2; echo for people >&2; "
           "echo '{\"v\":1,\"type\":\"log\",\"level\":\"warn\",\"message\":\"slow\"}'; " DONE);
    order("said", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_status("said", "completed");
    assert_non_null(strstr(log_of("said"), " == attempt 1: qa-analyst ==\n"));
    assert_non_null(strstr(log_of("said"), " 1 qa-analyst stderr: for people\n"));
    assert_non_null(strstr(log_of("said"), " 1 qa-analyst warn: slow\n"));
    assert_null(strstr(log_of("said"), "hunter2"));
    stop_runner(runner);
}

static bool is_heard(const char *id) {
    return strstr(log_of(id), "stderr: early") != NULL;
}

static void log_can_be_read_while_the_agent_runs(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "echo early >&2; sleep 94241");
    order("live", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=100");
    assert_true(becomes(is_heard, "live"));
    assert_true(is_running("live"));
    stop_runner(runner);
}

static void many_lines_travel_together(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "seq 2000 >&2; " DONE);
    order("many", ANALYST, LONG_MS);
    long before = counted("append");
    pid_t runner = START_PLAIN();
    assert_status("many", "completed");
    assert_non_null(strstr(log_of("many"), "stderr: 2000\n"));
    assert_in_range(counted("append") - before, 1, 20);
    stop_runner(runner);
}

static void log_that_cannot_be_written_fails_no_task(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "echo hello >&2; sleep 1.5; echo again >&2; " DONE);
    order("mute", ANALYST, LONG_MS);
    ask("LPUSH task:mute:log x");
    pid_t runner = START_PLAIN();
    assert_status("mute", "completed");
    assert_string_equal(ask("HGET task:mute:meta attempt"), "1");
    stop_runner(runner);
}

static void history_tells_each_agent(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", DONE);
    plugin("senior-qa", "", "exit 1");
    order("two",
          "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"qa-analyst\",\"senior-qa\"]}",
          LONG_MS);
    pid_t runner = START_PLAIN();
    assert_status("two", "completed");
    const char *events = ask("XRANGE task:two:events - +");
    assert_non_null(strstr(events, "ev agent_started agent qa-analyst"));
    assert_non_null(strstr(events, "ev agent_ended agent qa-analyst why completed"));
    assert_non_null(strstr(events, "ev agent_started agent senior-qa"));
    assert_non_null(strstr(events, "ev agent_ended agent senior-qa why failed: agent_crashed"));
    stop_runner(runner);
    remove_plugin("senior-qa");
}

static bool tells_half(const char *id) {
    return strcmp(ask("HGET task:%s:meta progress", id),
                  "{\"percent\":75,\"done\":1,\"total\":2,\"agent\":\"qa-analyst\","
                  "\"agent_percent\":50,\"agents\":{\"senior-qa\":\"completed\","
                  "\"qa-analyst\":\"running\"}}") == 0;
}

static void progress_names_what_runs_and_how_far_all_is(void **state_) {
    (void)state_;
    plugin("senior-qa", "", DONE);
    plugin("qa-analyst", "",
           "echo '{\"v\":1,\"type\":\"progress\",\"done\":1,\"total\":2}'; sleep 94242");
    order("far",
          "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"senior-qa\",\"qa-analyst\"]}",
          LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=100");
    if (!becomes(tells_half, "far")) {
        fail_msg("%s", ask("HGET task:far:meta progress"));
    }
    stop_runner(runner);
    remove_plugin("senior-qa");
}

static bool one_is_busy(const char *unused) {
    (void)unused;
    char key[80];
    snprintf(key, sizeof(key), "%s", ask("KEYS runner:*"));
    return strstr(ask("HGETALL %s", key), "slots 2 busy 1") != NULL;
}

static void runner_tells_what_it_is_while_it_is_busy(void **state_) {
    (void)state_;
    char key[80];
    plugin("qa-analyst", "", "sleep 94243");
    order("busy", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=100");
    assert_true(appears("94243"));
    assert_true(becomes(one_is_busy, ""));
    snprintf(key, sizeof(key), "%s", ask("KEYS runner:*"));
    assert_non_null(strstr(ask("HGETALL %s", key), "version " AGNOSTIC_VERSION));
    assert_non_null(strstr(ask("HGETALL %s", key), "draining 0"));
    assert_string_equal(ask("ZRANGE q:runners 0 -1"), key + strlen("runner:"));
    stop_runner(runner);
    assert_says("0", "ZCARD q:runners");
    assert_says("(nil)", "KEYS runner:*");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(log_holds_what_agents_say),
        TEST(log_can_be_read_while_the_agent_runs),
        TEST(many_lines_travel_together),
        TEST(log_that_cannot_be_written_fails_no_task),
        TEST(history_tells_each_agent),
        TEST(progress_names_what_runs_and_how_far_all_is),
        TEST(runner_tells_what_it_is_while_it_is_busy),
    };
    return RUN_DAEMON(tests);
}
