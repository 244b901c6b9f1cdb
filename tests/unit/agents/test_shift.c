/* Goal: sessions of twenty blocks with 8 % noise: at least 85 % of shifts by 10 % are found, at
 * most 1 % of unchanged ones are called shifted. */
#include "agents/shift.h"
#include "noise.h"
#include "unit.h"

enum { TRIALS = 4000, BLOCKS = 20 };

static struct shift trial(double level, unsigned int *seed) {
    double before[BLOCKS], after[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        before[i] = noise_around(100, 0.08, seed);
        after[i] = noise_around(level, 0.08, seed);
    }
    return shift_of(before, BLOCKS, after, BLOCKS);
}

static size_t count_of(double level, enum shift_way way) {
    unsigned int seed = NOISE_SEED;
    size_t count = 0;
    for (size_t i = 0; i < TRIALS; i++)
        count += trial(level, &seed).way == way;
    print_message("%g after 100: %zu of %d are %+d\n", level, count, TRIALS, way);
    return count;
}

static void shifts_of_ten_percent_are_found(void **state) {
    (void)state;
    assert_true(count_of(110, SHIFT_UP) * 100 >= TRIALS * 85);
    assert_true(count_of(110, SHIFT_DOWN) == 0);
    assert_true(count_of(90, SHIFT_DOWN) * 100 >= TRIALS * 85);
}

static void noise_is_no_shift(void **state) {
    (void)state;
    assert_true(count_of(100, SHIFT_UP) * 100 <= TRIALS);
    assert_true(count_of(100, SHIFT_DOWN) * 100 <= TRIALS);
}

static void a_sure_but_small_move_is_none(void **state) {
    double before[BLOCKS], after[BLOCKS];
    (void)state;
    for (size_t i = 0; i < BLOCKS; i++) {
        before[i] = 100 + (double)i / 100;
        after[i] = 104 + (double)i / 100;
    }
    struct shift shift = shift_of(before, BLOCKS, after, BLOCKS);
    assert_true(shift.way == SHIFT_NONE && shift.p < 0.01 && shift.a12 > 0.99);
}

static void few_blocks_show_nothing(void **state) {
    (void)state;
    const double low[] = {1, 1.1, 1.2, 1.3, 1.4}, high[] = {9, 9.1, 9.2, 9.3, 9.4};
    assert_int_equal(shift_of(low, 4, high, 5).way, SHIFT_NONE);
    assert_int_equal(shift_of(low, 5, high, 5).way, SHIFT_UP);
    assert_int_equal(shift_of(high, 5, low, 5).way, SHIFT_DOWN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shifts_of_ten_percent_are_found),
        cmocka_unit_test(noise_is_no_shift),
        cmocka_unit_test(a_sure_but_small_move_is_none),
        cmocka_unit_test(few_blocks_show_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
