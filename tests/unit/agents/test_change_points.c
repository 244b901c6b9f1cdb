/* Goal: a series of sessions is cut where its level changed, the same series always at the same
 * places, and one without change hardly ever. */
#include "agents/change_points.h"
#include "noise.h"
#include "unit.h"

enum { TRIALS = 400, SERIES = 20, CHANGE = 13 };

static size_t series_cut(size_t n, double level, unsigned int *seed,
                         size_t starts[static CHANGE_POINTS_MAX]) {
    double values[SERIES];
    for (size_t i = 0; i < n; i++)
        values[i] = noise_around(i < CHANGE ? 100 : level, 0.04, seed);
    return change_points(values, n, starts);
}

static void a_lasting_change_is_found_where_it_began(void **state) {
    size_t starts[CHANGE_POINTS_MAX], found = 0;
    unsigned int seed = NOISE_SEED;
    (void)state;
    for (size_t i = 0; i < TRIALS; i++)
        found += series_cut(SERIES, 120, &seed, starts) == 1 && starts[0] + 1 >= CHANGE &&
                 starts[0] <= CHANGE + 1;
    print_message("changes found: %zu of %d\n", found, TRIALS);
    assert_true(found * 100 >= TRIALS * 95);
}

static void noise_is_no_change(void **state) {
    size_t starts[CHANGE_POINTS_MAX], found = 0;
    unsigned int seed = NOISE_SEED;
    (void)state;
    for (size_t n = CHANGE_POINTS_SERIES_MIN; n <= SERIES; n += 4)
        for (size_t i = 0; i < TRIALS; i++)
            found += series_cut(n, 100, &seed, starts) > 0;
    print_message("false alarms: %zu of %d\n", found, 4 * TRIALS);
    assert_true(found * 100 <= 4 * TRIALS);
}

static void every_level_is_found_in_order(void **state) {
    (void)state;
    const double values[] = {10, 10.1, 10.2, 9.9, 20, 20.1, 19.9, 20.2, 15, 15.1, 14.9, 15.2};
    size_t starts[CHANGE_POINTS_MAX];
    assert_int_equal(change_points(values, 12, starts), 2);
    assert_int_equal(starts[0], 4);
    assert_int_equal(starts[1], 8);
    assert_int_equal(change_points(values, CHANGE_POINTS_SERIES_MIN - 1, starts), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lasting_change_is_found_where_it_began),
        cmocka_unit_test(noise_is_no_change),
        cmocka_unit_test(every_level_is_found_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
