/* analyst: compares what the other agents found with earlier sessions of the same target. Connects
 * to nothing. */
#ifndef AGENTS_ANALYST_ANALYST_H
#define AGENTS_ANALYST_ANALYST_H

#include "agents/agent.h"

/* Says plan, checks, findings, metrics and the result line. not_available, no_results: the task
 * names no results to look at. */
enum agent_end analyst_run(struct agent *agent);

#endif
