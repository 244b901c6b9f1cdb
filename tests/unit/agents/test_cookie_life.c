/* Goal: how long a cookie is kept is read as browsers read it. */
#include "agents/security/cookie_life.h"
#include "unit.h"

enum { NOW_S = 1800000000, NONE = -1 }; /* 2027-01-15T08:00:00Z */

static void assert_life(const char *line, int64_t seconds) {
    struct cookie cookie;
    int64_t life = NONE;
    assert_true(cookie_parse(text_of(line), &cookie));
    assert_int_equal(cookie_life(&cookie, NOW_S, &life), seconds != NONE);
    assert_int_equal(life, seconds);
}

static void a_session_cookie_has_no_life_of_its_own(void **state) {
    (void)state;
    assert_life("a=1", NONE);
    assert_life("a=1; Max-Age=soon", NONE);
    assert_life("a=1; Expires=soon", NONE);
}

static void max_age_counts_before_expires(void **state) {
    (void)state;
    assert_life("a=1; Max-Age=60", 60);
    assert_life("a=1; Expires=Fri, 15 Jan 2027 08:02:00 GMT; Max-Age=60", 60);
    assert_life("a=1; Max-Age=99999999999999999999", NONE);
    assert_life("a=1; Max-Age=9999999999999", INT64_C(100) * 366 * 86400);
}

static void dates_are_read_leniently(void **state) {
    (void)state;
    assert_life("a=1; Expires=Fri, 15 Jan 2027 08:02:00 GMT", 120);
    assert_life("a=1; Expires=Fri, 15-Jan-27 08:02:00 GMT", 120);
    assert_life("a=1; Expires=Friday, 15-January-2027 8:2:0", 120);
    assert_life("a=1; Expires=Jan 15 08:02:00 2027", 120);
    assert_life("a=1; Expires=Fri, 15 Jan 2027 08:02 GMT", NONE);
    assert_life("a=1; Expires=Fri, 32 Jan 2027 08:02:00 GMT", NONE);
    assert_life("a=1; Expires=Fri, 15 Jan 2027 07:59:00 GMT", NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_cookie_has_no_life_of_its_own),
        cmocka_unit_test(max_age_counts_before_expires),
        cmocka_unit_test(dates_are_read_leniently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
