/* children: the processes of the runner, kept alive. */
#ifndef AGNOSTIC_RUNNER_CHILDREN_H
#define AGNOSTIC_RUNNER_CHILDREN_H

#include <sys/types.h>

#include "runner/runner.h"

struct child {
    pid_t pid;          /* 0: not running */
    int number;         /* of the slot, from 1; 0: the keeper */
    int64_t begun_ms;   /* monotonic */
    int64_t due_ms;     /* when to start it (again) */
    int64_t backoff_ms; /* before the next start, should it die young again */
    bool done;          /* ended for good */
};

struct children {
    const struct runner_order *order;
    const struct setup *setup; /* what the next one started works with */
    struct crew *crew;
    int signals_fd;
    bool stopping; /* nothing is started any more */
    int failed;    /* exit status of a slot that could not drain, 0 none */
    size_t count;  /* slots and the keeper; the keeper is the last */
    struct child all[RUNNER_SLOTS_MAX + 1];
};

/* children_init(children, order, setup, crew, signals_fd): nothing started yet. All are borrowed.
 */
void children_init(struct children *children, const struct runner_order *order,
                   const struct setup *setup, struct crew *crew, int signals_fd);
/* children_start_due(children): forks those that are due. Returns when the next one is
 * (monotonic ms), INT64_MAX: none. */
int64_t children_start_due(struct children *children);
/* children_reap(children): takes note of all that ended, and kills what they left behind. */
void children_reap(struct children *children);
/* children_signal(children, number, signal): to those that run; number -1: all, 0: the keeper. */
void children_signal(const struct children *children, int number, int signal);
/* How many run; how many slots have not ended for good. */
size_t children_running(const struct children *children);
size_t children_slots_left(const struct children *children);

#endif
