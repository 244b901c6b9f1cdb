/* history: what is remembered of finished tasks: how two sessions differ, and how many checks
 * ended how, by day. Must not know how sessions are kept or compared. */
#include <stdlib.h>

#include "agnostic/store/history_store.h"
#include "agnostic/task/session.h"
#include "web/handlers.h"
#include "web/history.h"
#include "web/query.h"

enum { TRENDS_DAYS_DEFAULT = 30 };

/* --- two sessions ------------------------------------------------------------------------------
 */

static enum err diff_name(struct text query, const char *name, char value[static QUERY_VALUE_SIZE],
                          struct json_out *detail) {
    bool found;
    enum err err = query_find(query, name, value, &found);
    if (err != ERR_OK || (found && session_id_ok(text_of(value))))
        return err;
    if (found)
        query_fault(detail, name, value, "value_error", "Value error, not a session id", NULL, 0);
    else
        query_fault(detail, name, NULL, "missing", "Field required", NULL, 0);
    return ERR_INVALID;
}

/* Others' sessions look like unknown ones when only owners may read. */
enum err history_session(struct call *call, const char *session_id, struct json **ret_session) {
    struct buf summary, owner;
    buf_init(&summary, SESSION_MAX_BYTES);
    buf_init(&owner, QUERY_VALUE_SIZE);
    enum err err = history_store_session(call->service->store, session_id, &summary, &owner);
    if (err == ERR_OK && call->service->owner_only &&
        !text_is(buf_text(&owner), call->principal.user_id))
        err = ERR_NO_SESSION;
    if (err == ERR_OK)
        err = json_parse(buf_text(&summary), &JSON_LIMITS_RESULT, ret_session, NULL);
    buf_done(&summary);
    buf_done(&owner);
    return err == ERR_SYNTAX ? ERR_DAMAGED : err;
}

static const struct answer *diff_missing(struct call *call, const char *session_id, enum err err) {
    char text[QUERY_VALUE_SIZE + 32];
    struct buf buf;
    if (err != ERR_NO_SESSION)
        return reply_error(call->reply, err);
    buf_init(&buf, sizeof(text));
    buf_printf(&buf, "Session not found: %s", session_id);
    (void)text_copy(buf_text(&buf), text, sizeof(text));
    buf_done(&buf);
    return reply_error_text(call->reply, err, text);
}

const struct answer *history_diff(struct call *call) {
    char names[2][QUERY_VALUE_SIZE];
    struct json *sessions[2] = {NULL, NULL};
    reply_faults_begin(call->reply);
    struct json_out *out = &call->reply->out;
    json_out_array(out);
    enum err err = diff_name(call->query, "base", names[0], out);
    err = query_worse(err, diff_name(call->query, "compare", names[1], out));
    json_out_end_array(out);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    for (size_t i = 0; i < 2 && err == ERR_OK; i++) {
        err = history_session(call, names[i], &sessions[i]);
        if (err != ERR_OK) {
            json_free(sessions[0]);
            return diff_missing(call, names[i], err);
        }
    }
    if (err == ERR_OK)
        err = session_diff_put(sessions[0], sessions[1], out);
    json_free(sessions[0]);
    json_free(sessions[1]);
    return err == ERR_OK ? reply_json(call->reply, 200) : reply_error(call->reply, err);
}

/* --- by day ------------------------------------------------------------------------------------
 */

static void trends_day(void *ctx, const char *date, const struct history_count *counts,
                       size_t count) {
    struct json_out *out = ctx;
    json_out_object(out);
    json_out_member(out, "date", date);
    for (size_t i = 0; i < count; i++)
        json_out_member_int(out, counts[i].what, counts[i].n);
    json_out_end_object(out);
}

const struct answer *history_trends(struct call *call) {
    int64_t days;
    reply_faults_begin(call->reply);
    struct json_out *out = &call->reply->out;
    json_out_array(out);
    enum err err =
        query_int(call->query, "days", 1, HISTORY_DAYS_MAX, TRENDS_DAYS_DEFAULT, &days, out);
    json_out_end_array(out);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    if (err == ERR_OK) {
        json_out_array(out);
        err = history_store_days(call->service->store, days, trends_day, out);
        json_out_end_array(out);
    }
    return err == ERR_OK ? reply_json(call->reply, 200) : reply_error(call->reply, err);
}
