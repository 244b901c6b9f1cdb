/* noise: seeded normal draws for made-up series. */
#ifndef UNIT_AGENTS_NOISE_H
#define UNIT_AGENTS_NOISE_H

#include <math.h>
#include <stdlib.h>

enum { NOISE_SEED = 20260315 };

static inline double noise_even(unsigned int *seed) {
    return (rand_r(seed) + 1.0) / (RAND_MAX + 2.0);
}

/* noise_around(level, share, seed): one value of a normal distribution around level whose standard
 * deviation is that share of it (Box and Muller). */
static inline double noise_around(double level, double share, unsigned int *seed) {
    double radius = sqrt(-2 * log(noise_even(seed)));
    return level * (1 + share * radius * cos(2 * acos(-1) * noise_even(seed)));
}

#endif
