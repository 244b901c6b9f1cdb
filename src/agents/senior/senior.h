/* senior: the agent senior-qa: how does the site bear what is unusual? Manners of HTTP, values at
 * the edge, the model of the site. */
#ifndef AGENTS_SENIOR_SENIOR_H
#define AGENTS_SENIOR_SENIOR_H

#include "agents/agent.h"

enum agent_end senior_run(struct agent *agent);

#endif
