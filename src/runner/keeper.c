/* Housekeeping, every second or sooner. Whatever may take long is done aside. */
#include "runner/keeper.h"

#include <poll.h>
#include <stdlib.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/store/task_store.h"
#include "runner/aside.h"
#include "runner/cgroup.h"
#include "runner/stopping.h"
#include "runner/webhook.h"
#include "runner/workdir.h"

/* From the death of a host to the start of its work elsewhere, at default settings, at most:
 *   30 s  until the lease ends (AGNOSTIC_LEASE_MS; it was renewed just then)
 *    1 s  until a keeper elsewhere sees that (KEEPER_TICK_MS)
 *    5 s  until the task is due again (backoff of the first crash)
 *    1 s  until a keeper sees that
 *    1 s  until an idle slot claims it, should the doorbell's ring be lost (SLOT_WAIT_MS)
 * 38 s together; 45 s are promised, so every step may also meet one second of a slow Redis
 * (AGNOSTIC_REDIS_TIMEOUT_MS). */
enum {
    KEEPER_TICK_MS = 1000,     /* at most; at least twice in a lease */
    KEEPER_DEEP_MS = 60000,    /* at most; at least every ten leases */
    KEEPER_CALLBACKS = 8,      /* under way at a time */
    KEEPER_CALLBACK_MS = 20000 /* the longest that one may take */
};

/* A callback under way. */
struct callback {
    struct aside aside; /* fd -1: this place is free */
    int64_t deadline_ms;
    char id[101];
};

struct keeper {
    const struct setup *setup;
    const struct crew *crew;
    struct store *store;
    struct stopping stopping;
    int64_t tick_ms, deep_every_ms, next_ms, deep_ms;
    struct callback callbacks[KEEPER_CALLBACKS];
    bool away;
};

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Says once that Redis went away, and once that it is back. */
static bool reached(struct keeper *keeper, enum err err) {
    bool away = err != ERR_OK && err != ERR_EMPTY;
    if (away && !keeper->away) {
        log_warn("store_away", LOG_STR("keeper", crew_name(keeper->crew)),
                 LOG_STR("error", err_word(err)), LOG_STR("why", store_why(keeper->store)));
    } else if (!away && keeper->away) {
        log_info("store_back", LOG_STR("keeper", crew_name(keeper->crew)));
    }
    keeper->away = away;
    return !away;
}

/* --- tasks -------------------------------------------------------------------------- */

static void log_mended(const char *kind, int64_t count) {
    if (count > 0) {
        log_warn("tasks_mended", LOG_STR("kind", kind), LOG_INT("count", count));
    }
}

static void log_repair(const struct queue_repair *did) {
    log_mended("requeued", did->requeued);
    log_mended("buried", did->buried);
    log_mended("expired", did->expired);
    log_mended("ghosts", did->ghosts);
    log_mended("leased", did->leased);
    log_mended("listed", did->listed);
    log_mended("indexed", did->indexed);
    log_mended("rearmed", did->rearmed);
    log_mended("moved", did->moved);
}

static void repair(struct keeper *keeper, int64_t now) {
    struct queue_repair did = {0};
    bool deep = now >= keeper->deep_ms;
    if (!reached(keeper, queue_store_repair(keeper->store, crew_name(keeper->crew), deep, &did))) {
        return;
    }
    keeper->deep_ms = deep ? now + keeper->deep_every_ms : keeper->deep_ms;
    log_repair(&did);
}

static void tell_alive(struct keeper *keeper) {
    char iso[TIME_ISO_SIZE];
    struct fleet_runner runner;
    time_iso_utc(time_wall_us(), iso);
    crew_tell(keeper->crew, keeper->stopping.asked, &runner);
    reached(keeper,
            fleet_store_beat(keeper->store, &runner, roster_roles(keeper->setup->roster), iso));
}

/* --- callbacks ---------------------------------------------------------------------- */

struct delivery {
    const struct webhook_due *due;
    const struct gate *gate;
};

static void deliver_aside(void *ctx, void *answer) {
    const struct delivery *delivery = ctx;
    webhook_deliver(delivery->due, delivery->gate, answer);
}

static struct callback *free_place(struct keeper *keeper) {
    for (size_t i = 0; i < KEEPER_CALLBACKS; i++) {
        if (keeper->callbacks[i].aside.fd < 0) {
            return &keeper->callbacks[i];
        }
    }
    return NULL;
}

static bool any_under_way(const struct keeper *keeper) {
    for (size_t i = 0; i < KEEPER_CALLBACKS; i++) {
        if (keeper->callbacks[i].aside.fd >= 0) {
            return true;
        }
    }
    return false;
}

