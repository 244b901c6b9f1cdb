/* Goal: percentiles are those of HdrHistogram: the highest value that three digits do not tell
 * apart from the right one, whatever was recorded. */
#include <math.h>
#include <stdlib.h>

#include "agents/performance/histogram.h"
#include "unit.h"

enum { VALUES = 20000, SEED = 424242 };
static const double RANKS[] = {0, 50, 75, 90, 95, 99, 99.9, 100};

static struct histogram *filled_up_to(int64_t last) {
    struct histogram *histogram = NULL;
    assert_int_equal(histogram_new(&histogram), ERR_OK);
    for (int64_t us = 1; us <= last; us++)
        histogram_record(histogram, us);
    return histogram;
}

/* What hdr-histogram-js says for 1..100000. */
static void percentiles_are_the_highest_equivalent_values(void **state) {
    (void)state;
    struct histogram *histogram = filled_up_to(100000);
    assert_int_equal(histogram_count(histogram), 100000);
    assert_int_equal(histogram_percentile(histogram, 50), 50015);
    assert_int_equal(histogram_percentile(histogram, 99), 99007);
    assert_int_equal(histogram_percentile(histogram, 99.9), 99903);
    histogram_free(histogram);
}

static void small_values_are_exact(void **state) {
    (void)state;
    struct histogram *histogram = filled_up_to(2000);
    assert_int_equal(histogram_percentile(histogram, 50), 1000);
    assert_int_equal(histogram_max(histogram), 2000);
    assert_true(fabs(histogram_mean(histogram) - 1000.5) < 1e-6);
    assert_true(fabs(histogram_deviation(histogram) - sqrt((2000.0 * 2000 - 1) / 12)) < 1e-6);
    histogram_free(histogram);
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Values of every magnitude, as likely small as large. */
static int64_t some_value(unsigned int *seed) {
    return (int64_t)exp(rand_r(seed) / (double)RAND_MAX * log(HISTOGRAM_MAX_US));
}

static void it_agrees_with_a_sorted_array_to_three_digits(void **state) {
    (void)state;
    int64_t *sorted = malloc(VALUES * sizeof(*sorted));
    struct histogram *histogram = filled_up_to(0);
    unsigned int seed = SEED;
    for (size_t i = 0; i < VALUES; i++) {
        sorted[i] = some_value(&seed);
        histogram_record(histogram, sorted[i]);
    }
    qsort(sorted, VALUES, sizeof(*sorted), by_size);
    for (size_t i = 0; i < sizeof(RANKS) / sizeof(RANKS[0]); i++) {
        size_t rank = (size_t)ceil(RANKS[i] / 100 * VALUES - 1e-9);
        int64_t exact = sorted[rank < 1 ? 0 : rank - 1];
        int64_t said = histogram_percentile(histogram, RANKS[i]);
        assert_true(said >= exact && (double)(said - exact) <= (double)exact / 1000);
    }
    histogram_free(histogram);
    free(sorted);
}

static void what_is_out_of_range_counts_at_its_end(void **state) {
    (void)state;
    struct histogram *histogram = filled_up_to(0);
    assert_int_equal(histogram_percentile(histogram, 50), 0);
    assert_int_equal(histogram_max(histogram), 0);
    histogram_record(histogram, -5);
    histogram_record(histogram, INT64_MAX);
    assert_int_equal(histogram_percentile(histogram, 50), 1);
    assert_true(histogram_max(histogram) >= HISTOGRAM_MAX_US);
    assert_int_equal(histogram_count(histogram), 2);
    histogram_free(histogram);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_the_highest_equivalent_values),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(it_agrees_with_a_sorted_array_to_three_digits),
        cmocka_unit_test(what_is_out_of_range_counts_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
