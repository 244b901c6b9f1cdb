/* smoke: each reading operation of a described API, asked once as its description says. */
#ifndef AGENTS_JUNIOR_SMOKE_H
#define AGENTS_JUNIOR_SMOKE_H

#include "agents/agent.h"
#include "agents/junior/site.h"

enum { SMOKE_BUDGET_MS = 60000, SMOKE_CALLS_MAX = 60 };

/* smoke_run(agent, gate, site): fills site->api. ERR_NOMEM; whatever a target does is no error. */
enum err smoke_run(const struct agent *agent, const struct gate *gate, struct site *site);

#endif
