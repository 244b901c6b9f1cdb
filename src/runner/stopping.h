/* stopping: has this process been told to end, and how long may it take? */
#ifndef AGNOSTIC_RUNNER_STOPPING_H
#define AGNOSTIC_RUNNER_STOPPING_H

#include <stdbool.h>
#include <stdint.h>

struct stopping {
    int fd;               /* of signals.h */
    bool asked;           /* take nothing new */
    int64_t hand_back_ms; /* monotonic; when work in hand is given back; INT64_MAX: never */
};

/* stopping_init(stopping, fd). */
void stopping_init(struct stopping *stopping, int fd);
/* stopping_look(stopping, drain_ms): takes the signals that came: a stop lets work in hand go
 * on for drain_ms, "now" for no time at all, "leave" for as long as it takes. Stops told again do
 * not change it. */
void stopping_look(struct stopping *stopping, int64_t drain_ms);
/* stopping_sleep(stopping, ms): until ms have passed or a signal came. */
void stopping_sleep(const struct stopping *stopping, int64_t ms);

#endif
