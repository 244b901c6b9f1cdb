/* histogram: how often each duration was seen, from 1 us to 60 s with three significant digits
 * (log-linear, as HdrHistogram lays it out). Constant size, constant time. */
#ifndef AGENTS_PERFORMANCE_HISTOGRAM_H
#define AGENTS_PERFORMANCE_HISTOGRAM_H

#include <stdint.h>

#include "agnostic/base/err.h"
#include "agnostic/base/json.h"

enum { HISTOGRAM_MAX_US = 60000000 };

struct histogram;

/* histogram_new(&histogram): empty. The caller frees with histogram_free. ERR_NOMEM. */
enum err histogram_new(struct histogram **ret_histogram);
void histogram_free(struct histogram *histogram);
/* histogram_record(histogram, us): what is under 1 us counts as 1, over 60 s as 60 s. */
void histogram_record(struct histogram *histogram, int64_t us);

int64_t histogram_count(const struct histogram *histogram);
/* Microseconds; 0 when nothing was recorded. */
/* histogram_percentile(histogram, percent): the highest value that is told apart from the one at
 * this rank no more; percent 0..100. */
int64_t histogram_percentile(const struct histogram *histogram, double percent);
int64_t histogram_max(const struct histogram *histogram);
double histogram_mean(const struct histogram *histogram);
/* histogram_put(histogram, out): {"count":3,"max":1201,"values":[[1200,2],[1201,1]]}: the lowest
 * value of each place that holds something, and how many; to be added to others'. */
void histogram_put(const struct histogram *histogram, struct json_out *out);
double histogram_deviation(const struct histogram *histogram);

#endif
