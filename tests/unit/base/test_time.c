/* Moments as the original writes and reads them. */
#include "check.h"

#include <stdlib.h>
#include <time.h>

#include "agnostic/base/time.h"

static const int64_t MOMENT = 1771668000123456; /* 2026-02-21T10:00:00.123456Z */

static void moments_are_written_as_python_does(void **state) {
    (void)state;
    char dst[TIME_ISO_SIZE];
    time_iso_utc(MOMENT, dst);
    assert_string_equal(dst, "2026-02-21T10:00:00.123456+00:00");
    time_iso_utc(MOMENT - 123456, dst);
    assert_string_equal(dst, "2026-02-21T10:00:00+00:00");
    time_iso_utc(-1, dst);
    assert_string_equal(dst, "1969-12-31T23:59:59.999999+00:00");
    time_rfc3339_ms(MOMENT, dst);
    assert_string_equal(dst, "2026-02-21T10:00:00.123Z");
}

static void key_records_use_local_time_without_offset(void **state) {
    (void)state;
    char dst[TIME_ISO_SIZE];
    setenv("TZ", "EAT-3", 1);
    tzset();
    time_iso_local(MOMENT, dst);
    assert_string_equal(dst, "2026-02-21T13:00:00.123456");
    time_iso_utc(MOMENT, dst);
    assert_string_equal(dst, "2026-02-21T10:00:00.123456+00:00");
    setenv("TZ", "UTC", 1);
    tzset();
}

static void every_written_form_is_read_back(void **state) {
    (void)state;
    static const char *const same[] = {
        "2026-02-21T10:00:00.123456+00:00", "2026-02-21T10:00:00.123456Z",
        "2026-02-21t10:00:00.123456z",      "2026-02-21 10:00:00.123456",
        "2026-02-21T12:30:00.123456+02:30", "2026-02-20T23:00:00.123456-11:00",
        "2026-02-21T10:00:00.1234567890Z",
    };
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        int64_t us = 0;
        assert_true(time_parse_iso(text_of(same[i]), &us));
        assert_true(us == MOMENT);
    }
    int64_t us = 0;
    assert_true(time_parse_iso(TEXT("2024-02-29T23:59:60Z"), &us));
    assert_true(us == 1709251200000000);
    assert_true(time_parse_iso(TEXT("1969-12-31T23:59:59.5Z"), &us));
    assert_true(us == -500000);
}

static void what_is_no_moment_is_refused(void **state) {
    (void)state;
    static const char *const refused[] = {
        "",
        "2026-02-21",
        "2026-02-21T10:00",
        "2026-02-21T10:00:00.",
        "2026-02-21T10:00:00.Z",
        "2026-02-21T10:00:00+0000",
        "2026-02-21T10:00:00+24:00",
        "2026-02-21T24:00:00Z",
        "2026-02-21T10:60:00Z",
        "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-00-01T10:00:00Z",
        "2026-01-00T10:00:00Z",
        "0000-01-01T10:00:00Z",
        "2026-02-21T10:00:00Zx",
        "2026-02-21T10:00:00 Z",
        " 2026-02-21T10:00:00Z",
        "1771668000",
        "soon",
    };
    int64_t us = 7;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(time_parse_iso(text_of(refused[i]), &us));
    assert_int_equal(us, 7);
}

static void clocks_move_forward(void **state) {
    (void)state;
    int64_t mono = time_mono_ms(), wall = time_wall_us();
    time_sleep_ms(2);
    time_sleep_ms(-1);
    assert_true(time_mono_ms() > mono);
    assert_true(time_wall_us() > wall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_written_as_python_does),
        cmocka_unit_test(key_records_use_local_time_without_offset),
        cmocka_unit_test(every_written_form_is_read_back),
        cmocka_unit_test(what_is_no_moment_is_refused),
        cmocka_unit_test(clocks_move_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
