/* curve: a picture of a load, SVG: response and service time by percentile, and each second's
 * median and 95th percentile. */
#ifndef AGENTS_PERFORMANCE_CURVE_H
#define AGENTS_PERFORMANCE_CURVE_H

#include "agents/performance/blocks.h"
#include "agents/performance/load.h"

/* curve_put(load, blocks, buf): something was answered. */
void curve_put(const struct load *load, const struct blocks *blocks, struct buf *buf);

#endif
