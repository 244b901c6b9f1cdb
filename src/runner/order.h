/* order: the task as one agent is told it, one line of JSON on its stdin
 * (deploy/schema/task.schema.json). */
#ifndef AGNOSTIC_RUNNER_ORDER_H
#define AGNOSTIC_RUNNER_ORDER_H

#include "agnostic/task/criterion.h"
#include "agnostic/task/request.h"
#include "runner/manifest.h"
#include "runner/plan.h"
#include "runner/target.h"

enum { ORDER_MAX_BYTES = 1 << 20 };

struct order {
    const char *task_id, *session_id;
    int64_t attempt;
    const struct request *request;
    const struct plan *plan;         /* who works on it; NULL: nobody is named */
    const struct criteria *criteria; /* what its client wrote of acceptance, and its limits;
                                        NULL: nothing */
    const struct target *target;     /* NULL: none given */
    int64_t max_rps;                 /* its share of what operator and client permit */
    const struct buf *history; /* earlier sessions, a line each; NULL: they could not be read */
    const struct buf *results; /* of those before it, one object; NULL: it could not be made */
};

/* In workdir, for a manifest that wants it. */
#define ORDER_HISTORY "history.jsonl"
#define ORDER_RESULTS "results.json"

/* order_put(order, manifest, workdir, deadline_us, buf): the line with its newline.
 * deadline_us: wall clock, when the runner ends the agent. */
void order_put(const struct order *order, const struct manifest *manifest, const char *workdir,
               int64_t deadline_us, struct buf *buf);

#endif
