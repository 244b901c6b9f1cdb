/* scenario: what is planned for one agent about one subject: checks of its table whose ids begin
 * alike. Pure. */
#ifndef AGENTS_MANAGER_SCENARIO_H
#define AGENTS_MANAGER_SCENARIO_H

#include "agents/agent.h"
#include "agnostic/task/state.h"

enum {
    SCENARIO_RULES_MAX = 64,
    SCENARIO_ID_SIZE = 96,
    SCENARIOS_MAX = 128,
    SCENARIO_AGENTS_MAX = 64
};

struct scenario {
    char id[SCENARIO_ID_SIZE]; /* "security-compliance/SEC-TLS" */
    const char *agent, *name;
    const struct rule *rules[SCENARIO_RULES_MAX];
    size_t count;
    bool concerns_standard; /* one that the task names */
    enum task_priority priority;
};

/* What is going to be done, and by whom. */
struct scenarios {
    struct scenario items[SCENARIOS_MAX];
    size_t count;
    struct text
        unplanned[SCENARIO_AGENTS_MAX]; /* chosen, but their checks are told when they run */
    size_t unplanned_count;
};

/* scenarios_make(task, &scenarios): of the agents that the task names, or of all of ours, the
 * checks that its modes permit. A scenario is as urgent as its worst finding would be, more so when
 * it concerns a standard of the task or the task is critical. */
void scenarios_make(const struct agent_task *task, struct scenarios *ret_scenarios);
/* scenarios_have(scenarios, prefix): is a check planned whose id begins like that? */
bool scenarios_have(const struct scenarios *scenarios, struct text prefix);
/* scenarios_concern(scenarios, standard): is one planned that concerns it (name as in our rules)?
 */
bool scenarios_concern(const struct scenarios *scenarios, const char *standard);

#endif
