/* What may not reach people's eyes is replaced, everything else stays. */
#include "agnostic/base/shown.h"
#include "unit.h"

static void expect(const char *text, const char *shown) {
    struct buf buf;
    buf_init(&buf, 4096);
    shown_put(&buf, text_of(text));
    assert_string_equal(buf_str(&buf), shown);
    buf_done(&buf);
}

static void ordinary_text_of_any_language_stays(void **state) {
    (void)state;
    expect("", "");
    expect("plain 100 %", "plain 100 %");
    expect("Grüße, 世界 🚀", "Grüße, 世界 🚀");
}

static void what_steers_a_terminal_or_turns_the_direction_is_replaced(void **state) {
    (void)state;
    expect("a\x1b[31m\r\n\tb\x7f", "a?[31m???b?");
    expect("c1 \xc2\x9b x", "c1 ? x");
    expect("\u202egnp.exe \u2066 \u200b \ufeff \u2028", "?gnp.exe ? ? ? ?");
}

static void bytes_that_are_no_text_are_replaced_one_by_one(void **state) {
    (void)state;
    expect("a\xff\xc0\xaf z", "a??? z");
    expect("cut \xe4\xb8", "cut ??");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_text_of_any_language_stays),
        cmocka_unit_test(what_steers_a_terminal_or_turns_the_direction_is_replaced),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
