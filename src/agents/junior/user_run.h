/* user_run: a client's own checks, carried out in their order. */
#ifndef AGENTS_JUNIOR_USER_RUN_H
#define AGENTS_JUNIOR_USER_RUN_H

#include "agents/agent.h"
#include "agents/judgement.h"
#include "agents/junior/site.h"
#include "agnostic/probe/gate.h"

enum { USER_RUN_BUDGET_MS = 120000, USER_RUN_AGAIN_MAX = 10 /* checks */ };

struct user_run;

/* user_run_all(agent, gate, site, &run): sends the requests of the task's `checks` to the site's
 * origin. One that failed and changes nothing is carried out again, before those behind it, which
 * may rest on what it captures; site->flaky has those that did not fail then. ERR_NOMEM; whatever a
 * target does is no error. The caller frees with user_run_free. */
enum err user_run_all(const struct agent *agent, const struct gate *gate, struct site *site,
                      struct user_run **ret_run);
void user_run_free(struct user_run *run);

/* user_run_count(run): of its checks. */
size_t user_run_count(const struct user_run *run);
/* user_run_judge(run, index): what the index-th came to; its component is the check's name, its
 * variant its severity. As long as the run. */
const struct judgement *user_run_judge(const struct user_run *run, size_t index);
/* user_run_requests(run): how many were sent. */
size_t user_run_requests(const struct user_run *run);

#endif
