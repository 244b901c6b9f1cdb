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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_scipy),
        cmocka_unit_test(equal_values_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
