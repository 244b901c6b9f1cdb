/* The real agnostic-runner on a real Redis: tasks travel from the queue to their result, and
 * survive what happens to the processes that carry them out. */
#include "runner/daemon.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>

#define SECURITY(url)                                                                              \
    "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"security-compliance\"],"                 \
    "\"target_url\":\"" url "\"}"
#define OUTCOME "agent_results.security-compliance."

/* --- tasks come to their result ----------------------------------------------------- */

static void plugin_of_three_members_carries_out_a_task(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "read -r task; " DONE);
    order("one", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_result("one", "agent_results.qa-analyst.status", "completed");
    assert_result("one", "verdict.status", "GO");
    assert_status("one", "completed");
    stop_runner(runner);
}

static void shell_agent_of_the_documentation_works(void **state_) {
    (void)state_;
    pid_t runner = START("AGNOSTIC_AGENTS_DIR=" TEST_AGENTS);
    order("hello", ANALYST, LONG_MS);
    assert_result("hello", "agent_results.hello.status", "completed");
    struct json *root = await("hello");
    const struct json *findings =
        json_path(json_get(root, "result"), "agent_results.hello.findings");
    assert_int_equal(json_count(findings), 1);
    assert_string_equal(json_str(json_get(json_at(findings, 0), "check_id"), ""), "HELLO-01");
    json_free(root);
    stop_runner(runner);
}

static void task_without_target_is_answered_for_the_agent(void **state_) {
    (void)state_;
    order("none", "{\"title\":\"T\",\"description\":\"D\",\"agents\":[\"security-compliance\"]}",
          LONG_MS);
    pid_t runner = START_PLAIN();
    assert_result("none", OUTCOME "status", "not_available");
    assert_result("none", OUTCOME "reason", "no_target");
    assert_result("none", "verdict.status", "INCOMPLETE");
    stop_runner(runner);
}

static void refused_target_fails_the_task_and_names_the_setting(void **state_) {
    (void)state_;
    order("priv", SECURITY("http://127.0.0.1:8/"), LONG_MS);
    pid_t runner = START("AGNOSTIC_TARGET_ALLOW=127.0.0.1:9");
    assert_status("priv", "failed");
    assert_result("priv", "error.code", "target_refused");
    struct json *root = await("priv");
    const char *message = json_str(json_path(json_get(root, "result"), "error.message"), "");
    assert_non_null(strstr(message, "AGNOSTIC_TARGET_ALLOW"));
    json_free(root);
    stop_runner(runner);
}

static void name_that_does_not_resolve_is_told_by_its_agents(void **state_) {
    (void)state_;
    order("dns", SECURITY("http://no-such-host.invalid/"), LONG_MS);
    pid_t runner = START_PLAIN();
    assert_result("dns", OUTCOME "reason", "target_unresolved");
    assert_result("dns", "verdict.status", "INCOMPLETE");
    stop_runner(runner);
}

static void agent_is_told_only_the_entries_that_concern_its_target(void **state_) {
    (void)state_;
    plugin(
        "security-compliance", ",\"needs\":{\"network\":\"target\"}",
        "read -r task; case $task in *'\"allow\":\"127.0.0.1:9+load=50\"'*'\"max_rps\":25'*) " DONE
        ";; *) echo \"$task\" >&2; exit 64 ;; esac");
    order("told", SECURITY("http://127.0.0.1:9/"), LONG_MS);
    pid_t runner = START("AGNOSTIC_TARGET_ALLOW=10.0.0.0/8+active, 127.0.0.1:9+load=50,.shop.test",
                         "AGNOSTIC_PLUGIN_NETWORK=yes");
    assert_result("told", OUTCOME "status", "completed");
    stop_runner(runner);
    remove_plugin("security-compliance");
}

