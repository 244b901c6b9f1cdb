/* Renews a lease and finds out in time that it is no longer ours. */
#include "runner/lease.h"

#include "agnostic/base/time.h"

enum {
    LEASE_AGAIN_MS = 500, /* after a beat that did not reach Redis */
    LEASE_STOP_MS = 2000  /* from the loss of a lease until its agent has ended */
};

void lease_init(struct lease *lease, struct store *store, const struct setup *setup,
                const struct task_claim *claim, const struct progress *progress,
                struct stopping *stopping) {
    int64_t now = time_mono_ms();
    *lease = (struct lease){.store = store,
                            .setup = setup,
                            .claim = claim,
                            .progress = progress,
                            .stopping = stopping,
                            .state = LEASE_HELD,
                            .held_ms = now,
                            .beat_ms = now + setup->beat_ms,
                            .look_ms = now + LEASE_LOOK_MS,
                            .deadline_ms = now + claim->run_timeout_ms};
    journal_init(&lease->journal, claim->attempt);
}

void lease_done(struct lease *lease) {
    journal_done(&lease->journal);
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void beat(struct lease *lease) {
    struct buf buf;
    int64_t asked = time_mono_ms(); /* the lease counts from before the answer */
    buf_init(&buf, 4096);
    progress_put(lease->progress, &buf);
    enum err err = task_store_beat(lease->store, lease->claim, lease->setup->lease_ms,
                                   buf_text(&buf), lease->has_target ? &lease->hold : NULL);
    buf_done(&buf);
    lease->beat_ms = asked + lease->setup->beat_ms;
    switch (err) {
    case ERR_OK:
        lease->held_ms = asked;
        break;
    case ERR_LOST:
        lease->state = LEASE_LOST;
        break;
    case ERR_TIMEOUT:
        lease->state = LEASE_TIMEOUT;
        break;
    default:
        lease->beat_ms = asked + least(LEASE_AGAIN_MS, lease->setup->beat_ms);
        if (time_mono_ms() - lease->held_ms > lease->setup->lease_ms) {
            lease->state = LEASE_CUT_OFF;
        }
    }
}

/* A write that was refused says as much as a beat that was. */
static void note_lost(struct lease *lease, enum err err) {
    if (err == ERR_LOST && lease->state == LEASE_HELD) {
        lease->state = LEASE_LOST;
    }
}

static void look(struct lease *lease) {
    note_lost(lease, task_store_look(lease->store, lease->claim));
    lease->look_ms = time_mono_ms() + LEASE_LOOK_MS;
}

void lease_flush(struct lease *lease) {
    struct text lines = journal_lines(&lease->journal);
    if (lines.len == 0) {
        return;
    }
    enum err err = task_store_log(lease->store, lease->claim, lines);
    note_lost(lease, err);
    if (err == ERR_OK) {
        journal_taken(&lease->journal);
    } else {
        journal_not_taken(&lease->journal);
    }
}

void lease_event(struct lease *lease, const char *event, const char *agent, const char *why) {
    note_lost(lease, task_store_event(lease->store, lease->claim, event, agent, why));
}

/* What is due of the talk with Redis. A beat is a look as well. */
static void talk(struct lease *lease, int64_t now) {
    if (lease->state == LEASE_HELD && now >= lease->beat_ms) {
        beat(lease);
        lease->look_ms = now + LEASE_LOOK_MS;
    }
    if (lease->state == LEASE_HELD && now >= lease->look_ms) {
        look(lease);
    }
    if (lease->state == LEASE_HELD && now >= lease->journal.due_ms) {
        lease_flush(lease);
    }
}

enum err lease_take_target(struct lease *lease, const char *target, bool alone, int64_t places) {
    struct target_hold hold = {.alone = alone, .places = places};
    struct pulse pulse = lease_pulse(lease);
    int64_t due_ms;
    text_copy(text_of(target), hold.target, sizeof(hold.target));
    hold.hold_ms = lease->setup->lease_ms + lease->setup->redis_timeout_ms + LEASE_STOP_MS;
    for (;;) {
        enum err err = target_store_take(lease->store, lease->claim, &hold, &lease->waits);
        if (err == ERR_OK) {
            lease->hold = hold;
            lease->has_target = true;
        }
        note_lost(lease, err);
        if (err != ERR_STORE && err != ERR_STORE_FULL) {
            return err;
        }
        stopping_sleep(lease->stopping, LEASE_AGAIN_MS);
        if (!pulse.beat(pulse.ctx, &due_ms)) {
            return ERR_LOST;
        }
    }
}

void lease_leave_target(struct lease *lease) {
    if (lease->has_target && lease->state != LEASE_CUT_OFF) {
        (void)target_store_leave(lease->store, lease->claim, &lease->hold);
    }
    lease->has_target = false;
}

static bool on_pulse(void *ctx, int64_t *ret_due_ms) {
    struct lease *lease = ctx;
    int64_t now = time_mono_ms();
    stopping_look(lease->stopping, lease->setup->drain_ms);
    if (lease->state == LEASE_HELD && now >= lease->deadline_ms) {
        lease->state = LEASE_TIMEOUT;
    }
    if (lease->state == LEASE_HELD && now >= lease->stopping->hand_back_ms) {
        lease->state = LEASE_GIVE_BACK;
    }
    talk(lease, now);
    *ret_due_ms = least(least(lease->beat_ms, least(lease->look_ms, lease->journal.due_ms)),
                        least(lease->deadline_ms, lease->stopping->hand_back_ms));
    return lease->state == LEASE_HELD;
}

struct pulse lease_pulse(struct lease *lease) {
    return (struct pulse){on_pulse, lease, lease->stopping->fd};
}

void lease_hurry(struct lease *lease) {
    lease->beat_ms = 0;
}
