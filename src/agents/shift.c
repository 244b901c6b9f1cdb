/* Two samples in, one word out. Must not know what was measured, nor which way is worse. */
#include "agents/shift.h"

#include <stdbool.h>
#include <string.h>

#include "agents/stats.h"

#define P_MAX 0.01
#define A12_MIN 0.71 /* a medium effect, as Vargha and Delaney call it */
#define RATIO_MIN 1.05

static double shift_median(const double *values, size_t n) {
    double room[SHIFT_VALUES_MAX];
    memcpy(room, values, n * sizeof(*values));
    return stats_median(room, n);
}

static bool shift_is_up(double low, double high, double p, double a12) {
    return p < P_MAX && a12 > A12_MIN && high > RATIO_MIN * low;
}

struct shift shift_of(const double *before, size_t n, const double *after, size_t m) {
    struct shift shift = {SHIFT_NONE, shift_median(before, n), shift_median(after, m), 1,
                          stats_a12(before, n, after, m)};
    double up = stats_mann_whitney(before, n, after, m);
    double down = stats_mann_whitney(after, m, before, n);
    shift.p = up < down ? up : down;
    if (n < SHIFT_VALUES_MIN || m < SHIFT_VALUES_MIN)
        return shift;
    if (shift_is_up(shift.before, shift.after, up, shift.a12))
        shift.way = SHIFT_UP;
    else if (shift_is_up(shift.after, shift.before, down, 1 - shift.a12))
        shift.way = SHIFT_DOWN;
    return shift;
}
