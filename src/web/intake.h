/* intake: takes an accepted request into the queue. What submitting a task and trying one again
 * have in common: names, quotas, Idempotency-Key, equal tasks. */
#ifndef AGNOSTIC_WEB_INTAKE_H
#define AGNOSTIC_WEB_INTAKE_H

#include "agnostic/task/request.h"
#include "web/call.h"

struct intake {
    struct request request;
    const char *retry_of; /* the task that is tried again, or NULL */
    bool dedupe;          /* join an equal task that lives */
};
/* The task that stands for the request. */
struct intake_task {
    unsigned how; /* TASK_SUBMIT_... bits */
    char id[101];
};

/* intake_take(call, intake, &task): NULL when a task stands for the request: its record is the body
 * written so far, and the reply has the fields that tell of quota, replay and when to poll. Else
 * the answer that refuses. */
const struct answer *intake_take(struct call *call, const struct intake *intake,
                                 struct intake_task *ret_task);

#endif
