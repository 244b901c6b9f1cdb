/* Which agents a runner has: built-in ones, then the operator's folders, the later file of a
 * name winning. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/roster.h"
#include "runner/workdir.h"

static char root[] = "/tmp/agnostic-roster-XXXXXX";
static char builtin[64], first[64], second[64], folders[160];
static struct roster *roster;

static int make_folders(void **state) {
    (void)state;
    memcpy(root + strlen(root) - 6, "XXXXXX", 6);
    if (!mkdtemp(root)) {
        return -1;
    }
    snprintf(builtin, sizeof(builtin), "%s/builtin", root);
    snprintf(first, sizeof(first), "%s/first", root);
    snprintf(second, sizeof(second), "%s/second", root);
    snprintf(folders, sizeof(folders), "%s:%s", first, second);
    return mkdir(builtin, 0700) | mkdir(first, 0700) | mkdir(second, 0700);
}

static int remove_folders(void **state) {
    (void)state;
    roster_free(roster);
    roster = NULL;
    return workdir_remove(root) == ERR_OK ? 0 : -1;
}

static void write_file(const char *folder, const char *name, const char *text, mode_t mode) {
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* A manifest of that name running `program`; members: more of it, with a comma before. */
static void manifest(const char *folder, const char *name, const char *program,
                     const char *members) {
    char file[80], text[512];
    snprintf(file, sizeof(file), "%s.json", name);
    snprintf(text, sizeof(text), "{\"manifest\":1,\"name\":\"%s\",\"command\":[\"%s\"]%s}", name,
             program, members);
    write_file(folder, file, text, 0600);
}

static void load(bool plugin_network) {
    assert_int_equal(roster_load(builtin, folders, plugin_network, &roster), ERR_OK);
}

static const struct agent *agent(const char *name) {
    for (size_t i = 0; i < roster->count; i++) {
        if (strcmp(roster->agents[i]->manifest.name, name) == 0) {
            return roster->agents[i];
        }
    }
    return NULL;
}

static void assert_remark(const char *about) {
    for (size_t i = 0; i < roster->remark_count; i++) {
        if (strstr(roster->remarks[i], about)) {
            return;
        }
    }
    fail_msg("nothing is said of %s", about);
}

static void later_folder_replaces_an_agent_of_the_same_name(void **state) {
    (void)state;
    manifest(builtin, "junior-qa", "sh", "");
    manifest(first, "junior_qa", "cat", "");
    manifest(second, "junior-qa", "ls", "");
    load(false);
    assert_int_equal(roster->count, 1);
    assert_string_equal(agent("junior-qa")->manifest.command[0], "ls");
    assert_false(agent("junior-qa")->builtin);
    assert_int_equal(roster_roles(roster), ROLE_BIT(ROLE_JUNIOR_QA));
}

static void disabled_manifest_removes_an_agent(void **state) {
    (void)state;
    manifest(builtin, "junior-qa", "sh", "");
    manifest(first, "junior-qa", "sh", ",\"enabled\":false");
    load(false);
    assert_int_equal(roster->count, 0);
}

static void agents_stand_in_role_order_each_roles_own_first(void **state) {
    (void)state;
    manifest(first, "aaa", "sh", ",\"role\":\"qa-manager\"");
    manifest(builtin, "qa-analyst", "sh", "");
    manifest(builtin, "qa-manager", "sh", "");
    manifest(first, "bbb", "sh", ",\"role\":\"senior-qa\"");
    load(false);
    const char *const expected[] = {"qa-manager", "aaa", "bbb", "qa-analyst"};
    assert_int_equal(roster->count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(roster->agents[i]->manifest.name, expected[i]);
    }
}

static void what_cannot_be_used_is_said_and_passed_over(void **state) {
    (void)state;
    manifest(first, "stray", "sh", "");
    write_file(first, "bad.json", "{", 0600);
    write_file(first, "readme.txt", "not a manifest", 0600);
    manifest(second, "qa-analyst", "sh", "");
    assert_int_equal(roster_load(builtin, "/nonexistent/folder", false, &roster), ERR_OK);
    assert_remark("/nonexistent/folder");
    roster_free(roster);
    load(false);
    assert_int_equal(roster->count, 1);
    assert_int_equal(roster->remark_count, 2);
    assert_remark("stray");
    assert_remark("bad.json");
}

static void program_is_found_beside_its_manifest_before_path(void **state) {
    (void)state;
    char expected[80];
    write_file(first, "ls", "#!/bin/sh\n", 0700);
    manifest(first, "qa-analyst", "ls", "");
    manifest(first, "qa-manager", "./ls", "");
    manifest(first, "junior-qa", "sh", "");
    load(false);
    snprintf(expected, sizeof(expected), "%s/ls", first);
    assert_string_equal(agent("qa-analyst")->program, expected);
    assert_string_equal(agent("qa-manager")->program, expected);
    assert_true(text_ends(text_of(agent("junior-qa")->program), TEXT("/sh")));
}

static void agent_that_cannot_run_here_says_why(void **state) {
    (void)state;
    manifest(first, "qa-analyst", "no-such-program", "");
    manifest(first, "qa-manager", "sh", ",\"needs\":{\"binaries\":[\"no-such-tool\"]}");
    manifest(first, "junior-qa", "sh", ",\"needs\":{\"network\":\"any\"}");
    load(false);
    assert_string_equal(agent("qa-analyst")->unable, "program_missing");
    assert_string_equal(agent("qa-manager")->unable, "tool_missing");
    assert_string_equal(agent("junior-qa")->unable, "network_not_allowed");
    assert_non_null(strstr(agent("junior-qa")->unable_text, "AGNOSTIC_PLUGIN_NETWORK"));
    assert_int_equal(roster_roles(roster), 0);
}

static void network_of_a_plugin_is_the_operators_to_allow(void **state) {
    (void)state;
    manifest(builtin, "senior-qa", "sh", ",\"needs\":{\"network\":\"target\"}");
    manifest(builtin, "qa-manager", "sh", ",\"needs\":{\"network\":\"any\"}");
    manifest(first, "junior-qa", "sh", ",\"needs\":{\"network\":\"any\"}");
    load(true);
    assert_null(agent("junior-qa")->unable);
    assert_null(agent("qa-manager")->unable);
    roster_free(roster);
    load(false);
    assert_null(agent("senior-qa")->unable);
    assert_string_equal(agent("qa-manager")->unable, "network_not_allowed");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folders, remove_folders)
    const struct CMUnitTest tests[] = {
        TEST(later_folder_replaces_an_agent_of_the_same_name),
        TEST(disabled_manifest_removes_an_agent),
        TEST(agents_stand_in_role_order_each_roles_own_first),
        TEST(what_cannot_be_used_is_said_and_passed_over),
        TEST(program_is_found_beside_its_manifest_before_path),
        TEST(agent_that_cannot_run_here_says_why),
        TEST(network_of_a_plugin_is_the_operators_to_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
