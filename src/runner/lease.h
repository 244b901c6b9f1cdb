/* lease: a slot's hold on its task while it works: beats, the run timeout, the wish to stop.
 * It is the pulse of all that the slot waits for. */
#ifndef AGNOSTIC_RUNNER_LEASE_H
#define AGNOSTIC_RUNNER_LEASE_H

#include "agnostic/store/task_store.h"
#include "runner/progress.h"
#include "runner/pulse.h"
#include "runner/setup.h"
#include "runner/stopping.h"

enum lease_state {
    LEASE_HELD,
    LEASE_LOST,     /* another has the task, or it was cancelled: write nothing */
    LEASE_CUT_OFF,  /* Redis was away for longer than the lease: the same */
    LEASE_TIMEOUT,  /* past the task's run timeout: it has failed */
    LEASE_GIVE_BACK /* this runner stops: hand it back */
};

struct lease {
    struct store *store;
    const struct setup *setup;
    const struct task_claim *claim;
    const struct progress *progress;
    struct stopping *stopping;
    enum lease_state state;
    int64_t held_ms;     /* when it was last known to be held */
    int64_t beat_ms;     /* when the next beat is due */
    int64_t deadline_ms; /* of the attempt */
};

/* lease_init(lease, store, setup, claim, progress, stopping): for a claim made just now. All
 * are borrowed. */
void lease_init(struct lease *lease, struct store *store, const struct setup *setup,
                const struct task_claim *claim, const struct progress *progress,
                struct stopping *stopping);
/* lease_pulse(lease): beats when a beat is due; orders a stop as soon as the state is no
 * longer LEASE_HELD. */
struct pulse lease_pulse(struct lease *lease);
/* lease_hurry(lease): a beat is due now; for what a client should see at once. */
void lease_hurry(struct lease *lease);

#endif
