/* Goal: whoever knows only the program's name finds the rest from it. */
#include "ctl/ctl_kit.h"

#include "agnostic/base/settings.h"
#include "ctl/command.h"

static void every_command_is_in_the_programs_page(void **state) {
    (void)state;
    struct ran *ran = ctl_run("--help", NULL);
    assert_int_equal(ran->status, 0);
    for (size_t i = 0; i < COMMANDS_COUNT; i++)
        assert_non_null(strstr(ran->out, COMMANDS[i].summary));
}

static struct ran *help_of(const char *name) {
    char words[64];
    snprintf(words, sizeof(words), "%s", name);
    char *second = strchr(words, ' ');
    if (second)
        *second++ = '\0';
    return second ? ctl_run(words, second, "--help", NULL) : ctl_run(words, "--help", NULL);
}

static void every_command_has_a_page_with_all_sections(void **state) {
    (void)state;
    static const char *const sections[] = {"NAME\n",      "\nSYNOPSIS\n",    "\nDESCRIPTION\n",
                                           "\nOPTIONS\n", "\nEXIT STATUS\n", "\nEXAMPLES\n"};
    for (size_t i = 0; i < COMMANDS_COUNT; i++) {
        struct ran *ran = help_of(COMMANDS[i].name);
        assert_int_equal(ran->status, 0);
        for (size_t j = 0; j < sizeof(sections) / sizeof(sections[0]); j++)
            assert_non_null(strstr(ran->out, sections[j]));
        for (size_t j = 0; j < COMMANDS[i].options_count; j++)
            assert_non_null(strstr(ran->out, COMMANDS[i].options[j].help));
    }
}

static void no_line_of_a_page_is_wider_than_a_terminal(void **state) {
    (void)state;
    for (size_t i = 0; i < COMMANDS_COUNT; i++) {
        struct text rest = text_of(help_of(COMMANDS[i].name)->out), line;
        while (text_cut(&rest, '\n', &line))
            assert_true(text_points(line) <= 88);
    }
}

static void the_version_is_told(void **state) {
    (void)state;
    struct ran *ran = ctl_run("--version", NULL);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "agnosticctl " AGNOSTIC_VERSION "\n");
}

static void the_sample_has_every_setting_and_needs_none(void **state) {
    (void)state;
    setenv("AGNOSTIC_LEASE_MS", "nonsense", 1);
    struct ran *ran = ctl_run("config", "sample", NULL);
    assert_int_equal(ran->status, 0);
    for (enum settings_id id = 0; id < SETTINGS__COUNT; id++)
        assert_non_null(strstr(ran->out, settings_name(id)));
    assert_int_equal(ctl_run("doctor", NULL)->status, 78);
    unsetenv("AGNOSTIC_LEASE_MS");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_in_the_programs_page),
        cmocka_unit_test(every_command_has_a_page_with_all_sections),
        cmocka_unit_test(no_line_of_a_page_is_wider_than_a_terminal),
        cmocka_unit_test(the_version_is_told),
        cmocka_unit_test(the_sample_has_every_setting_and_needs_none),
    };
    return cmocka_run_group_tests(tests, ctl_set_up, NULL);
}
