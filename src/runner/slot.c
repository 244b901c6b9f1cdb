/* Wait, claim, carry out, tell. Everything that can go wrong on the way ends in exactly one
 * of: finished, handed back, given up because another has it. */
#include "runner/slot.h"

#include "agnostic/base/log.h"
#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/task/result.h"
#include "runner/pipeline.h"

enum {
    SLOT_WAIT_MS = 1000,        /* for the doorbell; also the longest deafness to signals */
    SLOT_PAUSE_MS = 1000,       /* after Redis could not be reached */
    SLOT_FINISH_AGAIN_MS = 200, /* between tries to tell a result */
    SLOT_FINISH_PATIENCE_MS = 300000,
    SLOT_DUE_MS = 50,      /* draining: at least, between looks at what is due */
    SLOT_RETRY_MS = 10000, /* before the second attempt */
    SLOT_RETRY_FACTOR = 3,
    SLOT_BUSY_MS = 1000, /* before a target that was taken is asked for again */
    SLOT_BUSY_MAX_MS = 32000
};

struct slot {
    const struct setup *setup;
    struct crew *crew;
    int number;
    struct store *store;
    struct stopping stopping;
    struct progress progress;
    struct pipeline_end end;
    char name[TASK_STORE_SLOT_SIZE];
    bool away;       /* Redis could not be reached, and the log knows */
    bool unsure;     /* an answer to a claim may have been lost: what it claimed is given back */
    int64_t rest_ms; /* until then this host is not well enough for another task */
};

/* --- Redis comes and goes ----------------------------------------------------------- */

static void note_store(struct slot *slot, enum err err) {
    bool away = err == ERR_STORE || err == ERR_STORE_FULL || err == ERR_DAMAGED;
    if (away && !slot->away) {
        log_warn("store_away", LOG_STR("slot", slot->name), LOG_STR("error", err_word(err)),
                 LOG_STR("why", store_why(slot->store)));
    } else if (!away && slot->away) {
        log_info("store_back", LOG_STR("slot", slot->name));
    }
    slot->away = away;
}

/* --- the end of a task -------------------------------------------------------------- */

/* What is told of a task: its end, or, with TASK_PENDING, that another attempt is worth it. */
struct word {
    enum task_state state;
    int64_t delay_ms; /* before that attempt */
};

static enum err tell_once(struct slot *slot, const struct task_claim *claim, struct word word) {
    struct text result = buf_text(&slot->end.result);
    if (word.state == TASK_PENDING) {
        return task_store_retry(slot->store, claim, word.delay_ms, result);
    }
    return task_store_finish(slot->store, claim, word.state, result,
                             memory_note(&slot->end.memory));
}

/* A word is said until Redis hears it. The fencing token makes this harmless even after
 * the lease ran out: should another have the task by then, we are told ERR_LOST. */
static enum err tell(struct slot *slot, const struct task_claim *claim, struct word word) {
    int64_t patience = time_mono_ms() + SLOT_FINISH_PATIENCE_MS;
    for (;;) {
        enum err err = tell_once(slot, claim, word);
        note_store(slot, err);
        stopping_look(&slot->stopping, slot->setup->drain_ms);
        if ((err != ERR_STORE && err != ERR_STORE_FULL) || time_mono_ms() >= patience ||
            time_mono_ms() >= slot->stopping.hand_back_ms) {
            return err;
        }
        stopping_sleep(&slot->stopping, SLOT_FINISH_AGAIN_MS);
    }
}

static void log_end(const struct slot *slot, const struct task_claim *claim, const char *how,
                    enum err err) {
    enum log_level level = err == ERR_OK ? LOG_LEVEL_INFO : LOG_LEVEL_WARN;
    log_write(level, "task_ended",
              (struct log_field[]){LOG_STR("task_id", claim->id), LOG_STR("slot", slot->name),
                                   LOG_INT("attempt", claim->attempt), LOG_STR("how", how),
                                   LOG_STR("error", err == ERR_OK ? "" : err_word(err))},
              5);
}

