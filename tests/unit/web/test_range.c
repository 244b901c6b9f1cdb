/* Which part of a text a Range field asks for. */
#include "unit.h"
#include "web/range.h"

static const struct row {
    const char *field;
    int64_t size;
    enum range_kind kind;
    int64_t first, last;
} ROWS[] = {
    {"bytes=0-", 10, RANGE_PART, 0, 9},
    {"bytes=9-", 10, RANGE_PART, 9, 9},
    {"bytes=2-4", 10, RANGE_PART, 2, 4},
    {"bytes=2-99", 10, RANGE_PART, 2, 9},
    {"bytes=0-99999999999999999999", 10, RANGE_PART, 0, 9},
    {"Bytes= 2-4 ", 10, RANGE_PART, 2, 4},
    {"bytes=-3", 10, RANGE_PART, 7, 9},
    {"bytes=-30", 10, RANGE_PART, 0, 9},
    {"bytes=10-", 10, RANGE_BEYOND, 0, 0},
    {"bytes=0-", 0, RANGE_BEYOND, 0, 0},
    {"bytes=-1", 0, RANGE_BEYOND, 0, 0},
    {"bytes=-0", 10, RANGE_BEYOND, 0, 0},
    {"bytes=99999999999999999999-", 10, RANGE_BEYOND, 0, 0},
    {"", 10, RANGE_WHOLE, 0, 0},
    {"bytes=", 10, RANGE_WHOLE, 0, 0},
    {"bytes=-", 10, RANGE_WHOLE, 0, 0},
    {"bytes=4", 10, RANGE_WHOLE, 0, 0},
    {"bytes=4-2", 10, RANGE_WHOLE, 0, 0},
    {"bytes=0-1,3-4", 10, RANGE_WHOLE, 0, 0},
    {"bytes=--1", 10, RANGE_WHOLE, 0, 0},
    {"bytes=1-2-3", 10, RANGE_WHOLE, 0, 0},
    {"bytes=+1-2", 10, RANGE_WHOLE, 0, 0},
    {"lines=0-", 10, RANGE_WHOLE, 0, 0},
};

static void a_range_is_read_and_kept_inside_the_text(void **unused) {
    (void)unused;
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct range range = {0, 0};
        if (range_read(text_of(ROWS[i].field), ROWS[i].size, &range) != ROWS[i].kind ||
            range.first != ROWS[i].first || range.last != ROWS[i].last)
            fail_msg("\"%s\" of %d", ROWS[i].field, (int)ROWS[i].size);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_read_and_kept_inside_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
