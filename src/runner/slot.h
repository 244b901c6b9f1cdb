/* slot: the process that carries out tasks, one at a time. */
#ifndef AGNOSTIC_RUNNER_SLOT_H
#define AGNOSTIC_RUNNER_SLOT_H

#include "runner/setup.h"

/* slot_main(setup, number, drain, signals_fd): loops until it is told to stop (0), or, with
 * drain, until nothing is ready or due (0) or Redis cannot be reached (75). The exit status. */
int slot_main(const struct setup *setup, int number, bool drain, int signals_fd);

/* slot_name(kind, number, dst): host:pid:kind-and-number, how this process is known in Redis. */
void slot_name(const char *kind, int number, char *dst, size_t size);

#endif
