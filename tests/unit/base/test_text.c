/* Views: comparing, cutting, numbers, UTF-8, base64. */
#include "check.h"

#include <string.h>

static void equality_looks_at_every_byte(void **state) {
    (void)state;
    assert_true(text_eq(TEXT("ab"), TEXT("ab")));
    assert_false(text_eq(TEXT("ab"), TEXT("abc")));
    assert_false(text_eq(TEXT("ab"), TEXT("aB")));
    assert_true(text_ieq(TEXT("aB-1"), TEXT("Ab-1")));
    assert_false(text_ieq(TEXT("@["), TEXT("`{"))); /* only letters have a case */
    assert_true(text_eq(text_of(NULL), text_of("")));
}

static void prefixes_and_suffixes(void **state) {
    (void)state;
    assert_true(text_starts(TEXT("https://x"), TEXT("https")));
    assert_false(text_starts(TEXT("htt"), TEXT("https")));
    assert_true(text_istarts(TEXT("HTTPS://x"), TEXT("https")));
    assert_true(text_ends(TEXT("a.test"), TEXT(".test")));
    assert_false(text_ends(TEXT("test"), TEXT(".test")));
    assert_true(text_ends(text_of(NULL), TEXT("")));
}

static void finding_gives_the_first_offset(void **state) {
    (void)state;
    assert_int_equal(text_find(TEXT("a,b,c"), TEXT(",")), 1);
    assert_int_equal(text_find(TEXT("abc"), TEXT("abcd")), -1);
    assert_int_equal(text_find(text_of(NULL), TEXT("a")), -1);
    assert_int_equal(text_find(text_of(NULL), TEXT("")), 0);
    assert_int_equal(text_ifind(TEXT("xxMaX-Age"), TEXT("max-age")), 2);
    assert_int_equal(text_ifind(TEXT("max"), TEXT("maxx")), -1);
}

static void trimming_takes_blanks_of_both_ends(void **state) {
    (void)state;
    assert_text("a b", text_trim(TEXT(" \t\r\na b\n ")));
    assert_text("", text_trim(TEXT(" \t ")));
}

static void cutting_gives_every_part_and_the_empty_last_one(void **state) {
    (void)state;
    struct text rest = TEXT("a,,b,"), part;
    const char *const parts[] = {"a", "", "b", ""};
    for (size_t i = 0; i < 4; i++) {
        assert_true(text_cut(&rest, ',', &part));
        assert_text(parts[i], part);
    }
    assert_false(text_cut(&rest, ',', &part));
}

static void copying_refuses_what_does_not_fit_or_holds_a_nul(void **state) {
    (void)state;
    char dst[4];
    assert_true(text_copy(TEXT("abc"), dst, sizeof(dst)));
    assert_string_equal(dst, "abc");
    assert_false(text_copy(TEXT("abcd"), dst, sizeof(dst)));
    assert_string_equal(dst, "");
    assert_false(text_copy(TEXT("a\0b"), dst, sizeof(dst)));
    assert_true(text_copy(text_of(NULL), dst, sizeof(dst)));
}

static void numbers_are_digits_within_a_maximum(void **state) {
    (void)state;
    uint64_t n = 7;
    assert_true(text_u64(TEXT("18446744073709551615"), UINT64_MAX, &n));
    assert_true(n == UINT64_MAX);
    assert_true(text_u64(TEXT("007"), 7, &n));
    assert_int_equal(n, 7);
    static const char *const refused[] = {"", "8", "-1", "+1", " 1", "1 ", "1a", "0x1", "70"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(text_u64(text_of(refused[i]), 7, &n));
    assert_false(text_u64(TEXT("18446744073709551616"), UINT64_MAX, &n));
    assert_int_equal(n, 7);
}

static void utf8_is_well_formed_or_not(void **state) {
    (void)state;
    assert_true(text_is_utf8(TEXT("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF")));
    static const char *const refused[] = {"\x80",         "\xC0\x80",         "\xC3",
                                          "\xE0\x80\x80", "\xED\xA0\x80",     "\xF0\x80\x80\x80",
                                          "\xE2\x82",     "\xF4\x90\x80\x80", "\xFF"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(text_is_utf8(text_of(refused[i])));
}

static void lengths_are_counted_in_code_points(void **state) {
    (void)state;
    struct text t = TEXT("a\xC3\xA9\xF0\x9F\x98\x80z");
    assert_int_equal(text_points(t), 4);
    assert_text("a\xC3\xA9", text_head(t, 2));
    assert_text("", text_head(t, 0));
    assert_int_equal(text_head(t, 9).len, t.len);
}

static void hex_is_lower_case(void **state) {
    (void)state;
    char dst[7];
    text_hex("\x00\xAB\xFF", 3, dst);
    assert_string_equal(dst, "00abff");
}

static void base64url_is_strict(void **state) {
    (void)state;
    unsigned char dst[8];
    size_t len;
    assert_true(text_base64url(TEXT("-_-_"), dst, sizeof(dst), &len));
    assert_int_equal(len, 3);
    assert_memory_equal(dst, "\xFB\xFF\xBF", 3);
    assert_true(text_base64url(TEXT("Zm8"), dst, sizeof(dst), &len));
    assert_memory_equal(dst, "fo", len);
    assert_true(text_base64url(TEXT(""), dst, sizeof(dst), &len));
    assert_int_equal(len, 0);
    static const char *const refused[] = {
        "Z", "Zm8=", "Zm9", "Zn", "Zm+/", "Z m8", "Zm9vZm9vZm9vZm9v"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(text_base64url(text_of(refused[i]), dst, sizeof(dst), &len));
}

/* RFC 4648 section 10, and the two digits that base64url has otherwise. */
static void base64_goes_both_ways(void **state) {
    (void)state;
    static const char *const PAIRS[][2] = {
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xFB\xFF", "+/8="}};
    for (size_t i = 0; i < sizeof(PAIRS) / sizeof(PAIRS[0]); i++) {
        char text[TEXT_BASE64_SIZE(8)], back[8];
        size_t len = strlen(PAIRS[i][0]), back_len = 99;
        text_base64_put(PAIRS[i][0], len, text);
        assert_string_equal(text, PAIRS[i][1]);
        assert_true(text_base64(text_of(text), back, sizeof(back), &back_len));
        assert_int_equal(back_len, len);
        assert_memory_equal(back, PAIRS[i][0], len);
    }
    char back[8];
    size_t len;
    assert_true(text_base64(TEXT("Zm8"), back, sizeof(back), &len));
    static const char *const REFUSED[] = {"Z", "====", "Zm8==", "Zg=", "-_8=", "Zm8=Zm8="};
    for (size_t i = 0; i < sizeof(REFUSED) / sizeof(REFUSED[0]); i++)
        assert_false(text_base64(text_of(REFUSED[i]), back, sizeof(back), &len));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality_looks_at_every_byte),
        cmocka_unit_test(prefixes_and_suffixes),
        cmocka_unit_test(finding_gives_the_first_offset),
        cmocka_unit_test(trimming_takes_blanks_of_both_ends),
        cmocka_unit_test(cutting_gives_every_part_and_the_empty_last_one),
        cmocka_unit_test(copying_refuses_what_does_not_fit_or_holds_a_nul),
        cmocka_unit_test(numbers_are_digits_within_a_maximum),
        cmocka_unit_test(utf8_is_well_formed_or_not),
        cmocka_unit_test(lengths_are_counted_in_code_points),
        cmocka_unit_test(hex_is_lower_case),
        cmocka_unit_test(base64url_is_strict),
        cmocka_unit_test(base64_goes_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
