/* change_points: where the level of a short series changed. Pure and deterministic: the same series
 * gives the same answer. */
#ifndef AGENTS_CHANGE_POINTS_H
#define AGENTS_CHANGE_POINTS_H

#include <stddef.h>

enum {
    CHANGE_POINTS_SERIES_MIN = 8, /* values; fewer show no level */
    CHANGE_POINTS_MAX = 32
};

/* change_points(values, n, starts): E-divisive cuts (Matteson and James) that pass a t-test, as
 * Hunter takes them instead of random permutations. starts[] receives the index of the first value
 * of each new level, in order; returns how many. Both levels last at least two values and differ
 * by more than 5 %. Values are positive. None when n is below CHANGE_POINTS_SERIES_MIN. */
size_t change_points(const double *values, size_t n, size_t starts[static CHANGE_POINTS_MAX]);

#endif
