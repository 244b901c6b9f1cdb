/* Command lines of tools: one word is one argument, whatever stands in it. */
#include "agents/adapters/argument.h"
#include "unit.h"

static const struct argument ROW[] = {{"scan", ARGUMENT_ALWAYS},
                                      {"--sni={host}", ARGUMENT_NAMED},
                                      {"-6", ARGUMENT_V6},
                                      {"--deep", ARGUMENT_ACTIVE | ARGUMENT_TLS},
                                      {"{}{nothing}{ip", ARGUMENT_ALWAYS},
                                      {"{host}:{port}", ARGUMENT_ALWAYS},
                                      {NULL, 0}};

static void a_word_stays_one_argument(void **unused) {
    (void)unused;
    const struct argument_values values = {
        .facts = ARGUMENT_NAMED, .host = "a b;$(c) --d", .port = "1"};
    struct argument_line line;
    assert_int_equal(argument_line_make(ROW, &values, &line, NULL), ERR_OK);
    assert_int_equal(line.count, 4);
    assert_string_equal(line.argv[0], "scan");
    assert_string_equal(line.argv[1], "--sni=a b;$(c) --d");
    assert_string_equal(line.argv[2], "{}{nothing}{ip");
    assert_string_equal(line.argv[3], "a b;$(c) --d:1");
    assert_null(line.argv[4]);
    argument_line_done(&line);
}

static void a_word_is_there_when_all_its_facts_hold(void **unused) {
    (void)unused;
    struct argument_values values = {.facts = ARGUMENT_ACTIVE, .host = "h", .port = "1"};
    struct argument_line line;
    assert_int_equal(argument_line_make(ROW, &values, &line, NULL), ERR_OK);
    assert_int_equal(line.count, 3);
    argument_line_done(&line);
    values.facts |= ARGUMENT_TLS | ARGUMENT_V6;
    assert_int_equal(argument_line_make(ROW, &values, &line, NULL), ERR_OK);
    assert_string_equal(line.argv[1], "-6");
    assert_string_equal(line.argv[2], "--deep");
    argument_line_done(&line);
}

static void a_value_is_never_an_option(void **unused) {
    (void)unused;
    const struct argument_values values = {.host = "-oG", .port = "1"};
    struct argument_line line;
    struct fault fault;
    assert_int_equal(argument_line_make(ROW, &values, &line, &fault), ERR_REFUSED);
}

static void a_value_that_is_not_known_is_told(void **unused) {
    (void)unused;
    const struct argument_values values = {.port = "1"};
    struct argument_line line;
    struct fault fault;
    assert_int_equal(argument_line_make(ROW, &values, &line, &fault), ERR_NOT_AVAILABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_stays_one_argument),
        cmocka_unit_test(a_word_is_there_when_all_its_facts_hold),
        cmocka_unit_test(a_value_is_never_an_option),
        cmocka_unit_test(a_value_that_is_not_known_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
