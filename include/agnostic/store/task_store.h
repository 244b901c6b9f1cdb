/* task_store: tasks and their queue. One function per thing that can happen to a task;
 * each change is one Lua script (src/store/scripts), so it happens whole or not at all.
 *
 * Redis' clock is the only one that decides. Every write of a runner carries the fencing
 * token of its claim and is refused (ERR_LOST) once another has taken over. */
#ifndef AGNOSTIC_STORE_TASK_STORE_H
#define AGNOSTIC_STORE_TASK_STORE_H

#include "agnostic/store/access_store.h"
#include "agnostic/store/store.h"
#include "agnostic/task/record.h"

enum {
    TASK_STORE_TOKEN_SIZE = 96,
    TASK_STORE_SLOT_SIZE = 64,    /* a slot's name: host:pid:number */
    TASK_STORE_CRASHES_MAX = 3,   /* lost leases until a task is buried */
    TASK_STORE_ATTEMPTS_MAX = 3,  /* attempts told to have failed until the task has */
    TASK_STORE_EVENTS_MAX = 1000, /* kept per task, about; as lib/task.lua has it */
    TASK_STORE_FAIR_EVERY = 10    /* every so many claims take the oldest head */
};

/* --- the web tier ------------------------------------------------------------------ */

struct task_submit {
    const char *id, *owner; /* owner: principal's user_id */
    enum task_priority priority;
    const char *head, *middle;                 /* pieces of the record (task/record.h) */
    struct text record, spec;                  /* the pending record and the spec, JSON */
    struct text callback_url, callback_secret; /* ptr NULL for none */
    int64_t run_timeout_ms;
    int64_t queue_max, open_max; /* 0: no limit */
};
/* task_store_submit(store, submit): one round trip; when it returns ERR_OK, Redis has
 * acknowledged the whole. ERR_QUEUE_FULL, ERR_TOO_MANY_OPEN, ERR_CONFLICT (id taken). */
enum err task_store_submit(struct store *store, const struct task_submit *submit);

/* What a poll reads, in one round trip with the credential; in two when key or task is missing. */
struct task_view {
    bool found;
    char *record; /* owned; NUL-terminated JSON, ours or the original's */
    size_t record_len;
    /* only with `full` (else empty): scheduling truth from the meta hash */
    char *spec; /* owned, may be NULL */
    char owner[128];
    enum task_priority priority;
    int64_t attempt, fails, crashes;                       /* counts */
    int64_t created_ms, started_ms, finished_ms, ready_ms; /* Redis time, 0: not yet or nonsense */
    char slot[TASK_STORE_SLOT_SIZE];
    int64_t expires_at_s; /* of the record, seconds since 1970, 0: never or unknown */
    char progress[512];   /* as the runner last said it, "" none */
};
void task_view_done(struct task_view *view);
/* task_store_read(store, query, id, full, &answer, &view): the credential's record and the
 * task together. An unknown id is ERR_OK with view.found false. With ACCESS_NOTHING answer is
 * empty. `owner` is filled too when with_owner (AGNOSTIC_TASK_READ=owner), still one trip. */
enum task_store_part { TASK_STORE_RECORD, TASK_STORE_OWNER, TASK_STORE_FULL };
enum err task_store_read(struct store *store, const struct access_query *query, const char *id,
                         enum task_store_part part, struct access_answer *ret_answer,
                         struct task_view *ret_view);

/* --- the runner -------------------------------------------------------------------- */

struct task_claim {
    char id[101];
    char token[TASK_STORE_TOKEN_SIZE];
    char slot[TASK_STORE_SLOT_SIZE];
    char head[RECORD_PIECE_SIZE], middle[RECORD_PIECE_SIZE];
    char *spec; /* owned; task_claim_done frees it */
    int64_t attempt;
    int64_t run_timeout_ms;
};
void task_claim_done(struct task_claim *claim);

/* task_store_wait(store, wait_ms): blocks until the doorbell rings, or wait_ms passed or a signal
 * came (ERR_EMPTY). A lost ring costs at most wait_ms. */
enum err task_store_wait(struct store *store, int64_t wait_ms);
/* task_store_claim(store, slot, lease_ms, &claim): the next task, now `running` and leased to
 * slot. ERR_EMPTY when nothing is ready or the queue is paused. */
enum err task_store_claim(struct store *store, const char *slot, int64_t lease_ms,
                          struct task_claim *ret_claim);
/* task_store_beat(store, claim, lease_ms, progress): renews the lease; progress is one JSON
 * value or empty. ERR_LOST: stop at once and write nothing. ERR_TIMEOUT: past its run timeout. */
enum err task_store_beat(struct store *store, const struct task_claim *claim, int64_t lease_ms,
                         struct text progress);
/* task_store_finish(store, claim, state, result): ends the task as completed or failed with
 * the result JSON; schedules the callback when there is one. ERR_LOST. */
enum err task_store_finish(struct store *store, const struct task_claim *claim,
                           enum task_state state, struct text result);
/* task_store_retry(store, claim, delay_ms, result): an infrastructure failure worth another
 * attempt: back to pending after delay_ms; failed with result when TASK_STORE_ATTEMPTS_MAX are used
 * up. ERR_LOST. */
enum err task_store_retry(struct store *store, const struct task_claim *claim, int64_t delay_ms,
                          struct text result);
/* task_store_hand_back(store, claim): back to the head of its list, no attempt charged
 * (a runner that stops). ERR_LOST. */
enum err task_store_hand_back(struct store *store, const struct task_claim *claim);

/* --- the keeper ---------------------------------------------------------------------- */

struct task_repair {
    int64_t requeued, buried, promoted, ghosts, leased;
};
/* task_store_repair(store, keeper, deep, &repair): reaps leases that ran out (requeues with
 * backoff; the TASK_STORE_CRASHES_MAX-th buries: failed, code runner_lost), promotes delayed tasks
 * that are due, and, when deep, gives a lease to ids that stand in a slot's list without one
 * and re-arms the records of live tasks that have less than half their life left. Any number of
 * keepers may call it. */
enum err task_store_repair(struct store *store, const char *keeper, bool deep,
                           struct task_repair *ret_repair);

/* Depth of the queue, for /ready and metrics. */
struct task_depth {
    int64_t ready[TASK_PRIORITY__COUNT], delayed, leased;
};
enum err task_store_depth(struct store *store, struct task_depth *ret_depth);

#endif
