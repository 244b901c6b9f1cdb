/* demand: one criterion of a result as people read it: what the client wrote, what it was taken
 * for, what was measured, and what came of it. */
#ifndef REPORT_DEMAND_H
#define REPORT_DEMAND_H

#include "report/view.h"

struct demand {
    struct text id, written, result; /* views of the record; hostile */
    struct buf bound;                /* "perf.latency.p95_ms <= 500"; hostile */
    char measured[32];               /* a number, or "" */
};

/* demand_count(view): 0 for a result without criteria. */
size_t demand_count(const struct view *view);
/* demand_read(view, index, &demand): what the record lacks is empty. The caller ends it with
 * demand_done. */
void demand_read(const struct view *view, size_t index, struct demand *ret_demand);
void demand_done(struct demand *demand);
/* demand_each(view, put, buf): calls put for each, in their order. */
void demand_each(const struct view *view, void (*put)(const struct demand *demand, struct buf *buf),
                 struct buf *buf);
/* demand_propose_each(view, put, buf): the same for each sentence that a language model proposes a
 * measure of: `bound` is the proposal, nothing was measured, `result` is empty. */
void demand_propose_each(const struct view *view,
                         void (*put)(const struct demand *demand, struct buf *buf),
                         struct buf *buf);

#endif
