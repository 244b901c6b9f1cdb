/* performance: how fast and how steadily the target answers at a constant rate of requests. */
#ifndef AGENTS_PERFORMANCE_PERFORMANCE_H
#define AGENTS_PERFORMANCE_PERFORMANCE_H

#include "agents/agent.h"

/* Runs against the task's target. */
enum agent_end performance_run(struct agent *agent);

#endif
