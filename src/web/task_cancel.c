/* task_cancel: ends a task on behalf of its owner, at once and for good. Must not know what is
 * running. */
#include <stdio.h>

#include "web/handlers.h"

static const struct answer *task_cancel_late(struct call *call, enum task_state was) {
    char detail[64];
    snprintf(detail, sizeof(detail), "Cannot cancel task in '%s' state", task_state_word(was));
    return reply_error_text(call->reply, ERR_CONFLICT, detail);
}

/* One that the queue does not know: a record of the original's, which nobody here carries out. */
static const struct answer *task_cancel_foreign(struct call *call) {
    struct record record;
    enum err err = record_read(text_make(call->view.record, call->view.record_len), &record);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    enum task_state state = record.state;
    record_done(&record);
    return task_cancel_late(call, state);
}

const struct answer *task_cancel(struct call *call) {
    struct json_out *out = &call->reply->out;
    enum task_state was;
    char id[101];
    enum err err = call_may_change(call);
    if (err == ERR_OK && !text_copy(call->id, id, sizeof(id)))
        err = ERR_TASK_ID;
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    err = task_store_cancel(call->service->store, id, &was);
    if (err == ERR_CONFLICT)
        return task_cancel_late(call, was);
    if (err == ERR_NO_TASK)
        return task_cancel_foreign(call);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    json_out_object(out);
    json_out_member(out, "task_id", id);
    json_out_member(out, "status", task_state_word(TASK_CANCELLED));
    json_out_member(out, "message", "Task cancelled successfully");
    json_out_end_object(out);
    return reply_json(call->reply, 200);
}
