/* Lines come out the same however the bytes were cut up, and never cost more memory than one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "runner/lines.h"

enum { LINE_MAX_BYTES = 16 };

/* Lines joined with '|', a line that was too long as '#'. */
static struct buf seen;

static void note(void *ctx, struct text line, bool too_long) {
    (void)ctx;
    buf_puts(&seen, seen.len ? "|" : "");
    if (too_long) {
        assert_int_equal(line.len, 0);
        buf_putc(&seen, '#');
    }
    buf_puttext(&seen, line);
}

static void assert_lines_in_chunks_of(size_t size, const char *bytes, const char *expected) {
    struct lines lines;
    struct text rest = text_of(bytes);
    buf_reset(&seen);
    lines_init(&lines, LINE_MAX_BYTES, note, NULL);
    while (rest.len > 0) {
        size_t n = rest.len < size ? rest.len : size;
        lines_feed(&lines, text_make(rest.ptr, n));
        rest = text_make(rest.ptr + n, rest.len - n);
        assert_true(lines.held.len <= LINE_MAX_BYTES);
    }
    lines_end(&lines);
    assert_string_equal(buf_str(&seen), expected);
}

static void assert_lines(const char *bytes, const char *expected) {
    for (size_t size = 1; size <= strlen(bytes) + 1; size++) {
        assert_lines_in_chunks_of(size, bytes, expected);
    }
}

static void each_line_comes_whole_whatever_the_chunks(void **state) {
    (void)state;
    assert_lines("one\ntwo\nthree\n", "one|two|three");
}

static void last_line_needs_no_newline(void **state) {
    (void)state;
    assert_lines("one\ntwo", "one|two");
}

static void empty_lines_are_passed_over(void **state) {
    (void)state;
    assert_lines("\n\none\n\n", "one");
}

static void line_of_the_limit_is_whole_and_one_byte_more_is_too_long(void **state) {
    (void)state;
    assert_lines("0123456789abcdef\nx\n", "0123456789abcdef|x");
    assert_lines("0123456789abcdef0\nx\n", "#|x");
}

static void lines_go_on_after_one_that_is_too_long(void **state) {
    (void)state;
    assert_lines("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nok\nbbbbbbbbbbbbbbbbbbbbbbbbbb",
                 "#|ok|#");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_comes_whole_whatever_the_chunks),
        cmocka_unit_test(last_line_needs_no_newline),
        cmocka_unit_test(empty_lines_are_passed_over),
        cmocka_unit_test(line_of_the_limit_is_whole_and_one_byte_more_is_too_long),
        cmocka_unit_test(lines_go_on_after_one_that_is_too_long),
    };
    buf_init(&seen, 4096);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_done(&seen);
    return failed;
}
