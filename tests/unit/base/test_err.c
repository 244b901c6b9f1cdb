/* The error table: every row is usable, and the rows clients know are pinned. */
#include "check.h"

#include <string.h>

static void every_row_is_complete(void **state) {
    (void)state;
    for (int err = 0; err < ERR__COUNT; err++) {
        assert_true(err_word(err)[0] != '\0');
        assert_true(err_text(err)[0] != '\0');
        assert_in_range(err_status(err), 200, 599);
        assert_in_range(err_exit(err), 0, 78);
    }
}

static void only_ok_is_success(void **state) {
    (void)state;
    assert_int_equal(ERR_OK, 0);
    for (int err = 1; err < ERR__COUNT; err++) {
        assert_true(err_status(err) >= 400);
        assert_true(err_exit(err) != 0);
    }
}

static void words_and_sentences_of_the_original_are_kept(void **state) {
    (void)state;
    assert_string_equal(err_word(ERR_NO_TASK), "task_not_found");
    assert_string_equal(err_text(ERR_NO_TASK), "Task not found");
    assert_string_equal(err_text(ERR_BAD_KEY), "Invalid API key");
    assert_string_equal(err_text(ERR_NO_CREDENTIAL), "Missing or invalid authorization header");
    assert_int_equal(err_status(ERR_NO_TASK), 404);
    assert_int_equal(err_exit(ERR_USAGE), 64);
}

static void a_number_outside_the_table_is_an_internal_error(void **state) {
    (void)state;
    assert_int_equal(err_status((enum err)ERR__COUNT), 500);
}

static void a_fault_keeps_code_and_words_and_cuts_long_ones(void **state) {
    (void)state;
    struct fault fault;
    assert_err(ERR_CONFIG, fault_set(&fault, ERR_CONFIG, "line %d", 3));
    assert_err(ERR_CONFIG, fault.err);
    assert_string_equal(fault.text, "line 3");
    fault_set(&fault, ERR_CONFIG, "%0600d", 1);
    assert_int_equal(strlen(fault.text), sizeof(fault.text) - 1);
    assert_err(ERR_IO, fault_set(NULL, ERR_IO, "nobody listens"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(only_ok_is_success),
        cmocka_unit_test(words_and_sentences_of_the_original_are_kept),
        cmocka_unit_test(a_number_outside_the_table_is_an_internal_error),
        cmocka_unit_test(a_fault_keeps_code_and_words_and_cuts_long_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
