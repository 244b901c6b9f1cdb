/* run: watches started agents: their pipes, their time, their size. Private to host. */
#ifndef AGNOSTIC_RUNNER_RUN_H
#define AGNOSTIC_RUNNER_RUN_H

#include "runner/host.h"
#include "runner/spawn.h"

struct run;
enum { RUN_MAX = HOST_AGENTS_MAX };

/* What a run writes to; all borrowed. */
struct run_ends {
    struct outcome *outcome;
    struct host_account *account;
    struct journal_voice *voice;
};

/* run_start(agent, plan, line, deadline_ms, ends, &run, &fault): spawns plan and will write line,
 * which is borrowed, to its stdin. The caller ends it with run_end. ERR_IO, ERR_NOMEM. */
enum err run_start(const struct agent *agent, const struct spawn_plan *plan, struct text line,
                   int64_t deadline_ms, const struct run_ends *ends, struct run **ret_run,
                   struct fault *ret_fault);
/* run_watch(runs, count, pulse): reads them until one has ended; its index. Once the pulse has
 * ordered a stop all are asked to end. */
size_t run_watch(struct run *const *runs, size_t count, const struct pulse *pulse);
/* run_end(run, &fault): ends what is left of it, closes the outcome and frees. ERR_LOST when the
 * pulse ordered its end, or it had not come to one; ERR_IO, ERR_TEMPORARY as host_end. */
enum err run_end(struct run *run, struct fault *ret_fault);

#endif