/* Starts one that is due; false when there is none, or no place for it. */
static bool start_callback(struct keeper *keeper) {
    struct webhook_due due;
    struct webhook_report report;
    struct callback *place = free_place(keeper);
    if (!place) {
        return false;
    }
    enum err err = webhook_store_take(keeper->store, &due);
    if (!reached(keeper, err) || err != ERR_OK) {
        return false;
    }
    struct delivery delivery = {&due, keeper->setup->webhook_gate};
    err = aside_start(deliver_aside, &delivery, &report, sizeof(report), &place->aside);
    if (err == ERR_OK) {
        place->deadline_ms = time_mono_ms() + KEEPER_CALLBACK_MS;
        text_copy(text_of(due.id), place->id, sizeof(place->id));
    } else {
        log_warn("callback_not_started", LOG_STR("task_id", due.id)); /* due again after its hold */
    }
    webhook_due_done(&due);
    return err == ERR_OK;
}

static void end_callback(struct keeper *keeper, struct callback *callback, bool answered) {
    struct webhook_report report = {.why = "timeout"};
    if (aside_take(&callback->aside, &report, sizeof(report)) != ERR_OK && answered) {
        text_copy(TEXT("internal_error"), report.why, sizeof(report.why));
    }
    enum err err = webhook_store_done(keeper->store, callback->id, report.delivered,
                                      report.http_status, report.why);
    reached(keeper, err);
    log_info("callback", LOG_STR("task_id", callback->id), LOG_STR("result", report.why),
             LOG_INT("status", report.http_status));
}

static void look_at_callbacks(struct keeper *keeper, const struct pollfd *fds) {
    for (size_t i = 0; i < KEEPER_CALLBACKS; i++) {
        struct callback *callback = &keeper->callbacks[i];
        if (callback->aside.fd < 0) {
            continue;
        }
        bool answered = fds[i].revents != 0;
        if (answered || time_mono_ms() >= callback->deadline_ms) {
            end_callback(keeper, callback, answered);
        }
    }
}

/* --- the loop ----------------------------------------------------------------------- */

static void wait_for_news(struct keeper *keeper) {
    struct pollfd fds[KEEPER_CALLBACKS + 1];
    int64_t wait = keeper->next_ms - time_mono_ms();
    for (size_t i = 0; i < KEEPER_CALLBACKS; i++) {
        fds[i] = (struct pollfd){.fd = keeper->callbacks[i].aside.fd, .events = POLLIN};
    }
    fds[KEEPER_CALLBACKS] = (struct pollfd){.fd = keeper->stopping.fd, .events = POLLIN};
    poll(fds, KEEPER_CALLBACKS + 1, wait < 0 ? 0 : (int)wait);
    look_at_callbacks(keeper, fds);
    stopping_look(&keeper->stopping, keeper->setup->drain_ms);
}

/* A runner that was killed with all its slots has nobody else to clear up after it. */
static void sweep(const struct keeper *keeper, int64_t now) {
    if (now >= keeper->deep_ms) {
        workdir_sweep(keeper->setup->run_dir);
        cgroup_sweep();
    }
}

/* Whether it was time for it. */
static bool keep_tasks(struct keeper *keeper) {
    int64_t now = time_mono_ms();
    if (now < keeper->next_ms) {
        return false;
    }
    keeper->next_ms = now + keeper->tick_ms;
    sweep(keeper, now);
    repair(keeper, now);
    tell_alive(keeper);
    return true;
}

static void keep_house(struct keeper *keeper) {
    if (keep_tasks(keeper)) {
        while (start_callback(keeper)) {
        }
    }
}

/* Told to stop: callbacks and tasks in hand come to their end; with drain callbacks that are due by
 * now too. */
static void leave(struct keeper *keeper, bool drain) {
    while ((drain && start_callback(keeper)) ||
           ((any_under_way(keeper) || crew_busy(keeper->crew) > 0) &&
            time_mono_ms() < keeper->stopping.hand_back_ms)) {
        keep_tasks(keeper);
        wait_for_news(keeper);
    }
    fleet_store_leave(keeper->store, crew_name(keeper->crew));
}

int keeper_main(const struct setup *setup, const struct crew *crew, bool drain, int signals_fd) {
    struct keeper keeper = {.setup = setup, .crew = crew};
    enum err err = store_new(setup->redis_url, setup->redis_timeout_ms, &keeper.store, NULL);
    if (err != ERR_OK) {
        return err_exit(err);
    }
    keeper.tick_ms = least(KEEPER_TICK_MS, setup->lease_ms / 2);
    keeper.deep_every_ms = least(KEEPER_DEEP_MS, setup->lease_ms * 10);
    for (size_t i = 0; i < KEEPER_CALLBACKS; i++) {
        keeper.callbacks[i].aside.fd = -1;
    }
    stopping_init(&keeper.stopping, signals_fd);
    while (!keeper.stopping.asked) {
        keep_house(&keeper);
        wait_for_news(&keeper);
    }
    leave(&keeper, drain);
    store_free(keeper.store);
    return 0;
}
