/* report_metrics: the numbers of a report. Percentiles of one thing stand in one row. */
#ifndef AGENTS_REPORT_METRICS_H
#define AGENTS_REPORT_METRICS_H

#include "agnostic/base/json.h"

/* report_metrics_put(metrics, count, buf): metrics are `metric` lines. */
void report_metrics_put(struct json *const *metrics, size_t count, struct buf *buf);

#endif
