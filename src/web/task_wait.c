/* Follows a task's events for one request. Must not know what is waited for. */
#include "web/task_wait.h"

static enum err task_wait_read(struct call *call, const char *id) {
    static const struct access_query NOBODY = {.kind = ACCESS_NOTHING};
    struct access_answer nothing;
    struct task_view view;
    enum err err = task_view_read(call->service->store, &NOBODY, id, call->part, &nothing, &view);
    if (err != ERR_OK)
        return err;
    task_view_done(&call->view);
    call->view = view;
    return ERR_OK;
}

static void task_wait_note(void *ctx, const struct task_event_row *row) {
    (void)text_copy(text_of(row->id), ctx, TASK_EVENT_ID_SIZE);
}

/* Every event is a reason to look again, and so is a second without one: the history may be without
 * what a full Redis had no room for. */
static enum err task_wait_follow(struct call *call, struct wait *wait, task_wait_look look,
                                 void *ctx) {
    struct store *store = call->service->store;
    char id[101], last[TASK_EVENT_ID_SIZE];
    bool settled = false;
    if (!text_copy(call->id, id, sizeof(id)))
        return ERR_TASK_ID;
    enum err err = task_view_last_event(store, id, last);
    for (int64_t ms = 1; err == ERR_OK && ms > 0;) {
        err = task_wait_read(call, id); /* also what happened before `last` was known */
        if (err == ERR_OK)
            err = look(call, ctx, &settled);
        ms = err == ERR_OK && !settled ? wait_left_ms(wait) : 0;
        if (ms > 0)
            err = task_view_events(store, id, last, 1, ms, task_wait_note, last);
    }
    return err;
}

enum err task_wait(struct call *call, struct wait *wait, task_wait_look look, void *ctx) {
    bool settled = false;
    enum err err = look(call, ctx, &settled);
    if (err != ERR_OK || settled || !wait_begin(call, wait))
        return err;
    err = task_wait_follow(call, wait, look, ctx);
    wait_end(call, wait);
    return err;
}