static void plugin_with_network_needs_the_operators_word(void **state_) {
    (void)state_;
    plugin("security-compliance", ",\"needs\":{\"network\":\"any\"}", DONE);
    order("net", SECURITY("http://127.0.0.1:9/"), LONG_MS);
    pid_t runner = START("AGNOSTIC_TARGET_ALLOW=127.0.0.1:9");
    assert_result("net", OUTCOME "reason", "network_not_allowed");
    stop_runner(runner);
    remove_plugin("security-compliance");
}

static void run_timeout_fails_the_task(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 94210");
    order("slow", ANALYST, 700);
    pid_t runner = START_PLAIN();
    assert_status("slow", "failed");
    assert_result("slow", "error.code", "timeout");
    assert_true(disappears("94210"));
    stop_runner(runner);
}

/* --- processes die ------------------------------------------------------------------ */

static bool no_work_folder_of(const char *pid) {
    char start[32];
    DIR *folder = opendir(run_dir);
    struct dirent *entry;
    bool none = true;
    snprintf(start, sizeof(start), "work-%s-", pid);
    while ((entry = readdir(folder))) {
        none = none && strncmp(entry->d_name, start, strlen(start)) != 0;
    }
    closedir(folder);
    return none;
}

static void work_folder_of_a_killed_slot_is_removed(void **state_) {
    (void)state_;
    char pid[16];
    plugin("qa-analyst", "", "sleep 94218");
    order("folder", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=100");
    assert_true(appears("94218"));
    snprintf(pid, sizeof(pid), "%ld", (long)slot_of("folder"));
    assert_false(no_work_folder_of(pid));
    kill(slot_of("folder"), SIGKILL);
    assert_true(becomes(no_work_folder_of, pid));
    stop_runner(runner);
}

static void work_folder_of_a_killed_runner_is_removed_by_the_next(void **state_) {
    (void)state_;
    char pid[16];
    plugin("qa-analyst", "", "sleep 94219");
    order("next", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_true(appears("94219"));
    snprintf(pid, sizeof(pid), "%ld", (long)slot_of("next"));
    kill(runner, SIGKILL);
    assert_int_equal(end_of(runner), 128 + SIGKILL);
    assert_true(disappears("94219"));
    assert_false(no_work_folder_of(pid));
    runner = START("AGNOSTIC_DRAIN_MS=100");
    assert_true(becomes(no_work_folder_of, pid));
    stop_runner(runner);
}

static void task_of_a_killed_slot_runs_again(void **state_) {
    (void)state_;
    plugin("qa-analyst", "",
           "read -r task; case $task in *'\"attempt\":1,'*) sleep 94211 ;; esac; " DONE);
    order("crash", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_true(appears("94211"));
    kill(slot_of("crash"), SIGKILL);
    assert_status("crash", "completed");
    assert_string_equal(ask("HGET task:crash:meta attempt"), "2");
    assert_true(disappears("94211"));
    stop_runner(runner);
}

static void nothing_outlives_a_killed_parent(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "setsid sh -c 'sleep 94212 & sleep 94212' & sleep 94212");
    order("gone", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_true(appears("94212"));
    kill(runner, SIGKILL);
    assert_int_equal(end_of(runner), 128 + SIGKILL);
    assert_true(disappears("94212"));
    assert_true(disappears(runner_name));
}

static void lost_lease_ends_the_agent_and_writes_nothing(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 94213; " DONE);
    order("taken", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_true(appears("94213"));
    ask("HSET task:taken:meta token another:1");
    assert_true(disappears("94213"));
    assert_string_equal(status("taken"), "running");
    stop_runner(runner);
}

/* --- settings ----------------------------------------------------------------------- */

static void wrong_setting_is_refused_at_the_start(void **state_) {
    (void)state_;
    assert_int_equal(end_of(START("AGNOSTIC_TARGET_ALLOW=what is this")), 78);
    assert_int_equal(end_of(START("AGNOSTIC_RUN_DIR=/nonexistent/a/b")), 78);
}

static void wrong_command_line_is_refused(void **state_) {
    (void)state_;
    const char *const lines[][3] = {{"--slots", "0", NULL},
                                    {"--slots", "many", NULL},
                                    {"--max-time", "5", NULL},
                                    {"--what", NULL, NULL},
                                    {"operand", NULL, NULL}};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(end_of(start_runner_with(lines[i], NULL)), 64);
    }
}

static void write_config(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void reload_takes_new_settings_and_keeps_old_ones_if_they_are_wrong(void **state_) {
    (void)state_;
    char path[100], setting[140];
    snprintf(path, sizeof(path), "%s/agnostic.conf", run_dir);
    snprintf(setting, sizeof(setting), "AGNOSTIC_CONFIG=%s", path);
    write_config(path, "AGNOSTIC_TARGET_ALLOW=10.0.0.0/8\n");
    plugin("security-compliance", "", DONE);
    pid_t runner = START(setting);
    order("before", SECURITY("http://127.0.0.1:9/"), LONG_MS);
    assert_status("before", "failed");
    write_config(path, "AGNOSTIC_TARGET_ALLOW=127.0.0.1:9\n");
    kill(runner, SIGHUP);
    for (int i = 0; i < 50; i++) { /* slots still free take a task as they were */
        char id[16];
        snprintf(id, sizeof(id), "after%d", i);
        order(id, SECURITY("http://127.0.0.1:9/"), LONG_MS);
        json_free(await(id));
        if (strcmp(state(id), "completed") == 0) {
            break;
        }
        usleep(100000);
        assert_int_not_equal(i, 49);
    }
    write_config(path, "AGNOSTIC_NONSENSE=1\n");
    kill(runner, SIGHUP);
    usleep(300000);
    order("still", SECURITY("http://127.0.0.1:9/"), LONG_MS);
    assert_status("still", "completed");
    stop_runner(runner);
    remove_plugin("security-compliance");
    unlink(path);
}

/* Its drain time is for one that stops, not for one that reloads. */
static void reload_lets_tasks_end_however_long_they_take(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 1.5; " DONE);
    order("calm", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=100");
    assert_true(becomes(is_running, "calm"));
    kill(runner, SIGHUP);
    assert_status("calm", "completed");
    assert_says("5", "XLEN task:calm:events"); /* pending, running, its agent, completed */
    stop_runner(runner);
}

static void stop_after_a_reload_hands_back(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 94217");
    order("both", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_DRAIN_MS=100");
    assert_true(appears("94217"));
    kill(runner, SIGHUP);
    usleep(300000);
    stop_runner(runner);
    assert_string_equal(state("both"), "pending");
    assert_true(disappears("94217"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(plugin_of_three_members_carries_out_a_task),
        TEST(shell_agent_of_the_documentation_works),
        TEST(task_without_target_is_answered_for_the_agent),
        TEST(refused_target_fails_the_task_and_names_the_setting),
        TEST(name_that_does_not_resolve_is_told_by_its_agents),
        TEST(agent_is_told_only_the_entries_that_concern_its_target),
        TEST(plugin_with_network_needs_the_operators_word),
        TEST(run_timeout_fails_the_task),
        TEST(task_of_a_killed_slot_runs_again),
        TEST(work_folder_of_a_killed_slot_is_removed),
        TEST(work_folder_of_a_killed_runner_is_removed_by_the_next),
        TEST(nothing_outlives_a_killed_parent),
        TEST(lost_lease_ends_the_agent_and_writes_nothing),
        TEST(wrong_setting_is_refused_at_the_start),
        TEST(wrong_command_line_is_refused),
        TEST(reload_takes_new_settings_and_keeps_old_ones_if_they_are_wrong),
        TEST(reload_lets_tasks_end_however_long_they_take),
        TEST(stop_after_a_reload_hands_back),
    };
    return RUN_DAEMON(tests);
}
