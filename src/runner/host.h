/* host: one agent, from its start to its certain end. What it printed and how it ended is
 * in the outcome; nothing of it is left running. */
#ifndef AGNOSTIC_RUNNER_HOST_H
#define AGNOSTIC_RUNNER_HOST_H

#include "agnostic/task/outcome.h"
#include "runner/journal.h"
#include "runner/order.h"
#include "runner/pulse.h"
#include "runner/roster.h"

enum {
    HOST_GRACE_MS = 5000,      /* from SIGTERM to SIGKILL, for one whose time is up */
    HOST_LOST_GRACE_MS = 1000, /* for one whose work nobody wants any more */
    HOST_STDERR_KEPT = 1024,   /* bytes, for the runner's own log */
    HOST_STDERR_LINE_MAX = 16384
};

/* What is worth a line in the log. */
struct host_account {
    int64_t ms;
    uint64_t out_bytes, err_bytes;
    bool contained, offline;         /* as the host allowed */
    char said[HOST_STDERR_KEPT + 1]; /* the beginning of stderr */
};

/* Where it runs, and who listens. */
struct host_place {
    const char *run_dir;
    int64_t deadline_ms; /* monotonic, of the whole task; the manifest's timeout_s holds too */
    const struct pulse *pulse;
    struct journal *journal; /* what it says to people */
    /* Called once it has ended, while its folder is still there. */
    void (*gather)(void *ctx, const char *workdir, struct outcome *outcome);
    void *ctx;
};

/* host_run(agent, order, place, outcome, &account): starts agent, feeds it the order, reads it
 * into outcome, ends it. ERR_OK whatever became of the agent; ERR_LOST when the pulse ordered its
 * end. With these, and the outcome then says nothing, another attempt may do better: ERR_IO,
 * ERR_NOMEM (this host lacks processes, descriptors, memory or room; fault says what),
 * ERR_TEMPORARY (the agent says so: exit status 75). */
enum err host_run(const struct agent *agent, const struct order *order,
                  const struct host_place *place, struct outcome *outcome,
                  struct host_account *ret_account, struct fault *ret_fault);

#endif
