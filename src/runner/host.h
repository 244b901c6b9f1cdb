/* host: one agent, from its start to its certain end. What it printed and how it ended is
 * in the outcome; nothing of it is left running. */
#ifndef AGNOSTIC_RUNNER_HOST_H
#define AGNOSTIC_RUNNER_HOST_H

#include "agnostic/task/outcome.h"
#include "runner/order.h"
#include "runner/pulse.h"
#include "runner/roster.h"

enum {
    HOST_GRACE_MS = 5000,   /* from SIGTERM to SIGKILL */
    HOST_STDERR_KEPT = 1024 /* bytes, for the log */
};

/* What is worth a line in the log. */
struct host_account {
    int64_t ms;
    uint64_t out_bytes, err_bytes;
    bool contained, offline;         /* as the host allowed */
    char said[HOST_STDERR_KEPT + 1]; /* the beginning of stderr */
};

/* host_run(agent, order, run_dir, deadline_ms, pulse, outcome, &account): starts agent, feeds
 * it the order, reads it into outcome, ends it. deadline_ms: monotonic, of the whole task;
 * the manifest's timeout_s holds too. ERR_OK whatever became of the agent; ERR_LOST when the
 * pulse ordered its end (the outcome then says nothing). */
enum err host_run(const struct agent *agent, const struct order *order, const char *run_dir,
                  int64_t deadline_ms, const struct pulse *pulse, struct outcome *outcome,
                  struct host_account *ret_account);

#endif
