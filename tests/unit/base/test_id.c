/* Names of tasks and sessions. */
#include "check.h"

#include <string.h>

#include "agnostic/base/id.h"

static void task_ids_are_version_4_uuids(void **state) {
    (void)state;
    char id[ID_UUID_SIZE];
    for (int i = 0; i < 100; i++) {
        assert_err(ERR_OK, id_uuid4(id));
        assert_int_equal(strlen(id), 36);
        assert_int_equal(strspn(id, "0123456789abcdef-"), 36);
        assert_true(id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-');
        assert_int_equal(id[14], '4');
        assert_non_null(strchr("89ab", id[19]));
        assert_true(id_is_task(text_of(id)));
    }
}

static void two_ids_differ(void **state) {
    (void)state;
    char a[ID_UUID_SIZE], b[ID_UUID_SIZE];
    assert_err(ERR_OK, id_uuid4(a));
    assert_err(ERR_OK, id_uuid4(b));
    assert_string_not_equal(a, b);
}

static void session_ids_are_the_originals(void **state) {
    (void)state;
    char id[ID_SESSION_SIZE];
    id_session(1771668000123456, "0a1b2c3d-1111-4222-8333-444455556666", id);
    assert_string_equal(id, "session_20260221_100000_0a1b2c3d");
    id_session(0, "short", id);
    assert_string_equal(id, "session_19700101_000000_short");
}

static void what_the_original_takes_as_a_task_id(void **state) {
    (void)state;
    char longest[102];
    memset(longest, 'a', sizeof(longest));
    assert_true(id_is_task(TEXT("A-z-09")));
    assert_true(id_is_task(text_make(longest, 100)));
    assert_false(id_is_task(text_make(longest, 101)));
    static const char *const refused[] = {"", "a_b", "a.b", "a/b", "a b", "\xC3\xA9", "a\n", "a%"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(id_is_task(text_of(refused[i])));
    assert_false(id_is_task(TEXT("a\0")));
}

static void a_uuid_is_known_by_its_form(void **state) {
    (void)state;
    char made[ID_UUID_SIZE];
    assert_int_equal(id_uuid4(made), ERR_OK);
    assert_true(id_is_uuid(text_of(made)));
    assert_true(id_is_uuid(TEXT("0A1B2C3D-1111-4222-8333-444455556666")));
    static const char *const refused[] = {"",
                                          "abc",
                                          "0a1b2c3d-1111-4222-8333-44445555666",
                                          "0a1b2c3d-1111-4222-8333-4444555566667",
                                          "0a1b2c3d01111-4222-8333-444455556666",
                                          "0a1b2c3g-1111-4222-8333-444455556666"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(id_is_uuid(text_of(refused[i])));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(task_ids_are_version_4_uuids),
        cmocka_unit_test(two_ids_differ),
        cmocka_unit_test(session_ids_are_the_originals),
        cmocka_unit_test(what_the_original_takes_as_a_task_id),
        cmocka_unit_test(a_uuid_is_known_by_its_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
