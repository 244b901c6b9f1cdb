/* structured_show: a session as typed results with actions. Must not know what is in them. */
#include "agnostic/report/structured.h"

#include "agnostic/base/id.h"
#include "agnostic/task/session.h"
#include "web/handlers.h"
#include "web/history.h"
#include "web/query.h"

/* Of ?result_type=; one that nobody knows has no results, as in the original. */
static enum err structured_show_type(const struct call *call, enum structured_type *ret_type) {
    char word[QUERY_VALUE_SIZE];
    bool given;
    *ret_type = STRUCTURED_COMPREHENSIVE;
    enum err err = query_find(call->query, "result_type", word, &given);
    return err == ERR_OK && given && !structured_find(text_of(word), ret_type) ? ERR_NO_SESSION
                                                                               : err;
}

/* The record of the session's task tells more than its summary, while it is there. */
static enum err structured_show_record(struct call *call, const struct json *session,
                                       struct record *ret_record, bool *ret_known) {
    static const struct access_query NOBODY = {.kind = ACCESS_NOTHING};
    const char *id = json_str(json_get(session, "task_id"), "");
    struct access_answer nothing;
    *ret_known = false;
    if (!id_is_task(text_of(id)))
        return ERR_OK;
    enum err err =
        task_view_read(call->service->store, &NOBODY, id, TASK_VIEW_RECORD, &nothing, &call->view);
    *ret_known =
        err == ERR_OK && call->view.found &&
        record_read(text_make(call->view.record, call->view.record_len), ret_record) == ERR_OK;
    return err;
}

static enum err structured_show_put(struct call *call, const char *session_id,
                                    enum structured_type type) {
    struct json *session = NULL;
    struct record record;
    bool known = false;
    enum err err = history_session(call, session_id, &session);
    if (err == ERR_OK)
        err = structured_show_record(call, session, &record, &known);
    if (err == ERR_OK)
        structured_put(session, known ? record.result : NULL, type, &call->reply->out);
    if (known)
        record_done(&record);
    json_free(session);
    return err;
}

static const struct answer *structured_show_nothing(struct call *call) {
    struct json_out *out = &call->reply->out;
    json_out_object(out);
    json_out_member_text(out, "session_id", call->id);
    json_out_member(out, "message", "No results found");
    json_out_end_object(out);
    return reply_json(call->reply, 200);
}

const struct answer *structured_show(struct call *call) {
    char session_id[SESSION_ID_SIZE];
    enum structured_type type;
    enum err err = structured_show_type(call, &type);
    if (err == ERR_OK &&
        (!session_id_ok(call->id) || !text_copy(call->id, session_id, sizeof(session_id))))
        err = ERR_NO_SESSION;
    if (err == ERR_OK)
        err = structured_show_put(call, session_id, type);
    if (err == ERR_NO_SESSION)
        return structured_show_nothing(call);
    return err == ERR_OK ? reply_json(call->reply, 200) : reply_error(call->reply, err);
}
