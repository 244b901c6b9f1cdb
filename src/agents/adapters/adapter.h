/* adapter: an agent that has a tool do the work and says what the tool found in the words of the
 * contract. */
#ifndef AGENTS_ADAPTERS_ADAPTER_H
#define AGENTS_ADAPTERS_ADAPTER_H

#include "agents/agent.h"

/* adapter_run(agent): the tool is the agent's name. */
enum agent_end adapter_run(struct agent *agent);
/* adapter_put_tools(agent, out): the members of hello.tools: the tool's version, if it tells. */
void adapter_put_tools(const struct agent *agent, struct json_out *out);

#endif
