/* task_full: what scheduling knows of a task, for its owner. Must not know how it is asked for. */
#include "web/task_full.h"

#include <stdio.h>

#include "agnostic/base/id.h"
#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"
#include "agnostic/task/request.h"

enum { FULL_FLEET_LIMIT_MS = 100 };

static void full_time(struct json_out *out, const char *name, int64_t ms) {
    char iso[TIME_ISO_SIZE];
    if (ms > 0)
        time_iso_utc(ms * 1000, iso);
    json_out_member(out, name, ms > 0 ? iso : NULL);
}

static void full_agents(struct json_out *out, const char *spec) {
    struct json *root = NULL;
    struct request order;
    bool known = spec != NULL &&
                 json_parse(text_of(spec), &JSON_LIMITS_REQUEST, &root, NULL) == ERR_OK &&
                 request_read_spec(root, &order) == ERR_OK;
    json_out_name(out, "agents");
    if (known)
        request_put_agents(&order, out);
    else
        json_out_raw(out, TEXT("[]"));
    json_free(root);
}

static void full_progress(struct json_out *out, struct text progress) {
    json_out_name(out, "progress");
    if (progress.len > 0 && json_check(progress, &JSON_LIMITS_REQUEST, NULL) == ERR_OK)
        json_out_raw(out, progress);
    else
        json_out_null(out);
}

/* --- attempts, folded from the history ---------------------------------------------------------
 */

struct full_attempts {
    struct json_out *out;
    bool open; /* one was begun and has not ended yet */
};

static struct text full_field(const struct task_event_row *row, const char *name) {
    for (size_t i = 0; i < row->count; i++)
        if (text_is(row->names[i], name))
            return row->values[i];
    return (struct text){0};
}

static void full_text(struct json_out *out, const char *name, struct text value) {
    if (value.ptr != NULL)
        json_out_member_text(out, name, value);
    else
        json_out_member(out, name, NULL);
}

/* row: what ended it, or NULL. */
static void full_close(struct full_attempts *attempts, const struct task_event_row *row) {
    struct json_out *out = attempts->out;
    if (!attempts->open)
        return;
    full_time(out, "ended_at", row != NULL ? row->at_ms : 0);
    full_text(out, "ended", row != NULL ? row->event : (struct text){0});
    full_text(out, "why", row != NULL ? full_field(row, "why") : (struct text){0});
    json_out_end_object(out);
    attempts->open = false;
}

static void full_open(struct full_attempts *attempts, const struct task_event_row *row) {
    struct json_out *out = attempts->out;
    uint64_t number;
    json_out_object(out);
    json_out_name(out, "number");
    if (text_u64(full_field(row, "attempt"), INT64_MAX, &number))
        json_out_int(out, (int64_t)number);
    else
        json_out_null(out);
    full_text(out, "slot", full_field(row, "slot"));
    full_time(out, "started_at", row->at_ms);
    attempts->open = true;
}

static void full_visit(void *ctx, const struct task_event_row *row) {
    static const char *const ENDS[] = {"completed", "failed",      "cancelled", "retry",
                                       "requeued",  "handed_back", "unclaimed", "waiting"};
    struct full_attempts *attempts = ctx;
    if (text_is(row->event, "running")) {
        full_close(attempts, NULL);
        full_open(attempts, row);
    }
    for (size_t i = 0; i < sizeof(ENDS) / sizeof(ENDS[0]); i++)
        if (text_is(row->event, ENDS[i]))
            full_close(attempts, row);
}

static enum err full_attempts(struct json_out *out, struct call *call, const char *id) {
    struct full_attempts attempts = {.out = out};
    enum err err = ERR_OK;
    json_out_member_int(out, "attempt", call->view.attempt);
    json_out_member_int(out, "failed_attempts", call->view.fails);
    json_out_member_int(out, "lost_attempts", call->view.crashes);
    json_out_name(out, "attempts");
    json_out_array(out);
    if (call->view.created_ms > 0)
        err = task_view_events(call->service->store, id, "", TASK_STORE_EVENTS_MAX, 0, full_visit,
                               &attempts);
    full_close(&attempts, NULL);
    json_out_end_array(out);
    return err;
}

/* --- place in the queue ------------------------------------------------------------------------
 */

