/* What is really sent to agents, and what ours really print, is what the schemas say. */
#include "unit.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/task/session.h"
#include "runner/order.h"

static char folder[] = "/tmp/agnostic-contract-XXXXXX";

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

/* The exit status of sh -c command. */
static int shell(const char *command) {
    extern char **environ;
    char *const argv[] = {(char[]){"sh"}, (char[]){"-c"}, strdup(command), NULL};
    pid_t pid;
    int status = -1;
    assert_int_equal(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    free(argv[2]);
    return WEXITSTATUS(status);
}

static void assert_valid(const char *schema, struct text lines) {
    char path[64], command[512];
    snprintf(path, sizeof(path), "%s/x.jsonl", folder);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(lines.ptr, 1, lines.len, file), lines.len);
    fclose(file);
    snprintf(command, sizeof(command), "/usr/bin/python3 %s %s %s", VALIDATE, schema, path);
    int status = shell(command);
    unlink(path);
    assert_int_equal(status, 0);
}

/* --- the task ------------------------------------------------------------------------ */

static const char *task_id = "t-1";

static void put_order(const char *body, const struct target *target, struct buf *line) {
    struct json *root = NULL;
    struct request request;
    struct manifest manifest;
    assert_int_equal(json_parse(text_of(body), &JSON_LIMITS_REQUEST, &root, NULL), ERR_OK);
    assert_int_equal(request_read(root, 0, &request, NULL), ERR_OK);
    assert_int_equal(manifest_read(TEXT("{\"manifest\":1,\"name\":\"x\",\"command\":[\"x\"]}"), "x",
                                   &manifest, NULL),
                     ERR_OK);
    const struct order order = {.task_id = task_id,
                                .max_rps = 50,
                                .session_id = "session_1",
                                .attempt = 2,
                                .request = &request,
                                .target = target};
    buf_init(line, ORDER_MAX_BYTES);
    order_put(&order, &manifest, "/run/w", 1766000000000000, line);
    assert_false(line->failed);
    manifest_done(&manifest);
    json_free(root);
}

static void task_without_target_is_valid(void **state) {
    (void)state;
    struct buf line;
    put_order("{\"title\":\"T\",\"description\":\"D\"}", NULL, &line);
    assert_valid("task", buf_text(&line));
    buf_done(&line);
}

static void task_with_target_is_valid_and_one_line(void **state) {
    (void)state;
    struct buf line;
    struct target target = {.full = strdup("https://shop.test:8443/a?b"),
                            .allow = strdup("shop.test+load=200"),
                            .ip_count = 2,
                            .grant = {true, true, true, 200}};
    assert_int_equal(url_parse(text_of(target.full), &target.url, NULL), ERR_OK);
    addr_parse(TEXT("10.1.2.3"), &target.ips[0]);
    addr_parse(TEXT("::1"), &target.ips[1]);
    put_order("{\"title\":\"T\\nsecond\",\"description\":\"D\\u2028\",\"standards\":[\"GDPR\"],"
              "\"business_goals\":\"g\",\"constraints\":\"c\",\"priority\":\"critical\"}",
              &target, &line);
    assert_valid("task", buf_text(&line));
    assert_int_equal(text_find(buf_text(&line), TEXT("\n")), (long)line.len - 1);
    assert_true(text_find(buf_text(&line), TEXT("\"modes\":[\"passive\",\"safe\",\"active\"]")) >
                0);
    assert_true(text_find(buf_text(&line), TEXT("\"limits\":{\"max_rps\":20,")) > 0);
    buf_done(&line);
    target_done(&target);
}

/* What one session finds by chance the next must be able to find again. */
static void sessions_of_a_target_make_the_same_choices(void **state) {
    (void)state;
    struct target target = {.full = strdup("http://shop.test/"), .allow = strdup("")};
    struct buf lines[2];
    const char *seeds[2];
    assert_int_equal(url_parse(text_of(target.full), &target.url, NULL), ERR_OK);
    for (int i = 0; i < 2; i++) {
        task_id = i == 0 ? "t-1" : "t-2";
        put_order("{\"title\":\"T\",\"description\":\"D\"}", &target, &lines[i]);
        seeds[i] = strstr(buf_str(&lines[i]), "\"seed\":");
        assert_non_null(seeds[i]);
    }
    assert_int_equal(strcspn(seeds[0], ","), strcspn(seeds[1], ","));
    assert_memory_equal(seeds[0], seeds[1], strcspn(seeds[0], ","));
    buf_done(&lines[0]);
    buf_done(&lines[1]);
    target_done(&target);
}

