/* The six agents and how clients may write them. */
#include "agnostic/task/role.h"
#include "unit.h"

static void every_name_reads_back(void **unused) {
    (void)unused;
    for (int i = 0; i < ROLE__COUNT; i++) {
        enum role role;
        assert_true(role_read(text_of(role_name((enum role)i)), &role));
        assert_int_equal(role, i);
        assert_non_null(role_title((enum role)i));
    }
    assert_string_equal(role_name(ROLE_SECURITY_COMPLIANCE), "security-compliance");
}

static void underscores_are_as_good_as_hyphens(void **unused) {
    (void)unused;
    enum role role;
    assert_true(role_read(TEXT("security_compliance"), &role));
    assert_int_equal(role, ROLE_SECURITY_COMPLIANCE);
    assert_true(role_read(TEXT("qa_manager"), &role));
    assert_int_equal(role, ROLE_QA_MANAGER);
}

static void nothing_else_is_an_agent(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"",          "qa",           "qa-managers",  "QA-manager",
                                        "security",  " performance", "performance ", "*",
                                        "junior qa", "qa-manage"};
    enum role role = ROLE__COUNT;
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_false(role_read(text_of(WRONG[i]), &role));
    assert_int_equal(role, ROLE__COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_reads_back),
        cmocka_unit_test(underscores_are_as_good_as_hyphens),
        cmocka_unit_test(nothing_else_is_an_agent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
