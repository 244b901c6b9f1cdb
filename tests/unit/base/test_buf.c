/* Growing bytes: the ceiling, the sticky error, and who owns them. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/base/buf.h"

static void grows_as_it_is_written(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 100000);
    assert_string_equal(buf_str(&buf), "");
    for (int i = 0; i < 10000; i++)
        buf_printf(&buf, "%d", i % 10);
    buf_puts(&buf, "x");
    assert_false(buf.failed);
    assert_int_equal(buf.len, 10001);
    assert_int_equal(strlen(buf_str(&buf)), 10001);
    buf_done(&buf);
}

static void ceiling_is_exact_and_the_error_stays(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 4);
    buf_puts(&buf, "abcd");
    assert_false(buf.failed);
    buf_putc(&buf, 'e');
    assert_true(buf.failed);
    buf_put(&buf, NULL, 0);
    buf_puts(&buf, "");
    assert_string_equal(buf_str(&buf), "abcd");
    assert_null(buf_room(&buf, 0));
    buf_reset(&buf);
    buf_puts(&buf, "xy");
    assert_string_equal(buf_str(&buf), "xy");
    buf_done(&buf);
}

static void printf_over_the_ceiling_adds_nothing(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 4);
    buf_puts(&buf, "a");
    buf_printf(&buf, "%s", "bcde");
    assert_true(buf.failed);
    assert_string_equal(buf_str(&buf), "a");
    buf_done(&buf);
}

static void cut_takes_back_what_was_put(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 4);
    buf_cut(&buf, 0);
    buf_puts(&buf, "ab");
    buf_puts(&buf, "c");
    buf_puts(&buf, "de");
    buf_cut(&buf, 2);
    assert_false(buf.failed);
    assert_string_equal(buf_str(&buf), "ab");
    buf_done(&buf);
}

static void room_is_counted_when_written(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000);
    char *room = buf_room(&buf, 500);
    assert_non_null(room);
    memcpy(room, "hello", 5);
    buf_wrote(&buf, 5);
    assert_text("hello", buf_text(&buf));
    assert_null(buf_room(&buf, 996));
    buf_done(&buf);
}

static void take_hands_the_bytes_over(void **state) {
    (void)state;
    struct buf buf;
    buf_init(&buf, 4);
    buf_puts(&buf, "abc");
    char *taken = buf_take(&buf);
    assert_string_equal(taken, "abc");
    free(taken);
    taken = buf_take(&buf);
    assert_string_equal(taken, "");
    free(taken);
    buf_puts(&buf, "too long");
    assert_null(buf_take(&buf));
    assert_false(buf.failed);
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_as_it_is_written),
        cmocka_unit_test(ceiling_is_exact_and_the_error_stays),
        cmocka_unit_test(printf_over_the_ceiling_adds_nothing),
        cmocka_unit_test(cut_takes_back_what_was_put),
        cmocka_unit_test(room_is_counted_when_written),
        cmocka_unit_test(take_hands_the_bytes_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
