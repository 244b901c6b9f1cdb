/* signals: as something to poll, so that none interrupts a call or comes between two lines. */
#ifndef AGNOSTIC_RUNNER_SIGNALS_H
#define AGNOSTIC_RUNNER_SIGNALS_H

#include "agnostic/base/err.h"

enum signals_bit {
    SIGNALS_STOP = 1,   /* TERM, INT: take nothing new, end in good time */
    SIGNALS_NOW = 2,    /* USR2, what the parent sends for its second TERM: hand back at once */
    SIGNALS_RELOAD = 4, /* HUP */
    SIGNALS_CHILD = 8,  /* CHLD */
    SIGNALS_LEAVE = 16  /* USR1, what the parent sends for a reload: as STOP, but without haste */
};

/* signals_open(&fd): from now on these signals only arrive through fd (it can be polled, and
 * in a forked child it tells the child's own); PIPE is ignored. */
enum err signals_open(int *ret_fd);
/* signals_take(fd): bits of all that came since the last call. */
unsigned signals_take(int fd);

#endif
