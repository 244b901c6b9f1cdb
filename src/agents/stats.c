/* Medians, ranks and means of small samples. Must not know what was measured. */
#include "agents/stats.h"

#include <math.h>
#include <stdlib.h>

static int stats_by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double stats_median(double *values, size_t n) {
    if (n == 0)
        return 0;
    qsort(values, n, sizeof(*values), stats_by_size);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/* --- ranks ---------------------------------------------------------------------------------- */

/* Pairs in which b's is greater; equal ones count half. Exact: halves of integers. */
static double stats_wins(const double *a, size_t n, const double *b, size_t m) {
    double wins = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            wins += (double)(b[k] > a[i]) + (double)(b[k] == a[i]) / 2;
    return wins;
}

double stats_a12(const double *a, size_t n, const double *b, size_t m) {
    return n == 0 || m == 0 ? 0.5 : stats_wins(a, n, b, m) / ((double)n * (double)m);
}

static size_t stats_equals(double value, const double *values, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += values[i] == value;
    return count;
}

/* The sum of t^3 - t over the groups of t equal values is that of t^2 - 1 over their members. */
static double stats_ties(const double *of, size_t count, const double *other, size_t others) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double t = (double)(stats_equals(of[i], of, count) + stats_equals(of[i], other, others));
        sum += t * t - 1;
    }
    return sum;
}

double stats_mann_whitney(const double *a, size_t n, const double *b, size_t m) {
    double pairs = (double)n * (double)m, all = (double)(n + m);
    double ties = stats_ties(a, n, b, m) + stats_ties(b, m, a, n);
    double variance = n + m < 2 ? 0 : pairs / 12 * (all + 1 - ties / (all * (all - 1)));
    double away = stats_wins(a, n, b, m) - pairs / 2 - 0.5;
    return variance <= 0 ? 1 : erfc(away / sqrt(2 * variance)) / 2;
}

/* --- means ---------------------------------------------------------------------------------- */

enum { FRACTION_STEPS_MAX = 300 };
#define FRACTION_ENOUGH 1e-15
#define FRACTION_TINY 1e-300

static double stats_not_zero(double x) {
    return fabs(x) < FRACTION_TINY ? FRACTION_TINY : x;
}

/* The continued fraction of the incomplete beta function, from its front (Lentz). */
static double stats_beta_fraction(double a, double b, double x) {
    double c = 1, d = 1 / stats_not_zero(1 - (a + b) * x / (a + 1)), product = d;
    for (int k = 1; k < FRACTION_STEPS_MAX; k++) {
        double even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
        double odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
        d = 1 / stats_not_zero(1 + even * d);
        c = stats_not_zero(1 + even / c);
        product *= c * d;
        d = 1 / stats_not_zero(1 + odd * d);
        c = stats_not_zero(1 + odd / c);
        product *= c * d;
        if (fabs(c * d - 1) < FRACTION_ENOUGH)
            break;
    }
    return product;
}

/* The regularised incomplete beta function, where the fraction converges fast. */
static double stats_beta(double a, double b, double x) {
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * stats_beta_fraction(a, b, x) / a
                                     : 1 - front * stats_beta_fraction(b, a, 1 - x) / b;
}

static double stats_mean(const double *values, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

static double stats_squares(const double *values, size_t n, double mean) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum;
}

double stats_t_test(const double *a, size_t n, const double *b, size_t m) {
    if (n == 0 || m == 0 || n + m < 3)
        return 1;
    double mean_a = stats_mean(a, n), mean_b = stats_mean(b, m), freedom = (double)(n + m) - 2;
    double squares = stats_squares(a, n, mean_a) + stats_squares(b, m, mean_b);
    double away = (mean_a - mean_b) * (mean_a - mean_b);
    double error = squares / freedom * (1 / (double)n + 1 / (double)m);
    if (away == 0)
        return 1;
    return stats_beta(freedom / 2, 0.5, freedom / (freedom + away / error));
}

/* --- shares ----------------------------------------------------------------------------------- */

void stats_wilson(size_t hits, size_t n, double *ret_low, double *ret_high) {
    const double z = 1.959964; /* 95 % of a normal distribution lie within so many deviations */
    double count = (double)n, share = n > 0 ? (double)hits / count : 0;
    double centre = share + z * z / (2 * count), scale = 1 + z * z / count;
    double spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count));
    *ret_low = n > 0 ? fmax(0, (centre - spread) / scale) : 0;
    *ret_high = n > 0 ? fmin(1, (centre + spread) / scale) : 1;
}

/* --- series ----------------------------------------------------------------------------------- */

double stats_theil_sen(const double *values, size_t n) {
    double slopes[STATS_SERIES_MAX * (STATS_SERIES_MAX - 1) / 2];
    size_t count = 0;
    if (n > STATS_SERIES_MAX)
        n = STATS_SERIES_MAX;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            slopes[count++] = (values[k] - values[i]) / (double)(k - i);
    return stats_median(slopes, count);
}

/* The sum of t (t - 1) (2t + 5) over groups of t equal values, taken member by member. */
static double stats_kendall_ties(const double *values, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double t = (double)stats_equals(values[i], values, n);
        sum += (t - 1) * (2 * t + 5);
    }
    return sum;
}

double stats_mann_kendall(const double *values, size_t n) {
    double s = 0, count = (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            s += (double)(values[k] > values[i]) - (double)(values[k] < values[i]);
    double variance = (count * (count - 1) * (2 * count + 5) - stats_kendall_ties(values, n)) / 18;
    double away = fabs(s) - 1;
    return variance <= 0 || away <= 0 ? 1 : erfc(away / sqrt(2 * variance));
}
