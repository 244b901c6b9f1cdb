/* job: one task in hand, as pipeline reads it and stages carry it out. Private to them. */
#ifndef AGNOSTIC_RUNNER_JOB_H
#define AGNOSTIC_RUNNER_JOB_H

#include "agnostic/task/criterion.h"
#include "runner/lease.h"
#include "runner/memory.h"
#include "runner/plan.h"
#include "runner/setup.h"

struct job {
    const struct setup *setup;
    const struct task_claim *claim;
    struct lease *lease;
    struct progress *progress;
    struct json *spec, *head;
    struct request request;
    const char *session_id; /* lives in head */
    bool has_target;
    enum err target_err; /* of resolving it */
    struct target target;
    struct fault fault;
    enum need { NEED_NONE, NEED_SHARED, NEED_ALONE } need; /* what is held of the target */
    char target_name[SECURE_HEX_SIZE];
    struct plan plan;
    struct outcome *outcomes[PROGRESS_AGENTS_MAX]; /* of those that have begun, as planned */
    size_t count;
    struct criteria criteria;
    int64_t end_ms; /* monotonic, by its client's wish; INT64_MAX: the lease's deadline is sooner */
    int64_t deadline_ms; /* whichever of these two is sooner */
    struct buf results;  /* so far, for an agent that wants them */
    struct buf history;  /* earlier sessions, once an agent wanted them */
    enum { HISTORY_UNREAD, HISTORY_READ, HISTORY_AWAY } history_state;
};

/* job_put_results(job, count, buf): the task's result as of the first `count` agents. Errors of
 * result_put. */
enum err job_put_results(const struct job *job, size_t count, struct buf *buf);

/* stages_run(job): plans who works and carries it out, stage after stage; those of one stage side
 * by side, as far as the settings, the host and the target allow. ERR_BUSY: the target is not to be
 * had; ERR_LOST; ERR_IO, ERR_NOMEM, ERR_TEMPORARY: another attempt may do better. */
enum err stages_run(struct job *job);

#endif