/* Seconds until it starts, -1: nobody can tell. */
static int64_t full_estimate(const struct task_place *place, int64_t slots) {
    if (place->runs <= 0 || place->run_ms < 0 || slots <= 0)
        return -1;
    double ahead = (double)place->position + (double)place->higher;
    double seconds = ahead * ((double)place->run_ms / (double)place->runs) / (double)slots / 1000.0;
    return seconds < 1e9 ? (int64_t)(seconds + 0.5) : -1;
}

static void full_place(struct json_out *out, struct call *call, const struct task_place *place) {
    struct fleet fleet = {0};
    if (fleet_store_read(call->service->store, FULL_FLEET_LIMIT_MS, &fleet) != ERR_OK)
        fleet.slots = 0;
    int64_t seconds = full_estimate(place, fleet.slots);
    json_out_object(out);
    json_out_member_int(out, "position", place->position);
    json_out_member(out, "position_is", "enqueue number minus that of its list's head");
    json_out_name(out, "estimated_start_s");
    if (seconds >= 0)
        json_out_int(out, seconds);
    else
        json_out_null(out);
    json_out_member(out, "estimate_is",
                    "position and tasks of higher priority, times mean run, by live slots");
    json_out_end_object(out);
}

static enum err full_queue(struct json_out *out, struct call *call, const char *id,
                           const struct record *record) {
    struct task_place place = {.position = -1};
    enum err err = ERR_OK;
    if (record->state == TASK_PENDING && call->view.seq > 0)
        err = task_view_place(call->service->store, id, &call->view, &place);
    json_out_name(out, "queue");
    if (err == ERR_OK && place.position >= 0)
        full_place(out, call, &place);
    else
        json_out_null(out);
    return err;
}

/* --- links -------------------------------------------------------------------------------------
 */

static void full_link(struct json_out *out, const struct call *call, const char *name,
                      const char *id, const char *tail) {
    char path[192];
    if (!id_is_task(text_of(id)))
        return;
    snprintf(path, sizeof(path), "%s/tasks/%s%s", call_prefix(call), id, tail);
    json_out_member(out, name, path);
}

static void full_links(struct json_out *out, const struct call *call, const char *id,
                       const struct record *record) {
    bool again = record->state == TASK_FAILED || record->state == TASK_CANCELLED;
    json_out_name(out, "links");
    json_out_object(out);
    full_link(out, call, "self", id, "");
    full_link(out, call, "events", id, "/events");
    full_link(out, call, "log", id, "/log");
    if (!task_state_is_terminal(record->state))
        full_link(out, call, "cancel", id, "/cancel");
    if (again && call->view.spec != NULL)
        full_link(out, call, "retry", id, "/retry");
    full_link(out, call, "retry_of", call->view.retry_of, "");
    full_link(out, call, "retried_as", call->view.retried_as, "");
    json_out_end_object(out);
}

enum err task_full_put(struct call *call, const struct record *record, int64_t poll_s,
                       struct json_out *out) {
    const struct task_view *view = &call->view;
    bool known = view->created_ms > 0;
    char id[101];
    if (!text_copy(call->id, id, sizeof(id)))
        return ERR_TASK_ID;
    json_out_member(out, "priority", known ? task_priority_word(view->priority) : NULL);
    full_agents(out, view->spec);
    if (call_owns(call) || principal_may(&call->principal, PERM_SYSTEM_CONFIGURE))
        json_out_member(out, "owner", known ? view->owner : NULL);
    enum err err = full_attempts(out, call, id);
    full_time(out, "ready_at", view->ready_ms);
    full_time(out, "started_at", view->started_ms);
    full_time(out, "finished_at", view->finished_ms);
    /* A live task's record is kept up, and what its agents last did is over once it ended. */
    full_time(out, "expires_at", known && poll_s > 0 ? 0 : view->expires_at_s * 1000);
    full_progress(out, poll_s > 0 ? text_of(view->progress) : TEXT(""));
    if (err == ERR_OK)
        err = full_queue(out, call, id, record);
    json_out_name(out, "poll_interval_ms");
    if (poll_s > 0)
        json_out_int(out, poll_s * 1000);
    else
        json_out_null(out);
    full_links(out, call, id, record);
    return err;
}