static void end_finished(struct slot *slot, const struct task_claim *claim, enum task_state state) {
    log_end(slot, claim, task_state_word(state), tell(slot, claim, (struct word){state, 0}));
}

/* A fifth more or less, so that what failed together does not return together. */
static int64_t spread_ms(int64_t ms) {
    uint32_t dice = UINT32_MAX / 2;
    (void)secure_random(&dice, sizeof(dice));
    return ms * 4 / 5 + (int64_t)dice % (ms * 2 / 5 + 1);
}

/* 10 s, 30 s, 90 s. */
static int64_t backoff_ms(int64_t attempt) {
    int64_t ms = SLOT_RETRY_MS;
    for (int64_t i = 1; i < attempt && i < TASK_STORE_ATTEMPTS_MAX; i++) {
        ms *= SLOT_RETRY_FACTOR;
    }
    return spread_ms(ms);
}

/* 1 s, 2 s, 4 s, ... 32 s. */
static int64_t busy_ms(int64_t waits) {
    int64_t ms = SLOT_BUSY_MS;
    for (int64_t i = 1; i < waits && ms < SLOT_BUSY_MAX_MS; i++) {
        ms *= 2;
    }
    return spread_ms(ms);
}

/* Where this host is what lacks something, it takes no other task before this one comes again: in
 * the meantime a host that is well may have the queue. */
static void end_retried(struct slot *slot, const struct task_claim *claim, enum err why) {
    int64_t delay = backoff_ms(claim->attempt);
    enum err err = tell(slot, claim, (struct word){TASK_PENDING, delay});
    log_warn("task_retried", LOG_STR("task_id", claim->id), LOG_STR("slot", slot->name),
             LOG_INT("attempt", claim->attempt), LOG_INT("delay_ms", delay),
             LOG_TEXT("result", buf_text(&slot->end.result)),
             LOG_STR("error", err == ERR_OK ? "" : err_word(err)));
    if (why != ERR_TEMPORARY) {
        slot->rest_ms = time_mono_ms() + delay;
    }
}

/* The lease ordered a stop: what becomes of the task then. */
static void end_stopped(struct slot *slot, const struct task_claim *claim, enum lease_state state) {
    switch (state) {
    case LEASE_TIMEOUT:
        buf_reset(&slot->end.result);
        memory_clear(&slot->end.memory);
        result_put_error(&slot->end.result, "timeout",
                         "The task did not end within its run timeout.", claim->attempt);
        end_finished(slot, claim, TASK_FAILED);
        return;
    case LEASE_GIVE_BACK:
        log_end(slot, claim, "handed_back", task_store_hand_back(slot->store, claim));
        return;
    case LEASE_CUT_OFF:
        log_end(slot, claim, "abandoned", ERR_STORE);
        return;
    case LEASE_HELD: /* it orders none while it is held */
    case LEASE_LOST:
        log_end(slot, claim, "abandoned", ERR_LOST);
        return;
    }
}

static void carry_out(struct slot *slot, const struct task_claim *claim) {
    struct lease lease;
    lease_init(&lease, slot->store, slot->setup, claim, &slot->progress, &slot->stopping);
    enum err err = pipeline_run(slot->setup, claim, &lease, &slot->progress, &slot->end);
    if (lease.state != LEASE_LOST && lease.state != LEASE_CUT_OFF) {
        lease_flush(&lease);
    }
    if (err == ERR_OK) {
        end_finished(slot, claim, slot->end.state);
    } else if (err == ERR_BUSY) {
        log_end(slot, claim, "put_off",
                task_store_put_off(slot->store, claim, busy_ms(lease.waits)));
    } else if (pipeline_may_retry(err)) {
        end_retried(slot, claim, err);
    } else {
        end_stopped(slot, claim, lease.state);
    }
    lease_done(&lease);
}

/* --- the loop ----------------------------------------------------------------------- */

/* With nothing ready: will there be? Only asked when draining, since keepers see to what is due
 * otherwise. Waits for what falls due in the time that is left. */
