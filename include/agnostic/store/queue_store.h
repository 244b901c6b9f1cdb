/* queue_store: the queue as a whole: mending it, pausing it, measuring it. */
#ifndef AGNOSTIC_STORE_QUEUE_STORE_H
#define AGNOSTIC_STORE_QUEUE_STORE_H

#include "agnostic/store/store.h"
#include "agnostic/task/state.h"

/* --- the keeper ---------------------------------------------------------------------- */

/* What one repair did, counted. All but promoted and expired mend something; each mend is counted
 * as mended_<kind> in q:stats, too (but requeued and buried, which stand there as such). */
struct queue_repair {
    int64_t requeued, buried; /* their leases ran out */
    int64_t promoted;         /* delayed, and due */
    int64_t expired;          /* waited longer for a first start than they were to */
    int64_t leased;           /* running, but without a lease, or with one far in the future */
    int64_t listed;           /* pending, but in no list and not delayed */
    int64_t indexed;          /* a task, slot or callback that a set did not name */
    int64_t rearmed; /* a time to live wanting, or there where none may be; lapsed records */
    int64_t ghosts;  /* ids where they do not belong, keys that mean nothing any more */
    int64_t moved;   /* keys of a wrong type, now q:damaged:<key> for a month */
};
/* queue_store_repair(store, keeper, deep, &repair): moves damaged keys out of the way, reaps leases
 * that ran out (requeues with backoff; the TASK_STORE_CRASHES_MAX-th buries: failed, code
 * runner_lost), promotes delayed tasks that are due, fails those that waited too long (code
 * queue_expired), and looks at the next keys of a walk over all of them: one piece a call, more
 * when deep, each of bounded cost. The walk goes on where it was at the last call with this store.
 * Any number of keepers may call it.
 *
 * Not mended: a meta hash that lost head, middle or its type, or where these are too long (its task
 * cannot be written; its record lapses), the spec of a task (claim ends it as damaged), what a key
 * of a wrong type held before where nothing else tells (history, q:dead, enqueue numbers), a
 * running task missing in its slot's list (its lease is enough), a task missing in the middle of a
 * list longer than 256 until its turn has passed, foreign ids in open:<owner> beyond a sample of
 * 200 a walk. */
enum err queue_store_repair(struct store *store, const char *keeper, bool deep,
                            struct queue_repair *ret_repair);

/* queue_store_due(store, &in_ms): how long until the next delayed task is due, by Redis' clock; 0:
 * it is. ERR_EMPTY: none is delayed. */
enum err queue_store_due(struct store *store, int64_t *ret_in_ms);

/* --- operators ----------------------------------------------------------------------- */

/* Claims stop (paused), submits are refused (draining). What runs goes on. */
struct queue_switches {
    bool paused, draining;
};
enum err queue_store_switches(struct store *store, struct queue_switches *ret_switches);
enum err queue_store_pause(struct store *store, bool paused);
enum err queue_store_drain(struct store *store, bool draining);

/* Depth of the queue, for /ready and metrics. */
struct queue_depth {
    int64_t ready[TASK_PRIORITY__COUNT], delayed, leased;
};
enum err queue_store_depth(struct store *store, struct queue_depth *ret_depth);

/* --- numbers ------------------------------------------------------------------------- */

/* q:stats as the scripts count: field, number. Fields: submitted, joined, replayed, claimed,
 * completed, failed, cancelled, retried, requeued, handed_back, fenced, why tasks failed for good
 * (buried: crashed too often, exhausted: attempts, expired, damaged: without spec), mended_<kind>,
 * webhook_<result>, circuit_opened, wait_ms and run_ms with wait_le_<s> and run_le_<s>
 * (QUEUE_STORE_BOUNDS_S; not cumulative; <inf> is the last). A field not there is 0. */
#define QUEUE_STORE_BOUNDS_S                                                                       \
    { 1, 5, 10, 30, 60, 300, 600, 1800, 3600 }
struct queue_numbers {
    struct queue_depth depth;
    int64_t oldest_ms[TASK_PRIORITY__COUNT]; /* age of each list's head, 0: empty */
    struct queue_switches switches;
    struct queue_stat {
        char name[32];
        int64_t n;
    } stats[128];
    size_t count;
};
/* queue_store_numbers(store, limit_ms, &numbers): bounded by limit_ms in all. */
enum err queue_store_numbers(struct store *store, int64_t limit_ms,
                             struct queue_numbers *ret_numbers);
/* queue_store_stat(numbers, name): 0 when it was never counted. */
int64_t queue_store_stat(const struct queue_numbers *numbers, const char *name);

#endif
