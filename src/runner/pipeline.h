/* pipeline: one claimed task through all its agents to its result. */
#ifndef AGNOSTIC_RUNNER_PIPELINE_H
#define AGNOSTIC_RUNNER_PIPELINE_H

#include "agnostic/store/task_store.h"
#include "runner/lease.h"
#include "runner/memory.h"

/* What a task came to. pipeline_end_init before the first, pipeline_end_done after the last. */
struct pipeline_end {
    enum task_state state;
    struct buf result;    /* JSON */
    struct memory memory; /* what to remember of it */
};
void pipeline_end_init(struct pipeline_end *end);
void pipeline_end_done(struct pipeline_end *end);

/* pipeline_run(setup, claim, lease, progress, end): runs the agents of the chosen roles, one after
 * another in role order, and fills end, whatever it held before. state: TASK_COMPLETED, or
 * TASK_FAILED when the task could not be carried out at all. ERR_LOST: the lease ordered a stop
 * (see its state), ERR_BUSY: others have the target; end is then not to be used. An error of
 * pipeline_may_retry: this attempt came to nothing, and another may do better; result then holds
 * the failure, should it have been the last.
 */
enum err pipeline_run(const struct setup *setup, const struct task_claim *claim,
                      struct lease *lease, struct progress *progress, struct pipeline_end *end);

/* pipeline_may_retry(err): ERR_TEMPORARY (an agent asks for it), ERR_IO, ERR_NOMEM (this host lacks
 * something: descriptors, processes, memory, room). */
bool pipeline_may_retry(enum err err);

#endif
