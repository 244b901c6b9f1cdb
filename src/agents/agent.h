/* agent: what an agent is and what it may use. An agent sees its task and this toolbox, never
 * the store, the settings or another agent. */
#ifndef AGENTS_AGENT_H
#define AGENTS_AGENT_H

#include "agents/agent_task.h"
#include "agents/lines.h"

struct agent {
    const char *name;
    const struct agent_task *task;
    struct lines *lines;
};

/* How it ended, as the exit status of the contract. */
enum agent_end {
    AGENT_RAN = 0,
    AGENT_REFUSED = 3,
    AGENT_BAD_TASK = 64,
    AGENT_NOT_AVAILABLE = 69,
    AGENT_BROKEN = 70
};

/* A row of the registry. */
struct agent_row {
    const char *name, *title;
    /* Does the work and says the result line. */
    enum agent_end (*run)(struct agent *agent);
    /* The index-th rule of its table, NULL behind the last; NULL when it has no table. */
    const struct rule *(*rule)(size_t index);
};

#endif
