/* lease: a slot's hold on its task while it works: beats, the run timeout, the wish to stop.
 * It is the pulse of all that the slot waits for. */
#ifndef AGNOSTIC_RUNNER_LEASE_H
#define AGNOSTIC_RUNNER_LEASE_H

#include "agnostic/store/target_store.h"
#include "runner/journal.h"
#include "runner/progress.h"
#include "runner/pulse.h"
#include "runner/setup.h"
#include "runner/stopping.h"

enum lease_state {
    LEASE_HELD,
    LEASE_LOST,     /* it was cancelled, or another has the task: write nothing */
    LEASE_CUT_OFF,  /* Redis was away for longer than the lease: the same */
    LEASE_TIMEOUT,  /* past the task's run timeout: it has failed */
    LEASE_GIVE_BACK /* this runner stops: hand it back */
};

enum { LEASE_LOOK_MS = 500 /* how often it is asked whether the task was cancelled */ };

struct lease {
    struct store *store;
    const struct setup *setup;
    const struct task_claim *claim;
    const struct progress *progress;
    struct stopping *stopping;
    struct journal journal; /* what agents say; taken to the task's log in passing */
    enum lease_state state;
    bool has_target; /* hold is had, and goes on with each beat */
    struct target_hold hold;
    int64_t waits;       /* how often it could not be had, so far */
    int64_t held_ms;     /* when it was last known to be held */
    int64_t beat_ms;     /* when the next beat is due */
    int64_t look_ms;     /* when to look again */
    int64_t deadline_ms; /* of the attempt */
};

/* lease_init(lease, store, setup, claim, progress, stopping): for a claim made just now. All
 * are borrowed. lease_done frees. */
void lease_init(struct lease *lease, struct store *store, const struct setup *setup,
                const struct task_claim *claim, const struct progress *progress,
                struct stopping *stopping);
void lease_done(struct lease *lease);
/* lease_pulse(lease): beats when a beat is due and looks in between, so that a cancel is seen
 * within LEASE_LOOK_MS; takes the journal along; orders a stop as soon as the state is no longer
 * LEASE_HELD. That Redis does not answer a look is no loss. */
struct pulse lease_pulse(struct lease *lease);
/* lease_hurry(lease): a beat is due now; for what a client should see at once. */
void lease_hurry(struct lease *lease);
/* lease_event(lease, event, agent, why): a line of the task's history; one that cannot be told is
 * forgotten. why may be NULL. */
void lease_event(struct lease *lease, const char *event, const char *agent, const char *why);
/* lease_take_target(lease, target, alone, places): holds a target (hex SHA-256) from now on, with
 * others (places: in all) or alone. While Redis does not answer it goes on asking, as long as the
 * lease is held. ERR_BUSY: others have it; ERR_LOST. */
enum err lease_take_target(struct lease *lease, const char *target, bool alone, int64_t places);
/* lease_leave_target(lease): others may have it. What cannot be told ends by itself. */
void lease_leave_target(struct lease *lease);
/* lease_flush(lease): takes to the log what is in the journal, now. What cannot be told is
 * forgotten. */
void lease_flush(struct lease *lease);

#endif
