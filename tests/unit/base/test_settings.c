/* Settings from memory: refusals name their line, the environment goes first. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/settings.h"
#include "rows.h"

static void check_row(const struct text *columns, size_t count) {
    struct settings *settings = NULL;
    struct fault fault = {0};
    assert_int_equal(count, 2);
    enum err err = settings_read(columns[0], "test.conf", NULL, &settings, &fault);
    const char *got = err == ERR_OK ? "ok" : fault.text;
    if (!text_is(columns[1], got))
        print_error("%.*s: %s\n", TEXT_ARG(columns[0]), got);
    assert_true(text_is(columns[1], got));
    assert_true(err == ERR_OK || err == ERR_CONFIG);
    settings_free(settings);
}

static void table_of_files(void **state) {
    (void)state;
    assert_true(rows_each("settings_cases.tsv", check_row) > 40);
}

static struct settings *read_settings(const char *file_text, const char *const *env) {
    struct settings *settings = NULL;
    struct fault fault = {0};
    enum err err = settings_read(text_of(file_text), "test.conf", env, &settings, &fault);
    if (err != ERR_OK)
        print_error("%s\n", fault.text);
    assert_err(ERR_OK, err);
    return settings;
}

static void defaults_are_those_of_the_table(void **state) {
    (void)state;
    struct settings *settings = read_settings("", NULL);
    assert_string_equal(settings_text(settings, SETTINGS_API_KEY), "");
    assert_string_equal(settings_text(settings, SETTINGS_REDIS_URL), "redis://127.0.0.1:6379/0");
    assert_int_equal(settings_int(settings, SETTINGS_LEASE_MS), 30000);
    assert_int_equal(settings_int(settings, SETTINGS_BEAT_MS), 10000);
    assert_int_equal(settings_int(settings, SETTINGS_REDIS_VOLATILE_OK), 0);
    assert_true(settings_is(settings, SETTINGS_TASK_READ, "any"));
    settings_free(settings);
}

static void environment_goes_over_the_file(void **state) {
    (void)state;
    static const char *const env[] = {"HOME=/x", "AGNOSTIC_LEASE_MS=4000", "NOVALUE",
                                      "AGNOSTIC_REDIS_VOLATILE_OK=on", NULL};
    struct settings *settings = read_settings("AGNOSTIC_LEASE_MS=9000\nAGNOSTIC_BEAT_MS=500", env);
    assert_int_equal(settings_int(settings, SETTINGS_LEASE_MS), 4000);
    assert_int_equal(settings_int(settings, SETTINGS_BEAT_MS), 500);
    assert_int_equal(settings_int(settings, SETTINGS_REDIS_VOLATILE_OK), 1);
    settings_free(settings);
}

static void a_bad_variable_is_refused_by_name(void **state) {
    (void)state;
    static const char *const env[] = {"AGNOSTIC_LEASE_MS=1", NULL};
    struct settings *settings = NULL;
    struct fault fault;
    assert_err(ERR_CONFIG, settings_read(TEXT(""), "", env, &settings, &fault));
    assert_string_equal(fault.text, "environment: AGNOSTIC_LEASE_MS must be a whole number from "
                                    "200 to 3600000 (ms)");
}

static void an_unset_beat_follows_a_short_lease(void **state) {
    (void)state;
    static const struct {
        const char *file;
        int beat;
    } cases[] = {{"AGNOSTIC_LEASE_MS=200", 66},
                 {"AGNOSTIC_LEASE_MS=15000", 5000},
                 {"AGNOSTIC_LEASE_MS=60000", 10000},
                 {"AGNOSTIC_LEASE_MS=200\nAGNOSTIC_BEAT_MS=100", 100}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct settings *settings = read_settings(cases[i].file, NULL);
        char text[16];
        assert_int_equal(settings_int(settings, SETTINGS_BEAT_MS), cases[i].beat);
        snprintf(text, sizeof(text), "%d", cases[i].beat);
        assert_string_equal(settings_text(settings, SETTINGS_BEAT_MS), text);
        settings_free(settings);
    }
}

static void values_of_secrets_are_never_printed(void **state) {
    (void)state;
    struct settings *settings = NULL;
    struct fault fault;
    assert_err(ERR_CONFIG,
               settings_read(TEXT("WEBGUI_SECRET_KEY=hush-hush"), "f", NULL, &settings, &fault));
    assert_null(strstr(fault.text, "hush"));
}

static void collect(void *ctx, const char *name) {
    char *names = ctx;
    strncat(names, name, 200 - strlen(names));
    strncat(names, " ", 200 - strlen(names));
}

static void unknown_variables_are_reported_not_refused(void **state) {
    (void)state;
    static const char *const env[] = {"AGNOSTIC_LEESE_MS=5",
                                      "AGNOSTIC_CONFIG=/x",
                                      "AGNOSTIC_REDIS_SOCKET=/sock",
                                      "OTHER=1",
                                      "AGNOSTIC_NEW",
                                      NULL};
    char names[256] = "";
    struct settings *settings = read_settings("", env);
    settings_unknown(settings, collect, names);
    assert_string_equal(names, "AGNOSTIC_LEESE_MS AGNOSTIC_NEW ");
    settings_free(settings);
}

static void help_tells_kind_and_default(void **state) {
    (void)state;
    static const enum settings_id ids[] = {SETTINGS_LEASE_MS, SETTINGS_API_KEY};
    struct buf buf;
    buf_init(&buf, 65536);
    settings_help(&buf, ids, 2);
    assert_non_null(strstr(buf_str(&buf), "AGNOSTIC_LEASE_MS"));
    assert_non_null(strstr(buf_str(&buf), "(200 to 3600000 ms; default 30000)"));
    assert_non_null(strstr(buf_str(&buf), "secret; default empty)"));
    buf_done(&buf);
}

static void the_sample_uncommented_is_a_good_file(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 65536);
    settings_sample(&buf);
    for (size_t i = 0; i + 1 < buf.len; i++) /* "#NAME=" lines, not "# words" */
        if (buf.data[i] == '#' && buf.data[i + 1] != ' ')
            buf.data[i] = ' ';
    settings_free(read_settings(buf_str(&buf), NULL));
    for (int id = 0; id < SETTINGS__COUNT; id++)
        assert_non_null(strstr(buf_str(&buf), settings_name(id)));
    buf_done(&buf);
}

/* UPDATE=1 in the environment writes the file anew. */
static void the_committed_sample_is_the_tables(void **state) {
    (void)state;
    static const char path[] = TEST_DATA "/../../deploy/agnostic.conf.sample";
    static char committed[65536];
    struct buf buf;
    buf_init(&buf, sizeof(committed) - 1);
    settings_sample(&buf);
    FILE *file = fopen(path, getenv("UPDATE") != NULL ? "w+" : "r");
    assert_non_null(file);
    if (getenv("UPDATE") != NULL) {
        fputs(buf_str(&buf), file);
        rewind(file);
    }
    size_t len = fread(committed, 1, sizeof(committed) - 1, file);
    fclose(file);
    committed[len] = '\0';
    assert_string_equal(committed, buf_str(&buf));
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_files),
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(environment_goes_over_the_file),
        cmocka_unit_test(a_bad_variable_is_refused_by_name),
        cmocka_unit_test(an_unset_beat_follows_a_short_lease),
        cmocka_unit_test(values_of_secrets_are_never_printed),
        cmocka_unit_test(unknown_variables_are_reported_not_refused),
        cmocka_unit_test(help_tells_kind_and_default),
        cmocka_unit_test(the_sample_uncommented_is_a_good_file),
        cmocka_unit_test(the_committed_sample_is_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