static bool more_to_come(struct slot *slot) {
    struct queue_repair repair = {0};
    int64_t in_ms;
    if (queue_store_repair(slot->store, slot->name, false, &repair) == ERR_OK &&
        repair.promoted > 0) {
        return true;
    }
    if (queue_store_due(slot->store, &in_ms) != ERR_OK ||
        in_ms >= crew_until_ms(slot->crew) - time_mono_ms()) {
        return false;
    }
    int64_t wait_ms = in_ms < SLOT_WAIT_MS ? in_ms : SLOT_WAIT_MS;
    stopping_sleep(&slot->stopping, wait_ms > SLOT_DUE_MS ? wait_ms : SLOT_DUE_MS);
    return true;
}

/* A slot that knows of nothing in hand gives back what stands in its list, before a lease that
 * nobody renews runs out and counts as a crash. */
static enum err unclaim(struct slot *slot) {
    int64_t count = 0;
    enum err err = slot->unsure ? task_store_unclaim(slot->store, slot->name, &count) : ERR_OK;
    slot->unsure = slot->unsure && err != ERR_OK;
    if (count > 0) {
        log_warn("unheard_claim_given_back", LOG_STR("slot", slot->name), LOG_INT("tasks", count));
    }
    return err;
}

static enum err take(struct slot *slot, struct task_claim *ret_claim) {
    enum err err = unclaim(slot);
    if (err == ERR_OK) {
        err = task_store_claim(slot->store, slot->name, slot->setup->lease_ms, ret_claim);
        slot->unsure = err != ERR_OK && err != ERR_EMPTY;
    }
    return err;
}

enum turn { TURN_AGAIN, TURN_LEAVE, TURN_UNREACHABLE };

static enum turn idle(struct slot *slot, bool drain, enum err err) {
    if (err == ERR_EMPTY && drain) {
        return more_to_come(slot) ? TURN_AGAIN : TURN_LEAVE;
    }
    if (err == ERR_EMPTY) {
        err = task_store_wait(slot->store, SLOT_WAIT_MS);
    }
    note_store(slot, err);
    if (err == ERR_OK || err == ERR_EMPTY) {
        return TURN_AGAIN;
    }
    if (drain) {
        return TURN_UNREACHABLE;
    }
    stopping_sleep(&slot->stopping, SLOT_PAUSE_MS);
    return TURN_AGAIN;
}

static enum turn turn(struct slot *slot, bool drain) {
    struct task_claim claim;
    stopping_look(&slot->stopping, slot->setup->drain_ms);
    if (slot->stopping.asked) {
        return TURN_LEAVE;
    }
    if (time_mono_ms() < slot->rest_ms) {
        stopping_sleep(&slot->stopping, slot->rest_ms - time_mono_ms());
        return TURN_AGAIN;
    }
    enum err err = take(slot, &claim);
    if (err != ERR_OK) {
        return idle(slot, drain, err);
    }
    note_store(slot, ERR_OK);
    crew_set_busy(slot->crew, slot->number, true);
    carry_out(slot, &claim);
    crew_set_busy(slot->crew, slot->number, false);
    task_claim_done(&claim);
    return TURN_AGAIN;
}

int slot_main(const struct setup *setup, struct crew *crew, int number, bool drain,
              int signals_fd) {
    struct slot slot = {.setup = setup, .crew = crew, .number = number, .unsure = true};
    enum turn next = TURN_AGAIN;
    enum err err = crew_member(crew, "slot", number, slot.name);
    if (err == ERR_OK) {
        err = store_new(setup->redis_url, setup->redis_timeout_ms, &slot.store, NULL);
    }
    if (err != ERR_OK) {
        return err_exit(err);
    }
    stopping_init(&slot.stopping, signals_fd);
    pipeline_end_init(&slot.end);
    while (next == TURN_AGAIN) {
        next = turn(&slot, drain);
    }
    pipeline_end_done(&slot.end);
    store_free(slot.store);
    return next == TURN_UNREACHABLE ? err_exit(ERR_STORE) : 0;
}
