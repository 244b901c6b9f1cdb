/* A runner remembers what it tested, and hands it to the agents that ask. */
#include "runner/daemon.h"

#define LOOPBACK "AGNOSTIC_TARGET_ALLOW=127.0.0.1:9"
#define TARGET(more)                                                                               \
    "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"qa-analyst\"],\"target_url\":"           \
    "\"http://127.0.0.1:9/\"" more "}"

/* Tells how many earlier sessions it was given, as its summary. */
static void plugin_that_counts(void) {
    plugin("qa-analyst", ",\"input\":\"task+history\"",
           "read -r task; case $task in *'\"history\":null'*) n=none ;; "
           "*) n=$(wc -l <history.jsonl) ;; esac; "
           "echo '{\"v\":1,\"type\":\"check\",\"id\":\"C\",\"status\":\"passed\"}'; "
           "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"summary\":\"'$n'\"}'");
}

static void assert_given(const char *id, const char *body, const char *sessions) {
    order(id, body, LONG_MS);
    assert_result(id, "agent_results.qa-analyst.summary", sessions);
}

static void earlier_sessions_of_the_target_are_handed_on(void **state_) {
    (void)state_;
    plugin_that_counts();
    pid_t runner = START(LOOPBACK);
    assert_given("first", TARGET(""), "0");
    assert_given("second", TARGET(""), "1");
    assert_given("third", TARGET(""), "2");
    stop_runner(runner);
}

static void sessions_of_other_parameters_are_not(void **state_) {
    (void)state_;
    plugin_that_counts();
    pid_t runner = START(LOOPBACK);
    assert_given("plain", TARGET(""), "0");
    assert_given("bound", TARGET(",\"constraints\":\"p95 under 100 ms\""), "0");
    stop_runner(runner);
}

static void results_of_those_before_it_are_handed_on(void **state_) {
    (void)state_;
    plugin("junior-qa", "",
           "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"summary\":\"seen\"}'");
    plugin("qa-analyst", ",\"input\":\"task+results\"",
           "read -r task; s=$(grep -o '\"summary\":\"[^\"]*' results.json | cut -d'\"' -f4); "
           "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"summary\":\"'$s'\"}'");
    pid_t runner = START(LOOPBACK);
    assert_given(
        "both", "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"junior-qa\",\"qa-analyst\"]}",
        "seen");
    stop_runner(runner);
}

static void who_works_and_what_is_asked_for_is_told(void **state_) {
    (void)state_;
    plugin("qa-analyst", "",
           "read -r task; case $task in "
           "*'\"agents\":[{\"agent\":\"qa-analyst\"'*'\"criteria\":[{\"id\":\"C1\"'*) "
           "s=told ;; *) s=untold ;; esac; "
           "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"summary\":\"'$s'\"}'");
    pid_t runner = START(LOOPBACK);
    assert_given("told", TARGET(",\"constraints\":\"p95 under 100 ms\""), "told");
    stop_runner(runner);
}

static void nothing_is_remembered_for_zero_days(void **state_) {
    (void)state_;
    plugin_that_counts();
    pid_t runner = START(LOOPBACK, "AGNOSTIC_HISTORY_DAYS=0");
    assert_given("first", TARGET(""), "0");
    assert_given("second", TARGET(""), "0");
    assert_says("0", "EXISTS hist:session:session_first hist:session:session_second");
    stop_runner(runner);
}

static void history_lives_as_long_as_it_is_set_to(void **state_) {
    (void)state_;
    plugin_that_counts();
    pid_t runner = START(LOOPBACK, "AGNOSTIC_HISTORY_DAYS=1");
    assert_given("first", TARGET(""), "0");
    assert_says("86400", "TTL hist:session:session_first");
    stop_runner(runner);
}

static void damaged_history_is_passed_over(void **state_) {
    (void)state_;
    plugin_that_counts();
    pid_t runner = START(LOOPBACK);
    assert_given("first", TARGET(""), "0");
    ask("HSET hist:session:session_first summary {");
    assert_given("second", TARGET(""), "0");
    assert_given("third", TARGET(""), "1");
    stop_runner(runner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(earlier_sessions_of_the_target_are_handed_on),
        TEST(sessions_of_other_parameters_are_not),
        TEST(results_of_those_before_it_are_handed_on),
        TEST(who_works_and_what_is_asked_for_is_told),
        TEST(nothing_is_remembered_for_zero_days),
        TEST(history_lives_as_long_as_it_is_set_to),
        TEST(damaged_history_is_passed_over),
    };
    return RUN_DAEMON(tests);
}
