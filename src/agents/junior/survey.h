/* survey: visits a site: the target, what it leads to as far as robots.txt and the bounds allow,
 * and each URL of its own that pages name. Asks again what failed. */
#ifndef AGENTS_JUNIOR_SURVEY_H
#define AGENTS_JUNIOR_SURVEY_H

#include "agents/agent.h"
#include "agents/junior/site.h"
#include "agnostic/probe/gate.h"

enum {
    SURVEY_BUDGET_MS = 150000,
    SURVEY_DEPTH = 3 /* clicks */
};

/* survey_run(agent, gate, site): fills site. ERR_NOMEM; whatever a target does is no error. */
enum err survey_run(const struct agent *agent, const struct gate *gate, struct site *site);

#endif
