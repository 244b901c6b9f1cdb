/* stats: what can be said of one small sample, and of how two differ. Pure; values are finite.
 * Work grows with the product of the counts: meant for some hundred values. */
#ifndef AGENTS_STATS_H
#define AGENTS_STATS_H

#include <stddef.h>

/* stats_median(values, n): sorts values; 0 when there are none. */
double stats_median(double *values, size_t n);
/* stats_a12(a, n, b, m): how likely one of b is greater than one of a, equal ones counting half
 * (Vargha and Delaney's A); 0.5 when either is empty. */
double stats_a12(const double *a, size_t n, const double *b, size_t m);
/* stats_mann_whitney(a, n, b, m): p of b being greater by no more than chance (one-sided), by
 * ranks: normal approximation, corrected for ties and continuity; 1 when nothing can be told. */
double stats_mann_whitney(const double *a, size_t n, const double *b, size_t m);
/* stats_t_test(a, n, b, m): two-sided p that the means are the same, by Student's t with pooled
 * variance; 1 when nothing can be told. */
double stats_t_test(const double *a, size_t n, const double *b, size_t m);

#endif
