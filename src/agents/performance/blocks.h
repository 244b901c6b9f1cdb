/* blocks: a run in pieces of one second, and what they show of its steadiness. */
#ifndef AGENTS_PERFORMANCE_BLOCKS_H
#define AGENTS_PERFORMANCE_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "agents/performance/baseline.h"
#include "agnostic/base/json.h"

struct blocks;

/* blocks_new(samples, count, rate, &blocks): cuts count response times (us, in the order they were
 * due; 0: none) in pieces of `rate`; what is left over belongs to none. ERR_NOMEM. The caller frees
 * with blocks_free. */
enum err blocks_new(const uint32_t *samples, size_t count, size_t rate, struct blocks **ret_blocks);
void blocks_free(struct blocks *blocks);
size_t blocks_count(const struct blocks *blocks);
/* blocks_drift_us(blocks): how much the median moved from the first block to the last, by the
 * Theil-Sen slope; 0 with fewer than five blocks. */
double blocks_drift_us(const struct blocks *blocks);
/* blocks_series(blocks, &session): its blocks as sessions are compared by them. */
void blocks_series(const struct blocks *blocks, struct baseline_session *ret_session);
/* blocks_at(blocks, index, &p50_us, &p95_us): 0 of a second in which nothing was answered. */
void blocks_at(const struct blocks *blocks, size_t index, uint32_t *ret_p50_us,
               uint32_t *ret_p95_us);
/* blocks_put(blocks, most, out): [{"n":100,"p50_ms":1.2,"p95_ms":3.4},...], at most so many: longer
 * runs are told by their first blocks. */
void blocks_put(const struct blocks *blocks, size_t most, struct json_out *out);

#endif
