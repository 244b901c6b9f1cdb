/* runner: the parent of slots and keeper. Holds no connection to Redis: it forks, watches,
 * restarts, and passes on the wish to stop. */
#ifndef AGNOSTIC_RUNNER_RUNNER_H
#define AGNOSTIC_RUNNER_RUNNER_H

#include "runner/crew.h"
#include "runner/setup.h"

enum { RUNNER_SLOTS_MAX = CREW_SLOTS_MAX, RUNNER_SLOTS_DEFAULT = 2 };

struct runner_order {
    int slots;
    bool drain;         /* work the queue off and leave */
    int64_t max_time_s; /* stop after so long; 0: never */
};

/* runner_run(order, setup): until it is told to stop, or the queue is worked off. Takes over
 * setup. HUP: a new setup is read and the children are replaced one by one as they become
 * free; a bad one is logged and the old one stays. The exit status. */
int runner_run(const struct runner_order *order, struct setup *setup);

#endif
