/* Goal: what strangers wrote is quoted harmlessly, and secrets are not quoted. */
#include <string.h>

#include "agents/evidence.h"
#include "unit.h"

static void assert_quoted(const char *text, const char *expected) {
    char quote[EVIDENCE_MAX_BYTES + 1];
    evidence_copy(text_of(text), quote, sizeof(quote));
    assert_string_equal(quote, expected);
}

static void what_is_dangerous_to_show_is_spelled_out(void **state) {
    (void)state;
    assert_quoted("plain \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80",
                  "plain \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
    assert_quoted("\033[31m\r\a", "\\u001b[31m\\u000d\\u0007");
    assert_quoted("\xC2\x9B \xE2\x80\xAE \xE2\x81\xA6", "\\u009b \\u202e \\u2066");
    assert_quoted("\x9b \xff \xC3", "\\x9b \\xff \\xc3");
    assert_quoted("\xC0\x80 \xED\xA0\x80", "\\xc0\\x80 \\xed\\xa0\\x80");
}

static void secrets_are_masked(void **state) {
    (void)state;
    assert_quoted("Set-Cookie: sid=abc; Secure", "Set-Cookie: sid=***; Secure");
    assert_quoted("card 4556526018159081", "card ************9081");
}

static void long_quotes_are_cut(void **state) {
    (void)state;
    char text[3 * EVIDENCE_MAX_BYTES], quote[2 * EVIDENCE_MAX_BYTES], small[8];
    memset(text, 'a', sizeof(text));
    evidence_copy(text_make(text, sizeof(text)), quote, sizeof(quote));
    assert_int_equal(strlen(quote), EVIDENCE_MAX_BYTES);
    evidence_copy(TEXT("aaaaaaaaaaaaaaaa"), small, sizeof(small));
    assert_string_equal(small, "aaaa\xE2\x80\xA6");
}

static void a_hint_shows_little_of_a_secret(void **state) {
    (void)state;
    assert_string_equal(evidence_hint(TEXT("0123456789abcdef")).text, "0123*** (16 bytes)");
    assert_string_equal(evidence_hint(TEXT("hunter22")).text, "*** (8 bytes)");
    assert_string_equal(evidence_hint(TEXT("")).text, "*** (0 bytes)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_dangerous_to_show_is_spelled_out),
        cmocka_unit_test(secrets_are_masked),
        cmocka_unit_test(long_quotes_are_cut),
        cmocka_unit_test(a_hint_shows_little_of_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
