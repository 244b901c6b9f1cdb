/* slot: the process that carries out tasks, one at a time. */
#ifndef AGNOSTIC_RUNNER_SLOT_H
#define AGNOSTIC_RUNNER_SLOT_H

#include "runner/crew.h"
#include "runner/setup.h"

/* slot_main(setup, crew, number, drain, signals_fd): loops until it is told to stop (0), or, with
 * drain, until nothing is ready, or will be due within its time (0) or Redis cannot be reached
 * (75). The exit status. */
int slot_main(const struct setup *setup, struct crew *crew, int number, bool drain, int signals_fd);

#endif
