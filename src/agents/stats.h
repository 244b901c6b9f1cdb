/* stats: what can be said of one small sample, and of how two differ. Pure; values are finite.
 * Work grows with the product of the counts: meant for some hundred values. */
#ifndef AGENTS_STATS_H
#define AGENTS_STATS_H

#include <stddef.h>

enum { STATS_SERIES_MAX = 64 };

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
/* stats_wilson(hits, n, &low, &high): where the share lies that hits of n were drawn from, with 95
 * % confidence (Wilson 1927); 0 and 1 when n is 0. */
void stats_wilson(size_t hits, size_t n, double *ret_low, double *ret_high);
/* stats_theil_sen(values, n): median of the slopes between any two of a series, per step; 0 with
 * less than two. n is at most STATS_SERIES_MAX. */
double stats_theil_sen(const double *values, size_t n);
/* stats_mann_kendall(values, n): two-sided p of a series without trend, corrected for ties and
 * continuity; 1 when nothing can be told. */
double stats_mann_kendall(const double *values, size_t n);

#endif
