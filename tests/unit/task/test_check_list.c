/* Goal: the agents' own table of checks is read whole, or refused. */
#include "agnostic/task/check_list.h"
#include "unit.h"

#define TWO                                                                                        \
    "{\"id\":\"A-1\",\"variants\":[{\"title\":\"bad\",\"severity\":\"high\"},"                     \
    "{\"title\":\"odd\",\"severity\":\"low\"}]}\n"                                                 \
    "{\"id\":\"A-2\",\"variants\":[{\"title\":\"slow\",\"severity\":\"medium\"}]}\n"

static void checks_are_found_by_their_ids(void **state) {
    (void)state;
    struct check_list *list;
    size_t index;
    assert_int_equal(check_list_read(TEXT(TWO), &list), ERR_OK);
    assert_int_equal(check_list_count(list), 2);
    assert_true(check_list_find(list, TEXT("A-2"), &index));
    assert_string_equal(check_list_id(list, index), "A-2");
    assert_false(check_list_find(list, TEXT("A-"), &index));
    assert_true(check_list_begins(list, TEXT("A-")));
    assert_false(check_list_begins(list, TEXT("A-3")));
    check_list_free(list);
}

static void a_title_is_that_of_the_severity(void **state) {
    (void)state;
    struct check_list *list;
    assert_int_equal(check_list_read(TEXT(TWO), &list), ERR_OK);
    assert_string_equal(check_list_title(list, 0, SEVERITY_LOW), "odd");
    assert_string_equal(check_list_title(list, 0, SEVERITY_HIGH), "bad");
    assert_string_equal(check_list_title(list, 0, SEVERITY_INFO), "bad");
    check_list_free(list);
}

static void what_is_no_such_table_is_refused(void **state) {
    (void)state;
    static const char *const BAD[] = {
        "",
        "\n",
        "{}",
        "[]",
        "x",
        TWO "{\"id\":\"A-1\",\"variants\":[{\"title\":\"t\",\"severity\":\"low\"}]}",
        "{\"id\":\"A-1\",\"variants\":[]}",
        "{\"id\":\"\",\"variants\":[{\"title\":\"t\",\"severity\":\"low\"}]}",
        "{\"id\":\"A-1\",\"variants\":[{\"title\":\"t\",\"severity\":\"dire\"}]}",
        "{\"id\":\"A-1\",\"variants\":[{\"severity\":\"low\"}]}"};
    struct check_list *list;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        assert_int_equal(check_list_read(text_of(BAD[i]), &list), ERR_SYNTAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_are_found_by_their_ids),
        cmocka_unit_test(a_title_is_that_of_the_severity),
        cmocka_unit_test(what_is_no_such_table_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
