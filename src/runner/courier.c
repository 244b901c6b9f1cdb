/* Delivers callbacks aside and tells Redis how that went. Knows nothing of tasks. */
#include "runner/courier.h"

#include <stdlib.h>

#include "agnostic/base/log.h"
#include "agnostic/base/time.h"
#include "runner/aside.h"
#include "runner/webhook.h"

enum { COURIER_LIMIT_MS = 20000 /* the longest that one may take; its own limits are shorter */ };

/* A delivery: none, under way (aside.fd >= 0), or ended and not yet told. */
struct courier_place {
    bool used;
    struct aside aside;
    int64_t began_ms;
    char id[101];
    int64_t attempt;
    struct webhook_report report;
};

struct courier {
    struct store *store;
    const struct gate *gate;
    const char *schedule;
    struct courier_place places[COURIER_MAX];
};

enum err courier_new(struct store *store, const struct gate *gate, const char *schedule,
                     struct courier **ret_courier) {
    struct courier *courier = calloc(1, sizeof(*courier));
    if (!courier) {
        return ERR_NOMEM;
    }
    courier->store = store;
    courier->gate = gate;
    courier->schedule = schedule;
    *ret_courier = courier;
    return ERR_OK;
}

void courier_free(struct courier *courier) {
    struct webhook_report report;
    for (size_t i = 0; courier && i < COURIER_MAX; i++) {
        struct courier_place *place = &courier->places[i];
        if (place->used && place->aside.fd >= 0) {
            aside_take(&place->aside, &report, sizeof(report));
        }
    }
    free(courier);
}

bool courier_is_busy(const struct courier *courier) {
    for (size_t i = 0; i < COURIER_MAX; i++) {
        if (courier->places[i].used) {
            return true;
        }
    }
    return false;
}

/* --- sending --------------------------------------------------------------------------- */

struct delivery {
    const struct webhook_due *due;
    const struct gate *gate;
};

static void deliver_aside(void *ctx, void *answer) {
    const struct delivery *delivery = ctx;
    webhook_deliver(delivery->due, delivery->gate, answer);
}

static void start(const struct courier *courier, const struct webhook_due *due,
                  struct courier_place *place) {
    struct webhook_report report;
    struct delivery delivery = {due, courier->gate};
    *place = (struct courier_place){
        .used = true, .aside = {-1, -1}, .began_ms = time_mono_ms(), .attempt = due->attempt};
    text_copy(text_of(due->id), place->id, sizeof(place->id));
    if (aside_start(deliver_aside, &delivery, &report, sizeof(report), &place->aside) != ERR_OK) {
        place->report = (struct webhook_report){.result = WEBHOOK_FAILED, .why = "not_started"};
    }
}

enum err courier_send(struct courier *courier) {
    enum err err = ERR_EMPTY;
    bool started = false;
    for (size_t i = 0; i < COURIER_MAX; i++) {
        struct courier_place *place = &courier->places[i];
        struct webhook_due due;
        if (place->used) {
            continue;
        }
        err = webhook_store_take(courier->store, courier->schedule, &due);
        if (err != ERR_OK) {
            break;
        }
        start(courier, &due, place);
        webhook_due_done(&due);
        started = true;
    }
    return err == ERR_EMPTY && started ? ERR_OK : err;
}

/* --- how it went ------------------------------------------------------------------------- */

void courier_watch(const struct courier *courier, struct pollfd fds[static COURIER_MAX]) {
    for (size_t i = 0; i < COURIER_MAX; i++) {
        const struct courier_place *place = &courier->places[i];
        fds[i] = (struct pollfd){.fd = place->used ? place->aside.fd : -1, .events = POLLIN};
    }
}

/* Whether it has ended; if so, its report is there. */
static bool end(struct courier_place *place, bool answered) {
    int64_t took_ms = time_mono_ms() - place->began_ms;
    if (place->aside.fd < 0) {
        return true;
    }
    if (!answered && took_ms < COURIER_LIMIT_MS) {
        return false;
    }
    if (aside_take(&place->aside, &place->report, sizeof(place->report)) != ERR_OK) {
        place->report = (struct webhook_report){.result = WEBHOOK_FAILED, .ms = took_ms};
        text_copy(answered ? TEXT("internal_error") : TEXT("timeout"), place->report.why,
                  sizeof(place->report.why));
    }
    return true;
}

/* Untold, it would be sent again: what Redis cannot take now it is told later. */
static enum err tell(struct courier *courier, struct courier_place *place) {
    const struct webhook_report *report = &place->report;
    enum err err =
        webhook_store_done(courier->store, place->id, place->attempt, report, courier->schedule);
    if (err == ERR_STORE || err == ERR_STORE_FULL) {
        return err;
    }
    log_info("callback", LOG_STR("task_id", place->id), LOG_INT("attempt", place->attempt),
             LOG_STR("result", report->why), LOG_INT("status", report->http_status),
             LOG_INT("ms", report->ms), LOG_INT("lost", err == ERR_LOST));
    place->used = false;
    return ERR_OK;
}

enum err courier_collect(struct courier *courier, const struct pollfd fds[static COURIER_MAX]) {
    enum err err = ERR_EMPTY;
    for (size_t i = 0; i < COURIER_MAX; i++) {
        struct courier_place *place = &courier->places[i];
        bool ended = place->used && end(place, fds[i].revents != 0);
        if (ended && (err == ERR_OK || err == ERR_EMPTY)) {
            err = tell(courier, place);
        }
    }
    return err;
}
