/* Command lines against a table. */
#include "check.h"

#include <string.h>

#include "agnostic/base/options.h"

static const struct option_row rows[] = {
    {"workers", "N", "Processes."},
    {"wait", NULL, "Wait for the outcome."},
    {"a-very-long-option-name", "VALUE", "Help on its own line."},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]), ARGS_MAX = 8 };

static enum err parse(const char *const *words, struct options **ret_options, struct fault *fault) {
    static char program[] = "program";
    char *argv[ARGS_MAX + 1] = {program};
    int argc = 1;
    for (; argc < ARGS_MAX && words[argc - 1] != NULL; argc++)
        argv[argc] = (char *)words[argc - 1];
    return options_parse(rows, ROWS, argc, argv, ret_options, fault);
}
#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct options *parsed(const char *const *words) {
    struct options *options = NULL;
    assert_err(ERR_OK, parse(words, &options, NULL));
    return options;
}

static void values_stand_behind_or_after_an_equals_sign(void **state) {
    (void)state;
    struct options *options = parsed(ARGS("--workers", "4", "url", "--wait"));
    assert_string_equal(options_text(options, "workers"), "4");
    assert_true(options_flag(options, "wait"));
    assert_int_equal(options_count(options), 1);
    assert_string_equal(options_operand(options, 0), "url");
    assert_null(options_operand(options, 1));
    options_free(options);
    options = parsed(ARGS("--workers=a=b"));
    assert_string_equal(options_text(options, "workers"), "a=b");
    assert_false(options_flag(options, "wait"));
    assert_null(options_text(options, "a-very-long-option-name"));
    options_free(options);
}

static void two_dashes_end_the_options(void **state) {
    (void)state;
    struct options *options = parsed(ARGS("-", "--", "--wait", "--"));
    assert_false(options_flag(options, "wait"));
    assert_int_equal(options_count(options), 3);
    assert_string_equal(options_operand(options, 1), "--wait");
    options_free(options);
}

static void an_option_takes_the_word_behind_it_whatever_it_is(void **state) {
    (void)state;
    struct options *options = parsed(ARGS("--workers", "--wait"));
    assert_string_equal(options_text(options, "workers"), "--wait");
    options_free(options);
}

static void mistakes_are_named(void **state) {
    (void)state;
    static const struct {
        const char *words[3];
        const char *said;
    } cases[] = {
        {{"--nope"}, "Unknown option --nope"},
        {{"--nope=1"}, "Unknown option --nope"},
        {{"--work", "4"}, "Unknown option --work"},
        {{"-w"}, "Unknown option -w"},
        {{"--workers"}, "Option --workers needs a value: N"},
        {{"--wait=1"}, "Option --wait takes no value"},
        {{"--wait", "--wait"}, "Option --wait is given twice"},
        {{"--workers=1", "--workers=2"}, "Option --workers is given twice"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct options *options = NULL;
        struct fault fault;
        assert_err(ERR_USAGE, parse(cases[i].words, &options, &fault));
        assert_string_equal(fault.text, cases[i].said);
        assert_null(options);
    }
}

static void numbers_are_whole_and_in_range(void **state) {
    (void)state;
    static const char *const refused[] = {
        "", "x", "1x", "1.5", "9", "-4", " 1", "--1", "99999999999999999999"};
    int64_t n = 7;
    struct fault fault;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct options *options = parsed(ARGS("--workers", refused[i]));
        assert_err(ERR_USAGE, options_int(options, "workers", -3, 8, 1, &n, &fault));
        options_free(options);
    }
    assert_int_equal(n, 7);
    assert_string_equal(fault.text, "Option --workers must be a whole number from -3 to 8");
    struct options *options = parsed(ARGS("--workers", "-3"));
    assert_err(ERR_OK, options_int(options, "workers", -3, 8, 1, &n, &fault));
    assert_int_equal(n, -3);
    assert_err(ERR_OK, options_int(options, "a-very-long-option-name", 0, 8, 5, &n, &fault));
    assert_int_equal(n, 5);
    options_free(options);
}

static void help_has_a_line_for_every_row(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 4096);
    options_help(rows, ROWS, &buf);
    assert_string_equal(buf_str(&buf), "  --workers N           Processes.\n"
                                       "  --wait                Wait for the outcome.\n"
                                       "  --a-very-long-option-name VALUE\n"
                                       "                        Help on its own line.\n");
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_behind_or_after_an_equals_sign),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(an_option_takes_the_word_behind_it_whatever_it_is),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(numbers_are_whole_and_in_range),
        cmocka_unit_test(help_has_a_line_for_every_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
