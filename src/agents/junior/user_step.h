/* user_step: one check of a client's own, carried out. */
#ifndef AGENTS_JUNIOR_USER_STEP_H
#define AGENTS_JUNIOR_USER_STEP_H

#include "agents/asker.h"
#include "agents/judgement.h"
#include "agents/junior/user_eval.h"

/* What the checks of a task share. */
struct user_means {
    struct asker asker;
    struct user_captures captures;
    const char *origin;                     /* "https://host", where requests go */
    char target_origin[URL_HOST_SIZE + 32]; /* of the task; it may redirect to origin */
    bool may_change;                        /* the target: the task's modes permit it */
};

/* user_step_run(means, check, judgement): sends its request and judges the answer, keeps what it
 * captures. judgement is made here; its component is the check's name, its variant its severity. */
void user_step_run(struct user_means *means, const struct user_check *check,
                   struct judgement *judgement);

#endif
