/* agent: what an agent is and what it may use. An agent sees its task and this toolbox, never
 * the store, the settings or another agent. */
#ifndef AGENTS_AGENT_H
#define AGENTS_AGENT_H

#include "agents/agent_task.h"
#include "agents/lines.h"
#include "agnostic/base/options.h"

struct agent {
    const char *name;
    const struct agent_task *task;
    struct lines *lines;
    const struct options *options; /* of the command line that called it */
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
    const char *remark; /* why it would not do much, for people; NULL: nothing */
    /* Does the work and says the result line. */
    enum agent_end (*run)(struct agent *agent);
    /* The index-th rule of its table, NULL behind the last; NULL when it has no table. */
    const struct rule *(*rule)(size_t index);
    /* Puts name and version of each tool it calls, as members; NULL: it calls none. */
    void (*put_tools)(const struct agent *agent, struct json_out *out);
    bool takes_command; /* what follows its name on the command line is a command of its own */
};

#endif
