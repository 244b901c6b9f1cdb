/* registry: the six agents by name. */
#ifndef AGENTS_REGISTRY_H
#define AGENTS_REGISTRY_H

#include "agents/agent.h"

/* registry_find(name, &row): false when there is no such agent. '_' is taken for '-'. */
bool registry_find(const char *name, struct agent_row *ret_row);
/* registry_at(index, &row): rows in the order in which a task runs them; false behind the last. */
bool registry_at(size_t index, struct agent_row *ret_row);

#endif
