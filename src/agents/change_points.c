/* Cuts a series in two where the parts differ most, and again each part. Must not know what was
 * measured. */
#include "agents/change_points.h"

#include <math.h>
#include <stdbool.h>

#include "agents/stats.h"

enum { PART_MIN = 2 };
#define P_MAX 0.0005
#define CHANGE_MIN 0.05

static double distances(const double *a, size_t n, const double *b, size_t m) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            sum += fabs(a[i] - b[k]);
    return sum;
}

/* The energy statistic of two parts: how much farther apart values of different parts are than
 * values of the same. Each pair within a part is met twice. */
static double divergence(const double *a, size_t n, const double *b, size_t m) {
    double x = (double)n, y = (double)m;
    double between = 2 * distances(a, n, b, m) / (x * y);
    double within = distances(a, n, a, n) / (x * (x - 1)) + distances(b, m, b, m) / (y * (y - 1));
    return x * y / (x + y) * (between - within);
}

static size_t best_cut(const double *values, size_t n) {
    size_t best = PART_MIN;
    double most = -INFINITY;
    for (size_t cut = PART_MIN; cut + PART_MIN <= n; cut++) {
        double here = divergence(values, cut, values + cut, n - cut);
        if (here > most) {
            most = here;
            best = cut;
        }
    }
    return best;
}

static double mean(const double *values, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

static bool is_change(const double *values, size_t cut, size_t n) {
    double before = mean(values, cut), after = mean(values + cut, n - cut);
    return fabs(after - before) > CHANGE_MIN * before &&
           stats_t_test(values, cut, values + cut, n - cut) < P_MAX;
}

/* Depth is that of the cuts: at most half of n. */
static size_t cut_part(const double *values, size_t first, size_t n, size_t count,
                       size_t starts[static CHANGE_POINTS_MAX]) {
    if (n < 2 * PART_MIN || count == CHANGE_POINTS_MAX)
        return count;
    size_t cut = best_cut(values + first, n);
    if (!is_change(values + first, cut, n))
        return count;
    count = cut_part(values, first, cut, count, starts);
    if (count < CHANGE_POINTS_MAX)
        starts[count++] = first + cut;
    return cut_part(values, first + cut, n - cut, count, starts);
}

size_t change_points(const double *values, size_t n, size_t starts[static CHANGE_POINTS_MAX]) {
    return n < CHANGE_POINTS_SERIES_MIN ? 0 : cut_part(values, 0, n, 0, starts);
}
