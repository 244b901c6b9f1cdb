/* Goal: two answers show what of a page changes with every request, and only what is left of it
 * tells it from another. */
#include "agents/junior/look.h"

#include "agnostic/base/buf.h"
#include "unit.h"

static struct look_mask mask;

static bool alike(const char *a, const char *b) {
    return look_compare(text_of(a), text_of(b), &mask);
}

static bool same(const char *a, const char *b) {
    return look_of(&mask, text_of(a)) == look_of(&mask, text_of(b));
}

static void words_that_differ_are_no_part_of_a_look(void **state) {
    (void)state;
    assert_true(alike("<p>There is no /a here<i>1</i>", "<p>There is no /b here<i>2</i>"));
    assert_int_equal(mask.count, 2);
    assert_true(same("<p>There is no /a here<i>1</i>", "<p>There is no /c/d here<i>77</i>"));
    assert_false(same("<p>There is no /a here<i>1</i>", "<p>There is a /c here<i>1</i>"));
}

static void more_or_fewer_words_are_another_look(void **state) {
    (void)state;
    assert_false(alike("one two three four", "one two three four five"));
    assert_true(alike("one two three /a", "one two three /b"));
    assert_false(same("one two three /a", "one two three /a /b"));
    assert_false(same("one two three /a", "one two three"));
}

static void answers_that_have_little_in_common_are_not_alike(void **state) {
    (void)state;
    assert_false(alike("", ""));
    assert_false(alike("/a", "/b"));
    assert_false(alike("not /a", "not /b"));
    assert_false(alike("a b c d e f g h", "1 2 3 4 e f g h"));
    assert_true(alike("one two three", "one two three"));
}

static void words_are_counted_within_bounds(void **state) {
    struct buf a, b;
    (void)state;
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    for (int i = 0; i < LOOK_WILD_MAX + 1; i++) {
        buf_puts(&a, "x x x a ");
        buf_puts(&b, "x x x b ");
    }
    assert_false(look_compare(buf_text(&a), buf_text(&b), &mask));
    buf_done(&a);
    buf_done(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_differ_are_no_part_of_a_look),
        cmocka_unit_test(more_or_fewer_words_are_another_look),
        cmocka_unit_test(answers_that_have_little_in_common_are_not_alike),
        cmocka_unit_test(words_are_counted_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
