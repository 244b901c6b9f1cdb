/* Housekeeping, every second or sooner. Whatever may take long is done aside. */
#include "runner/keeper.h"

#include <poll.h>
#include <stdlib.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"
#include "agnostic/store/queue_store.h"
#include "agnostic/store/task_store.h"
#include "runner/cgroup.h"
#include "runner/courier.h"
#include "runner/stopping.h"
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
    KEEPER_TICK_MS = 1000,  /* at most; at least twice in a lease */
    KEEPER_DEEP_MS = 60000, /* at most; at least every ten leases */
    KEEPER_LINGER_MS = 2000 /* draining: until callbacks that had to wait for their turn are due */
};

struct keeper {
    const struct setup *setup;
    const struct crew *crew;
    struct store *store;
    struct stopping stopping;
    int64_t tick_ms, deep_every_ms, next_ms, deep_ms;
    struct courier *courier;
    bool away;
    bool room; /* for callbacks, since they were last looked at */
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

/* --- the loop ----------------------------------------------------------------------- */

/* Starts what is due; false when there was none. */
static bool send_callbacks(struct keeper *keeper) {
    enum err err = courier_send(keeper->courier);
    keeper->room = false;
    return reached(keeper, err) && err == ERR_OK;
}

static void wait_for_news(struct keeper *keeper) {
    struct pollfd fds[COURIER_MAX + 1];
    int64_t wait = keeper->next_ms - time_mono_ms();
    courier_watch(keeper->courier, fds);
    fds[COURIER_MAX] = (struct pollfd){.fd = keeper->stopping.fd, .events = POLLIN};
    poll(fds, COURIER_MAX + 1, wait < 0 ? 0 : (int)wait);
    enum err err = courier_collect(keeper->courier, fds);
    if (err != ERR_EMPTY) {
        keeper->room = reached(keeper, err);
    }
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
    if (keep_tasks(keeper) || keeper->room) {
        send_callbacks(keeper);
    }
}

/* Told to stop: callbacks and tasks in hand come to their end; with drain callbacks that are due by
 * now too. */
static void leave(struct keeper *keeper, bool drain) {
    int64_t linger_ms = 0;
    for (;;) {
        if (drain && send_callbacks(keeper)) {
            linger_ms = time_mono_ms() + KEEPER_LINGER_MS;
        }
        bool busy = courier_is_busy(keeper->courier) || crew_busy(keeper->crew) > 0;
        int64_t now = time_mono_ms();
        if (now >= linger_ms && !(busy && now < keeper->stopping.hand_back_ms)) {
            break;
        }
        keep_tasks(keeper);
        wait_for_news(keeper);
    }
    fleet_store_leave(keeper->store, crew_name(keeper->crew));
}

int keeper_main(const struct setup *setup, const struct crew *crew, bool drain, int signals_fd) {
    struct keeper keeper = {.setup = setup, .crew = crew};
    enum err err = store_new(setup->redis_url, setup->redis_timeout_ms, &keeper.store, NULL);
    if (err == ERR_OK) {
        err = courier_new(keeper.store, setup->webhook_gate,
                          settings_text(setup->settings, SETTINGS_WEBHOOK_SCHEDULE_S),
                          &keeper.courier);
    }
    if (err != ERR_OK) {
        store_free(keeper.store);
        return err_exit(err);
    }
    keeper.tick_ms = least(KEEPER_TICK_MS, setup->lease_ms / 2);
    keeper.deep_every_ms = least(KEEPER_DEEP_MS, setup->lease_ms * 10);
    stopping_init(&keeper.stopping, signals_fd);
    while (!keeper.stopping.asked) {
        keep_house(&keeper);
        wait_for_news(&keeper);
    }
    leave(&keeper, drain);
    courier_free(keeper.courier);
    store_free(keeper.store);
    return 0;
}
