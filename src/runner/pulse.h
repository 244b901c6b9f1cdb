/* pulse: what must go on while something is being waited for. Whoever waits in this room
 * (for an agent, for a name to resolve) polls the pulse too, and obeys it. */
#ifndef AGNOSTIC_RUNNER_PULSE_H
#define AGNOSTIC_RUNNER_PULSE_H

#include <stdbool.h>
#include <stdint.h>

struct pulse {
    /* Called at the start, whenever the moment it set (monotonic ms) has come, and whenever
     * fd is readable. Must not take long. false: stop at once, what is done here is no longer
     * ours to do. */
    bool (*beat)(void *ctx, int64_t *ret_due_ms);
    void *ctx;
    int fd; /* -1: none */
};

#endif
