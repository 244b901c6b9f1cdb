/* security: the security-compliance agent. */
#ifndef AGENTS_SECURITY_SECURITY_H
#define AGENTS_SECURITY_SECURITY_H

#include "agents/agent.h"

enum agent_end security_run(struct agent *agent);

#endif
