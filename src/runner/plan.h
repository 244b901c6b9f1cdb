/* plan: who works on a task, and in which order. */
#ifndef AGNOSTIC_RUNNER_PLAN_H
#define AGNOSTIC_RUNNER_PLAN_H

#include "agnostic/task/request.h"
#include "runner/progress.h"
#include "runner/roster.h"

/* One agent's part in a task; agent NULL: nobody is there for the role, or of that name. */
struct plan_part {
    enum role role;
    const struct agent *agent;
    const char *name;
    int64_t stage; /* of those with the same none waits for the other */
};

struct plan {
    struct plan_part parts[PROGRESS_AGENTS_MAX];
    size_t count;
};

/* plan_make(roster, request, &plan): in order of stages, then roles; points into both. */
void plan_make(const struct roster *roster, const struct request *request, struct plan *ret_plan);

#endif