/* --- lines --------------------------------------------------------------------------- */

static void assert_prints_valid_lines(const char *command) {
    char path[64], line[512];
    snprintf(path, sizeof(path), "%s/out.jsonl", folder);
    snprintf(line, sizeof(line), "%s >%s; /usr/bin/python3 %s line %s", command, path, VALIDATE,
             path);
    int status = shell(line);
    unlink(path);
    assert_int_equal(status, 0);
}

static void lines_of_the_shell_agent_are_valid(void **state) {
    (void)state;
    assert_prints_valid_lines("echo '{\"v\":1,\"standards\":[]}' | " TEST_AGENTS "/hello.sh");
    assert_prints_valid_lines("echo '{\"v\":1,\"standards\":[\"X\"]}' | " TEST_AGENTS "/hello.sh");
}

static void lines_of_the_built_in_agents_are_valid(void **state) {
    (void)state;
    struct buf line;
    char command[256];
    put_order("{\"title\":\"T\",\"description\":\"D\"}", NULL, &line);
    setenv("TASK", buf_str(&line), 1);
    buf_done(&line);
    for (int role = 0; role < ROLE__COUNT; role++) {
        snprintf(command, sizeof(command), "printf %%s \"$TASK\" | %s %s", AGENT_PROGRAM,
                 role_name((enum role)role));
        assert_prints_valid_lines(command);
    }
}

/* --- history ------------------------------------------------------------------------- */

static void summary_of_a_session_is_valid(void **state) {
    (void)state;
    struct outcome *outcome;
    struct buf buf;
    char parameters[SECURE_HEX_SIZE];
    const struct request request = {.target_url = TEXT("https://shop.test/")};
    struct session session = {.session_id = "session_1",
                              .task_id = "t-1",
                              .completed_iso = "2026-02-21T10:00:00.123456+00:00",
                              .parameters = parameters,
                              .request = &request,
                              .outcomes = (const struct outcome *const *)&outcome,
                              .count = 1};
    static const char *const LINES[] = {
        "{\"v\":1,\"type\":\"check\",\"id\":\"C\",\"status\":\"failed\",\"component\":\"/\"}",
        "{\"v\":1,\"type\":\"metric\",\"name\":\"m\",\"value\":1}",
        "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C\",\"title\":\"T\",\"severity\":\"low\","
        "\"component\":\"/\"}",
        "{\"v\":1,\"type\":\"result\",\"status\":\"completed\"}"};
    assert_int_equal(outcome_new("x", ROLE_JUNIOR_QA, &outcome), ERR_OK);
    for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
        assert_int_equal(outcome_line(outcome, text_of(LINES[i])), ERR_OK);
    }
    buf_init(&buf, SESSION_MAX_BYTES);
    assert_int_equal(session_parameters(&request, parameters), ERR_OK);
    assert_int_equal(session_put(&session, &buf), ERR_OK);
    assert_valid("session", buf_text(&buf));
    buf_done(&buf);
    outcome_free(outcome);
}

/* --- manifests ----------------------------------------------------------------------- */

static void committed_manifests_are_valid(void **state) {
    (void)state;
    assert_int_equal(shell("/usr/bin/python3 " VALIDATE " manifest " DEPLOY
                           "/agents.d/*.json " TEST_AGENTS "/*.json"),
                     0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(task_without_target_is_valid),
        cmocka_unit_test(task_with_target_is_valid_and_one_line),
        cmocka_unit_test(sessions_of_a_target_make_the_same_choices),
        cmocka_unit_test(lines_of_the_shell_agent_are_valid),
        cmocka_unit_test(lines_of_the_built_in_agents_are_valid),
        cmocka_unit_test(summary_of_a_session_is_valid),
        cmocka_unit_test(committed_manifests_are_valid),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
