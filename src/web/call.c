/* call: what several handlers need alike. Must not know any one of them. */
#include "web/call.h"

#include <stdio.h>

#include "agnostic/base/id.h"
#include "agnostic/task/request.h"

const struct answer *call_refused_body(struct call *call) {
    struct reply *reply = call->reply;
    bool foreign = call->body_kind == CALL_BODY_FOREIGN;
    if (call->body_kind == CALL_BODY_JSON && json_kind(call->body) != JSON_NULL)
        return NULL;
    reply_faults_begin(reply);
    json_out_array(&reply->out);
    /* A foreign body is not shown back: it might hold a secret where nobody looks for one. */
    request_fault(&reply->out, foreign ? "model_attributes_type" : "missing", "body", NULL,
                  foreign ? "Input should be a valid dictionary or object to extract fields from"
                          : "Field required",
                  NULL, NULL, 0);
    json_out_end_array(&reply->out);
    return reply_faults(reply);
}

bool call_owns(const struct call *call) {
    return text_is(text_of(call->view.owner), call->principal.user_id);
}

enum err call_sees_task(const struct call *call) {
    if (!id_is_task(call->id))
        return ERR_TASK_ID;
    if (call->view.gone)
        return ERR_GONE;
    return call->view.found && (!call->service->owner_only || call_owns(call)) ? ERR_OK
                                                                               : ERR_NO_TASK;
}

enum err call_may_change(const struct call *call) {
    enum err err = call_sees_task(call);
    if (err != ERR_OK || principal_may(&call->principal, PERM_SESSIONS_DELETE))
        return err;
    return call_owns(call) ? ERR_OK : ERR_FORBIDDEN;
}

int call_created(struct call *call, const char *path) {
    char location[160];
    if (call->dialect == DIALECT_G1)
        return 200;
    snprintf(location, sizeof(location), "/api/v1%s", path);
    reply_field(call->reply, "Location", text_of(location));
    return 201;
}

bool call_task_lives(const struct call *call) {
    struct record record;
    if (record_read(text_make(call->view.record, call->view.record_len), &record) != ERR_OK)
        return false;
    bool lives = !task_state_is_terminal(record.state);
    record_done(&record);
    return lives;
}

const char *call_prefix(const struct call *call) {
    return call->dialect == DIALECT_G2 ? "/api/v1" : "/api";
}
