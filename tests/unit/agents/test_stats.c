/* Goal: p-values are scipy's, as tests/data/stats.tsv records them, far tails and ties included. */
#include <math.h>
#include <stdlib.h>

#include "agents/stats.h"
#include "table.h"

enum { VALUES_MAX = 64 };

static size_t values_of(char *cell, double values[static VALUES_MAX]) {
    size_t count = 0;
    char *word;
    while ((word = strsep(&cell, ",")) != NULL) {
        assert_true(count < VALUES_MAX);
        values[count++] = strtod(word, NULL);
    }
    return count;
}

static void agrees(const char *name, const char *what, double value, const char *cell) {
    double expected = strtod(cell, NULL);
    if (fabs(value - expected) > 1e-9 * fabs(expected))
        fail_msg("%s: %s is %.17g, not %s", name, what, value, cell);
}

static void check_row(char **cells, size_t line) {
    double a[VALUES_MAX], b[VALUES_MAX];
    size_t n = values_of(cells[1], a), m = values_of(cells[2], b);
    (void)line;
    agrees(cells[0], "p by ranks", stats_mann_whitney(a, n, b, m), cells[3]);
    agrees(cells[0], "p by means", stats_t_test(a, n, b, m), cells[4]);
    agrees(cells[0], "A12", stats_a12(a, n, b, m), cells[5]);
    agrees(cells[0], "median", stats_median(a, n), cells[6]);
}

static void values_are_those_of_scipy(void **state) {
    (void)state;
    assert_true(table_each("stats.tsv", 7, check_row) >= 15);
}

static void equal_values_tell_nothing(void **state) {
    (void)state;
    const double same[] = {3, 3, 3, 3};
    assert_true(stats_mann_whitney(same, 4, same, 4) >= 0.5);
    assert_true(stats_t_test(same, 4, same, 4) >= 1);
    assert_true(stats_mann_whitney(same, 0, same, 4) >= 1);
    assert_true(stats_t_test(same, 1, same, 1) >= 1);
}

static void near(double value, double expected) {
    if (fabs(value - expected) > 1e-4 * fabs(expected))
        fail_msg("%.17g, not %.17g", value, expected);
}

/* Wilson 1927; the figures are R's prop.test without continuity. */
static void a_share_lies_where_wilson_says(void **state) {
    double low, high;
    (void)state;
    stats_wilson(1, 10, &low, &high);
    near(low, 0.017876);
    near(high, 0.404150);
    stats_wilson(0, 0, &low, &high);
    assert_true(low == 0 && high == 1);
}

static void one_stray_value_moves_no_slope(void **state) {
    (void)state;
    const double values[] = {1, 2, 3, 40, 5, 6, 7};
    near(stats_theil_sen(values, 7), 1);
    assert_true(stats_theil_sen(values, 1) == 0);
}

/* S = 45, variance = 10 * 9 * 25 / 18 = 125, z = 44 / sqrt(125). */
static void a_rising_series_has_a_trend_and_a_level_one_none(void **state) {
    (void)state;
    const double rising[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, level[] = {3, 3, 3, 3, 3, 3};
    near(stats_mann_kendall(rising, 10), 8.3028e-5);
    assert_true(stats_mann_kendall(level, 6) >= 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_scipy),
        cmocka_unit_test(equal_values_tell_nothing),
        cmocka_unit_test(a_share_lies_where_wilson_says),
        cmocka_unit_test(one_stray_value_moves_no_slope),
        cmocka_unit_test(a_rising_series_has_a_trend_and_a_level_one_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
