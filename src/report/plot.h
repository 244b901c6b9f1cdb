/* plot: inline SVG for the page. Every number comes from the record; text in them is escaped, and
 * each has a title that says in words what it shows. A plot without data writes nothing. */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include "report/view.h"

/* Findings of each severity, a bar an agent. */
void plot_severities(const struct view *view, struct buf *buf);
/* Findings of this session and of earlier ones that tested the same way, the oldest first. */
void plot_trend(const struct past *past, struct buf *buf);
/* The 95th percentile of the load of each of these sessions. */
void plot_trend_p95(const struct past *past, struct buf *buf);
/* Response times by percentile, from the metrics perf.latency.*. */
void plot_percentiles(const struct view_agent *agent, struct buf *buf);
/* Median and 95th percentile of each second of a load, from data.blocks. */
void plot_seconds(const struct view_agent *agent, struct buf *buf);
/* Requirements of each standard: pass, fail, not tested, not testable, from data.standards. */
void plot_requirements(const struct view_agent *agent, struct buf *buf);

#endif
