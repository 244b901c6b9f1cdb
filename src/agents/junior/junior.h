/* junior: the agent junior-qa: does the site work? Links, pages, files, redirects. */
#ifndef AGENTS_JUNIOR_JUNIOR_H
#define AGENTS_JUNIOR_JUNIOR_H

#include "agents/agent.h"

enum agent_end junior_run(struct agent *agent);

#endif
