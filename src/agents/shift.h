/* shift: whether one sample lies higher or lower than another by more than chance, and by enough
 * to matter. Pure. */
#ifndef AGENTS_SHIFT_H
#define AGENTS_SHIFT_H

#include <stddef.h>

enum { SHIFT_VALUES_MIN = 5, SHIFT_VALUES_MAX = 128 }; /* of one sample */

enum shift_way { SHIFT_DOWN = -1, SHIFT_NONE, SHIFT_UP };

struct shift {
    enum shift_way way;
    double before, after; /* medians */
    double p;             /* of a move that way by chance alone (Mann-Whitney, one-sided) */
    double a12;           /* how likely a value of `after` is the greater */
};

/* shift_of(before, n, after, m): a move counts with p < 0.01, A12 beyond 0.71 (or 0.29) and medians
 * more than 5 % apart. n and m are at most SHIFT_VALUES_MAX; with fewer than SHIFT_VALUES_MIN
 * nothing is a move. Values are not negative. */
struct shift shift_of(const double *before, size_t n, const double *after, size_t m);

#endif
