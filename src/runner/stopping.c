/* The wish to stop, read off the signals of a child process. */
#include "runner/stopping.h"

#include <poll.h>

#include "agnostic/base/time.h"
#include "runner/signals.h"

void stopping_init(struct stopping *stopping, int fd) {
    *stopping = (struct stopping){fd, false, INT64_MAX};
}

void stopping_look(struct stopping *stopping, int64_t drain_ms) {
    unsigned bits = signals_take(stopping->fd);
    stopping->asked = stopping->asked || (bits & SIGNALS_LEAVE);
    if ((bits & SIGNALS_STOP) && stopping->hand_back_ms == INT64_MAX) {
        stopping->hand_back_ms = time_mono_ms() + drain_ms;
        stopping->asked = true;
    }
    if (bits & SIGNALS_NOW) {
        stopping->hand_back_ms = 0;
        stopping->asked = true;
    }
}

void stopping_sleep(const struct stopping *stopping, int64_t ms) {
    struct pollfd fd = {.fd = stopping->fd, .events = POLLIN};
    poll(&fd, 1, ms < 0 ? 0 : (int)ms);
}
