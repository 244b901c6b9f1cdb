/* task_events: the history of a task, as far as it goes or as it comes. Must not know who writes
 * it. */
#include "agnostic/base/time.h"
#include "web/handlers.h"
#include "web/query.h"
#include "web/wait.h"

enum { EVENTS_LIMIT_MAX = 1000, EVENTS_LIMIT_DEFAULT = 100, EVENTS_RETRY_S = 2 };

struct events_page {
    struct json_out *out;
    char after[QUERY_VALUE_SIZE]; /* the last one told; "": none yet */
    int64_t limit, count;
    bool ended; /* nothing will follow */
};

/* Values are texts; these are numbers. */
static bool events_is_number(struct text name) {
    static const char *const NAMES[] = {"attempt", "fails", "crashes", "in_ms"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (text_is(name, NAMES[i]))
            return true;
    return false;
}

static void events_put_field(struct json_out *out, struct text name, struct text value) {
    uint64_t n;
    if (text_is(name, "id") || text_is(name, "at") || text_is(name, "event"))
        return;
    json_out_name_text(out, name);
    if (events_is_number(name) && text_u64(value, INT64_MAX, &n))
        json_out_int(out, (int64_t)n);
    else
        json_out_text(out, value);
}

static void events_visit(void *ctx, const struct task_event_row *row) {
    struct events_page *page = ctx;
    enum task_state state;
    char at[TIME_ISO_SIZE];
    time_iso_utc(row->at_ms * 1000, at);
    json_out_object(page->out);
    json_out_member(page->out, "id", row->id);
    json_out_member(page->out, "at", at);
    json_out_member_text(page->out, "event", row->event);
    for (size_t i = 0; i < row->count; i++)
        events_put_field(page->out, row->names[i], row->values[i]);
    json_out_end_object(page->out);
    (void)text_copy(text_of(row->id), page->after, sizeof(page->after));
    page->ended = task_state_read(row->event, &state) && task_state_is_terminal(state);
    page->count++;
}

/* --- what is asked -----------------------------------------------------------------------------
 */

static enum err events_after(const struct call *call, struct events_page *page,
                             struct json_out *detail) {
    bool found;
    struct text last = call->incoming->header[INCOMING_LAST_EVENT_ID];
    enum err err = query_find(call->query, "after", page->after, &found);
    if (err != ERR_OK)
        return err;
    if (found && !task_event_id(text_of(page->after))) {
        query_fault(detail, "after", page->after, "value_error",
                    "Value error, not the id of an event", NULL, 0);
        return ERR_INVALID;
    }
    if (found)
        return ERR_OK;
    page->after[0] = '\0';
    if (last.len > 0 &&
        (!task_event_id(last) || !text_copy(last, page->after, sizeof(page->after))))
        return ERR_BAD_REQUEST;
    return ERR_OK;
}

static enum err events_read(const struct call *call, struct events_page *page, struct wait *wait,
                            struct json_out *detail) {
    json_out_array(detail);
    enum err err = events_after(call, page, detail);
    err = query_worse(err, query_int(call->query, "limit", 1, EVENTS_LIMIT_MAX,
                                     EVENTS_LIMIT_DEFAULT, &page->limit, detail));
    err = query_worse(err, wait_read(call, wait, detail));
    json_out_end_array(detail);
    return err;
}

/* --- what is told ------------------------------------------------------------------------------
 */

static enum err events_collect(struct call *call, const char *id, struct events_page *page,
                               struct wait *wait) {
    struct store *store = call->service->store;
    bool over = !call_task_lives(call); /* before the events are read: so they are all there */
    enum err err = task_view_events(store, id, page->after, page->limit, 0, events_visit, page);
    if (err == ERR_OK && page->count == 0 && !over && wait_begin(call, wait)) {
        for (int64_t ms; err == ERR_OK && page->count == 0 && (ms = wait_left_ms(wait)) > 0;)
            err = task_view_events(store, id, page->after, page->limit, ms, events_visit, page);
        wait_end(call, wait);
    }
    page->ended |= over && page->count < page->limit;
    return err;
}

static const struct answer *events_page(struct call *call, struct events_page *page,
                                        struct wait *wait) {
    char id[101];
    if (!text_copy(call->id, id, sizeof(id)))
        return reply_error(call->reply, ERR_TASK_ID);
    json_out_object(page->out);
    json_out_name(page->out, "items");
    json_out_array(page->out);
    enum err err = events_collect(call, id, page, wait);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_end_array(page->out);
    json_out_member(page->out, "next", page->after[0] != '\0' ? page->after : "0");
    json_out_member_bool(page->out, "ended", page->ended);
    json_out_end_object(page->out);
    if (page->count == 0 && !page->ended && !wait->begun)
        reply_field_int(call->reply, "Retry-After", EVENTS_RETRY_S);
    return reply_json(call->reply, 200);
}

const struct answer *task_events(struct call *call) {
    struct events_page page = {.out = &call->reply->out};
    struct wait wait;
    enum err err = call_sees_task(call);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    reply_faults_begin(call->reply);
    err = events_read(call, &page, &wait, &call->reply->out);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    return err != ERR_OK ? reply_error(call->reply, err) : events_page(call, &page, &wait);
}
