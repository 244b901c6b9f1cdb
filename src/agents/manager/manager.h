/* manager: plans a task before anything is tested: who checks what, how urgent it is, and which of
 * the client's criteria will be measured. Connects to nothing; the judgement afterwards is
 * task/verdict's. */
#ifndef AGENTS_MANAGER_MANAGER_H
#define AGENTS_MANAGER_MANAGER_H

#include "agents/agent.h"

enum agent_end manager_run(struct agent *agent);

#endif
