/* keeper: the process for housekeeping: reaps and promotes tasks, says that this runner
 * lives, delivers callbacks. Any number of keepers may do so side by side. */
#ifndef AGNOSTIC_RUNNER_KEEPER_H
#define AGNOSTIC_RUNNER_KEEPER_H

#include "runner/setup.h"

/* keeper_main(setup, drain, signals_fd): loops until it is told to stop; callbacks in hand
 * are ended first, with drain also those that are due by then. The exit status. */
int keeper_main(const struct setup *setup, bool drain, int signals_fd);

#endif
