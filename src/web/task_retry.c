/* task_retry: a new task from the stored request of one that failed or was cancelled. Must not know
 * how a task is queued. */
#include <stdio.h>

#include "agnostic/base/id.h"
#include "web/handlers.h"
#include "web/intake.h"

/* NULL: the task may be tried again. */
static const struct answer *task_retry_judge(struct call *call) {
    struct record record;
    char detail[128];
    enum err err = call_sees_task(call);
    if (err == ERR_OK)
        err = record_read(text_make(call->view.record, call->view.record_len), &record);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    enum task_state state = record.state;
    record_done(&record);
    if (state != TASK_FAILED && state != TASK_CANCELLED) {
        snprintf(detail, sizeof(detail),
                 "Can only retry failed or cancelled tasks, current status: '%s'",
                 task_state_word(state));
        return reply_error_text(call->reply, ERR_CONFLICT, detail);
    }
    if (call->view.spec == NULL)
        return reply_error_text(call->reply, ERR_CONFLICT,
                                "The request of this task was not stored; submit it again");
    return NULL;
}

/* The record that intake left in the body becomes the answer of this route. */
static const struct answer *task_retry_tell(struct call *call, const char *id,
                                            const struct intake_task *task) {
    struct json_out *out = &call->reply->out;
    struct record record;
    char path[128];
    enum err err = record_read(buf_text(&call->reply->body), &record);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    reply_restart(call->reply);
    json_out_object(out);
    json_out_member(out, "original_task_id", id);
    json_out_member(out, "new_task_id", task->id);
    json_out_member(out, "session_id", record.session_id);
    json_out_member(out, "status", task_state_word(record.state));
    json_out_end_object(out);
    record_done(&record);
    snprintf(path, sizeof(path), "/tasks/%s", task->id);
    return reply_json(call->reply, call_created(call, path));
}

const struct answer *task_retry(struct call *call) {
    struct json *spec = NULL;
    struct intake intake = {0};
    struct intake_task task;
    char id[101];
    const struct answer *refused = task_retry_judge(call);
    if (refused != NULL)
        return refused;
    enum err err = text_copy(call->id, id, sizeof(id)) ? ERR_OK : ERR_TASK_ID;
    if (err == ERR_OK)
        err = json_parse(text_of(call->view.spec), &JSON_LIMITS_REQUEST, &spec, NULL);
    if (err == ERR_OK)
        err = request_read_spec(spec, &intake.request);
    intake.retry_of = id;
    if (err == ERR_OK)
        refused = intake_take(call, &intake, &task);
    json_free(spec);
    if (err != ERR_OK)
        return reply_error(call->reply, err == ERR_SYNTAX ? ERR_DAMAGED : err);
    return refused != NULL ? refused : task_retry_tell(call, id, &task);
}
