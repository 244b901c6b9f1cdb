/* task_store: what can happen to a task. One function per transition; each is one Lua script
 * (src/store/scripts), so it happens whole or not at all. Reading is task_view.h, the queue as
 * a whole queue_store.h.
 *
 * Redis' clock is the only one that decides. Every write of a runner carries the fencing
 * token of its claim and is refused (ERR_LOST) once another has taken over. */
#ifndef AGNOSTIC_STORE_TASK_STORE_H
#define AGNOSTIC_STORE_TASK_STORE_H

#include "agnostic/store/history_store.h"
#include "agnostic/task/record.h"

enum {
    TASK_STORE_TOKEN_SIZE = 96,
    TASK_STORE_SLOT_SIZE = 64,         /* a slot's name: host:pid:number */
    TASK_STORE_CRASHES_MAX = 3,        /* lost leases until a task is buried */
    TASK_STORE_ATTEMPTS_MAX = 3,       /* attempts told to have failed until the task has */
    TASK_STORE_EVENTS_MAX = 1000,      /* kept per task, about; as lib/task.lua has it */
    TASK_STORE_FAIR_EVERY = 10,        /* every so many claims take the oldest head */
    TASK_STORE_LOG_MAX = 1048576,      /* bytes of a task's log */
    TASK_STORE_ARTIFACT_MAX = 1048576, /* bytes of one artifact */
    TASK_STORE_ARTIFACTS_MAX = 4194304 /* of all of a task */
};

struct target_hold; /* target_store.h */

/* --- the web tier ------------------------------------------------------------------ */

/* How much of a quota is left (GCRA). limit 0: there is no quota. */
struct task_quota {
    int64_t limit, window_s;
    int64_t left, reset_s; /* reset_s: until all of it is back */
    int64_t retry_after_s; /* > 0 only when refused */
};

struct task_submit {
    const char *id, *owner; /* owner: principal's user_id */
    enum task_priority priority;
    const char *head, *middle;                 /* pieces of the record (task/record.h) */
    struct text record, spec;                  /* the pending record and the spec, JSON */
    struct text callback_url, callback_secret; /* ptr NULL for none */
    const char *retry_of; /* the task this one tries again, whose callback it takes over; or NULL */
    struct text idem_key; /* Idempotency-Key as received, empty: none */
    const char *fingerprint; /* hex SHA-256 of the request; wanted with idem_key */
    const char *unique;      /* hex SHA-256; a live task of the same is joined; NULL: never */
    int64_t run_timeout_ms;
    int64_t queue_ttl_ms;                 /* longest wait for its first start, 0: any */
    int64_t queue_max, open_max, per_min; /* 0: no limit */
};
/* How a request came by its task. Both bits: this key came before, and joined a task then. */
enum { TASK_SUBMIT_NEW = 0, TASK_SUBMIT_REPLAYED = 1, TASK_SUBMIT_JOINED = 2 };
struct task_submitted {
    unsigned how;
    char id[101];
    char *record; /* owned, of the task that stands for the request; NULL with TASK_SUBMIT_NEW */
    struct task_quota quota; /* only what made a task counts against it */
};
void task_submitted_done(struct task_submitted *submitted);
/* task_store_submit(store, submit, &submitted): one round trip; when it returns ERR_OK, Redis
 * has acknowledged the whole, and so have as many replicas as are asked for. A task that stands
 * for the request already (idem_key, then unique) is given whatever else is full.
 * Refused, with submitted->quota filled: ERR_DRAINING, ERR_QUEUE_FULL, ERR_TOO_MANY_OPEN, ERR_RATE,
 * ERR_IDEMPOTENCY (that key came with another request), ERR_GONE (the task behind that key is no
 * longer there), ERR_CONFLICT (id taken). */
enum err task_store_submit(struct store *store, const struct task_submit *submit,
                           struct task_submitted *ret_submitted);
/* task_store_cancel(store, id, &was): cancelled at once and for good; the slot that runs it is
 * refused from here on. ERR_CONFLICT: it has ended before, as `was` says. ERR_NO_TASK: no such
 * task is known to the queue (a record of the original's may stand there nevertheless). */
enum err task_store_cancel(struct store *store, const char *id, enum task_state *ret_was);

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
/* task_store_unclaim(store, slot, &count): gives back what stands in the list of a slot that
 * knows of nothing in hand (a claim whose answer was lost); no attempt, no crash charged. */
enum err task_store_unclaim(struct store *store, const char *slot, int64_t *ret_count);
/* task_store_beat(store, claim, lease_ms, progress, hold): renews the lease, and the hold on a
 * target (NULL: it has none); progress is one JSON value or empty. ERR_LOST: stop at once and write
 * nothing. ERR_TIMEOUT: past its run timeout. */
enum err task_store_beat(struct store *store, const struct task_claim *claim, int64_t lease_ms,
                         struct text progress, const struct target_hold *hold);
/* task_store_look(store, claim): is the claim still good? Reads one field, so that it may be
 * asked twice a second. ERR_LOST after a cancel, too. */
enum err task_store_look(struct store *store, const struct task_claim *claim);
/* task_store_event(store, claim, event, agent, why): one line of history, `agent_started`,
 * `agent_ended`; agent and why may be NULL. ERR_LOST. */
enum err task_store_event(struct store *store, const struct task_claim *claim, const char *event,
                          const char *agent, const char *why);
/* task_store_log(store, claim, text): appends whole lines to the task's log, of which
 * TASK_STORE_LOG_MAX bytes are kept: the last says that the rest is cut. ERR_LOST. */
enum err task_store_log(struct store *store, const struct task_claim *claim, struct text text);
/* One of a task's artifacts, as it is stored. */
struct task_artifact {
    const char *name, *media_type, *sha256;
    struct text bytes;
};
/* task_store_artifact(store, claim, artifact): keeps it in place of one of that name. ERR_LOST;
 * ERR_TOO_LARGE: not within TASK_STORE_ARTIFACTS_MAX any more. */
enum err task_store_artifact(struct store *store, const struct task_claim *claim,
                             const struct task_artifact *artifact);
/* task_store_finish(store, claim, state, result, note): ends the task as completed or failed with
 * the result JSON; schedules the callback when there is one; remembers note (NULL: nothing) in
 * history. ERR_LOST. */
enum err task_store_finish(struct store *store, const struct task_claim *claim,
                           enum task_state state, struct text result,
                           const struct history_note *note);
/* task_store_retry(store, claim, delay_ms, result): an infrastructure failure worth another
 * attempt: back to pending after delay_ms; failed with result when TASK_STORE_ATTEMPTS_MAX are used
 * up. ERR_LOST. */
enum err task_store_retry(struct store *store, const struct task_claim *claim, int64_t delay_ms,
                          struct text result);
/* task_store_hand_back(store, claim): back to the head of its list, no attempt charged
 * (a runner that stops). ERR_LOST. */
enum err task_store_hand_back(struct store *store, const struct task_claim *claim);
/* task_store_put_off(store, claim, delay_ms): its target is taken: back to pending after delay_ms,
 * or as soon as there is room, no attempt charged. ERR_LOST. */
enum err task_store_put_off(struct store *store, const struct task_claim *claim, int64_t delay_ms);

#endif
