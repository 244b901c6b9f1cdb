/* keeper: the process for housekeeping: reaps and promotes tasks, says that this runner
 * lives, delivers callbacks. Any number of keepers may do so side by side. */
#ifndef AGNOSTIC_RUNNER_KEEPER_H
#define AGNOSTIC_RUNNER_KEEPER_H

#include "runner/crew.h"
#include "runner/setup.h"

/* keeper_main(setup, crew, drain, signals_fd): loops until it is told to stop; callbacks in hand
 * are ended first, with drain also those that are due by then, and it stays for as long as slots
 * still have tasks in hand. The exit status. */
int keeper_main(const struct setup *setup, const struct crew *crew, bool drain, int signals_fd);

#endif
