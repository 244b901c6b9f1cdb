/* run: watches one started agent: its pipes, its time, its size. Private to host. */
#ifndef AGNOSTIC_RUNNER_RUN_H
#define AGNOSTIC_RUNNER_RUN_H

#include "runner/host.h"
#include "runner/spawn.h"

/* run_agent(agent, plan, line, deadline_ms, place, outcome, account, &fault): spawns plan,
 * writes line to its stdin, reads until it has ended, and closes the outcome. ERR_LOST when
 * the pulse ordered its end; ERR_IO, ERR_TEMPORARY as host_run. */
enum err run_agent(const struct agent *agent, const struct spawn_plan *plan, struct text line,
                   int64_t deadline_ms, const struct host_place *place, struct outcome *outcome,
                   struct host_account *account, struct fault *ret_fault);

#endif
