/* Manifests: good ones are read with their defaults, bad ones are refused by name of the
 * faulty member (tests/data/manifests.tsv). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/manifest.h"

static struct manifest read_good(const char *json) {
    struct manifest manifest;
    struct fault fault = {0};
    if (manifest_read(text_of(json), "a.json", &manifest, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return manifest;
}

static void assert_row(const char *json, const char *named) {
    struct manifest manifest;
    struct fault fault = {0};
    enum err err = manifest_read(text_of(json), "a.json", &manifest, &fault);
    if (named[0] == '\0') {
        assert_int_equal(err, ERR_OK);
        manifest_done(&manifest);
    } else if (err != ERR_SYNTAX || !strstr(fault.text, named) || !strstr(fault.text, "a.json")) {
        fail_msg("%s: %d %s", json, (int)err, fault.text);
    }
}

static void every_row_of_the_table_holds(void **state) {
    (void)state;
    FILE *file = fopen(TEST_DATA "/manifests.tsv", "re");
    char *line = NULL;
    size_t size = 0, rows = 0;
    assert_non_null(file);
    while (getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (line[0] != '#' && tab) {
            *tab = '\0';
            assert_row(line, tab + 1);
            rows++;
        }
    }
    free(line);
    fclose(file);
    assert_true(rows > 30);
}

static void three_members_are_enough(void **state) {
    (void)state;
    struct manifest m =
        read_good("{\"manifest\":1,\"name\":\"hello\",\"command\":[\"./a\",\"b\"]}");
    assert_string_equal(m.name, "hello");
    assert_int_equal(m.command_count, 2);
    assert_string_equal(m.command[1], "b");
    assert_true(m.enabled);
    assert_false(m.has_role);
    assert_false(m.strict);
    assert_false(m.browser);
    assert_int_equal(m.network, MANIFEST_NETWORK_NONE);
    assert_int_equal(m.timeout_s, 180);
    assert_int_equal(m.limits.stdout_mb, 32);
    assert_int_equal(m.limits.line_kb, 256);
    manifest_done(&m);
}

static void name_of_the_six_takes_the_role(void **state) {
    (void)state;
    struct manifest m =
        read_good("{\"manifest\":1,\"name\":\"security_compliance\",\"command\":[\"x\"]}");
    assert_string_equal(m.name, "security-compliance");
    assert_true(m.takes_role);
    assert_true(m.has_role);
    assert_int_equal(m.role, ROLE_SECURITY_COMPLIANCE);
    manifest_done(&m);
}

static void other_name_is_attached_to_its_role(void **state) {
    (void)state;
    struct manifest m =
        read_good("{\"manifest\":1,\"name\":\"zap\",\"role\":\"junior_qa\",\"command\":[\"x\"]}");
    assert_true(m.has_role);
    assert_false(m.takes_role);
    assert_int_equal(m.role, ROLE_JUNIOR_QA);
    manifest_done(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_holds),
        cmocka_unit_test(three_members_are_enough),
        cmocka_unit_test(name_of_the_six_takes_the_role),
        cmocka_unit_test(other_name_is_attached_to_its_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
