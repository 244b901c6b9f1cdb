/* host: agents, each from its start to its certain end. What it printed and how it ended is in its
 * outcome; nothing of it is left running. */
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
    int64_t deadline_ms;     /* monotonic, of the whole task; the manifest's timeout_s holds too */
    bool beside;             /* others may run beside it */
    struct journal *journal; /* what it says to people */
    /* Called once it has ended, while its folder is still there. */
    void (*gather)(void *ctx, const char *workdir, struct outcome *outcome,
                   struct journal_voice *voice);
    void *ctx;
};

enum { HOST_AGENTS_MAX = 8 }; /* at a time */

struct hosted;

/* host_start(agent, order, place, outcome, &hosted, &fault): starts agent and feeds it the order;
 * what it prints will be read into outcome. All but order are borrowed until host_end, which the
 * caller owes. An agent that cannot be started says so in its outcome, like any other end. With
 * these, and the outcome then says nothing, another attempt may do better: ERR_IO, ERR_NOMEM (this
 * host lacks processes, descriptors, memory or room; fault says what). */
enum err host_start(const struct agent *agent, const struct order *order,
                    const struct host_place *place, struct outcome *outcome,
                    struct hosted **ret_hosted, struct fault *ret_fault);
/* host_watch(hosted, count, pulse): reads them, at most HOST_AGENTS_MAX, until one has ended; its
 * index. When the pulse orders a stop, all are asked to end. */
size_t host_watch(struct hosted *const *hosted, size_t count, const struct pulse *pulse);
/* host_end(hosted, &account, &fault): ends all that is left of it, and frees. ERR_OK whatever
 * became of the agent; ERR_LOST when the pulse ordered its end, or it had not come to one
 * (host_watch did not name it); ERR_IO, ERR_NOMEM as host_start,
 * ERR_TEMPORARY (the agent says so: exit status 75). */
enum err host_end(struct hosted *hosted, struct host_account *ret_account, struct fault *ret_fault);

#endif
