/* metrics_text: the text format of Prometheus (version 0.0.4). */
#ifndef AGNOSTIC_WEB_METRICS_TEXT_H
#define AGNOSTIC_WEB_METRICS_TEXT_H

#include "agnostic/base/buf.h"

#define METRICS_TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* metrics_family(buf, name, type, help): begins a family; its samples follow at once. type:
 * "gauge", "counter" or "histogram". help: one line. */
void metrics_family(struct buf *buf, const char *name, const char *type, const char *help);
/* metrics_sample(buf, name, labels, n): labels as in `route="/",code="200"`, "" for none: names and
 * values of our own that need no escape. */
void metrics_sample(struct buf *buf, const char *name, const char *labels, int64_t n);
/* metrics_sample_s(buf, name, labels, ms): a duration, told in seconds. */
void metrics_sample_s(struct buf *buf, const char *name, const char *labels, int64_t ms);

/* One histogram of durations: counts[i] of at most bounds_us[i]; counts[bound_count] beyond. */
struct metrics_histogram {
    const int64_t *bounds_us;
    size_t bound_count;
    const uint64_t *counts; /* not cumulative */
    uint64_t sum_us;
};
/* metrics_histogram(buf, name, labels, histogram): its buckets, sum and count. */
void metrics_histogram(struct buf *buf, const char *name, const char *labels,
                       const struct metrics_histogram *histogram);
/* metrics_is_label(t): may it stand as the value of a label, unescaped? */
bool metrics_is_label(const char *t);

#endif
