/* Entity tags: same bytes same tag; If-None-Match as RFC 9110 has it. */
#include "unit.h"
#include "web/etag.h"

static void a_tag_is_made_from_the_bytes_alone(void **unused) {
    (void)unused;
    char one[ETAG_SIZE], same[ETAG_SIZE], other[ETAG_SIZE];
    assert_true(etag_of(TEXT("{\"a\":1}"), one));
    assert_true(etag_of(TEXT("{\"a\":1}"), same));
    assert_true(etag_of(TEXT("{\"a\":2}"), other));
    assert_string_equal(one, same);
    assert_string_not_equal(one, other);
    assert_true(etag_of(TEXT(""), one));
    assert_string_equal(one, "\"e3b0c44298fc1c14\"");
}

static void strong_weak_list_and_star_match(void **unused) {
    (void)unused;
    static const char *const YES[] = {"\"abc\"", "W/\"abc\"",      "*",
                                      " * ",     "\"x\", \"abc\"", "\"x\",W/\"abc\",\"y\""};
    static const char *const NO[] = {"",      "abc",       "\"ab\"",   "\"abc", "\"ABC\"",
                                     "\"x\"", "w/\"abc\"", "*, \"x\"", ",",     "W/"};
    for (size_t i = 0; i < sizeof(YES) / sizeof(YES[0]); i++)
        assert_true(etag_matches(text_of(YES[i]), "\"abc\""));
    for (size_t i = 0; i < sizeof(NO) / sizeof(NO[0]); i++)
        assert_false(etag_matches(text_of(NO[i]), "\"abc\""));
    assert_false(etag_matches((struct text){0}, "\"abc\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_made_from_the_bytes_alone),
        cmocka_unit_test(strong_weak_list_and_star_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
