/* Plug-ins that a task names: they run for it and for no other. */
#include "runner/daemon.h"

#define RUNS(name)                                                                                 \
    "echo '{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"summary\":\"" name "\"}'"
#define BESIDE ",\"role\":\"qa-analyst\""
#define NAMED BESIDE ",\"when\":\"named\""
#define FOR(agents) "{\"title\":\"T\",\"description\":\"D\",\"agents\":[" agents "]}"

static void install(void) {
    plugin("qa-analyst", "", RUNS("own"));
    plugin("beside", BESIDE, RUNS("beside"));
    plugin("asked", NAMED, RUNS("asked"));
}

static void task_of(const char *id, const char *body) {
    order(id, body, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_status(id, "completed");
    stop_runner(runner);
}

static void a_role_runs_without_what_wants_to_be_named(void **state_) {
    (void)state_;
    install();
    task_of("role", FOR("\"qa-analyst\""));
    assert_result("role", "agent_results.qa-analyst.summary", "own");
    assert_result("role", "agent_results.beside.summary", "beside");
    assert_result("role", "agent_results.asked.summary", "");
}

static void a_plugin_that_is_named_runs_alone(void **state_) {
    (void)state_;
    install();
    task_of("alone", FOR("\"qa_analyst/asked\""));
    assert_result("alone", "agent_results.asked.summary", "asked");
    assert_result("alone", "agent_results.qa-analyst.summary", "");
    assert_result("alone", "agent_results.beside.summary", "");
    assert_result("alone", "verdict.status", "GO");
}

static void a_plugin_runs_once_however_it_is_chosen(void **state_) {
    (void)state_;
    install();
    task_of("once", FOR("\"qa-analyst\",\"qa-analyst/beside\",\"qa-analyst/asked\""));
    assert_result("once", "agent_results.qa-analyst.summary", "own");
    assert_result("once", "agent_results.beside.summary", "beside");
    assert_result("once", "agent_results.asked.summary", "asked");
}

static void a_plugin_that_is_not_there_is_not_available(void **state_) {
    (void)state_;
    install();
    task_of("absent", FOR("\"qa-analyst/nosuch\",\"senior-qa/asked\""));
    assert_result("absent", "agent_results.nosuch.status", "not_available");
    assert_result("absent", "agent_results.nosuch.reason", "no_agent");
    assert_result("absent", "agent_results.asked.status", "not_available");
    assert_result("absent", "verdict.status", "INCOMPLETE");
}

static void a_plugin_without_its_tool_says_so_when_it_is_named(void **state_) {
    (void)state_;
    install();
    plugin("asked", NAMED ",\"needs\":{\"binaries\":[\"no-such-tool\"]}", RUNS("asked"));
    task_of("toolless", FOR("\"qa-analyst\",\"qa-analyst/asked\""));
    assert_result("toolless", "agent_results.asked.status", "not_available");
    assert_result("toolless", "agent_results.asked.reason", "tool_missing");
    task_of("silent", FOR("\"qa-analyst\""));
    assert_result("silent", "agent_results.asked.status", "");
    assert_result("silent", "verdict.status", "GO");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_role_runs_without_what_wants_to_be_named),
        TEST(a_plugin_that_is_named_runs_alone),
        TEST(a_plugin_runs_once_however_it_is_chosen),
        TEST(a_plugin_that_is_not_there_is_not_available),
        TEST(a_plugin_without_its_tool_says_so_when_it_is_named),
    };
    return RUN_DAEMON(tests);
}
