/* task_report: a finished task in the form that the client uses. Must not know what is in one, nor
 * what of earlier sessions it shows. */
#include <stdio.h>

#include "agnostic/base/id.h"
#include "agnostic/report/report.h"
#include "agnostic/store/history_store.h"
#include "agnostic/task/request.h"
#include "agnostic/task/session.h"
#include "web/handlers.h"
#include "web/query.h"
#include "web/task_wait.h"

enum {
    TASK_REPORT_RETRY_S = 2,
    TASK_REPORT_PAST_MAX = 40 /* sessions of a target that are looked at */
};

/* Of ?format=, else of Accept. ERR_INVALID with a fault; ERR_NOT_ACCEPTABLE. */
static enum err task_report_format(const struct call *call, enum report_format *ret_format,
                                   struct json_out *detail) {
    const char *words[REPORT__COUNT];
    int index = -1;
    for (int format = 0; format < REPORT__COUNT; format++)
        words[format] = report_name((enum report_format)format);
    enum err err = query_choice(call->query, "format", words, REPORT__COUNT, &index, detail);
    if (err != ERR_OK)
        return err;
    *ret_format = (enum report_format)index;
    if (index < 0 && !report_negotiate(call->incoming->header[INCOMING_ACCEPT], ret_format))
        return ERR_NOT_ACCEPTABLE;
    return ERR_OK;
}

static enum err task_report_look(struct call *call, void *ctx, bool *ret_settled) {
    struct record record;
    enum err err = call_sees_task(call);
    (void)ctx;
    if (err == ERR_OK)
        err = record_read(text_make(call->view.record, call->view.record_len), &record);
    if (err != ERR_OK)
        return err;
    *ret_settled = task_state_is_terminal(record.state);
    record_done(&record);
    return ERR_OK;
}

struct task_report_walk {
    const struct call *call;
    struct past *past;
};

/* Others' sessions are not shown when only owners may read. */
static bool task_report_note(void *ctx, struct text summary, struct text owner) {
    struct task_report_walk *walk = ctx;
    if (walk->call->service->owner_only && !text_is(owner, walk->call->principal.user_id))
        return true;
    return past_note(walk->past, summary);
}

static enum err task_report_recall(struct call *call, struct text target_url, struct past *past) {
    struct task_report_walk walk = {.call = call, .past = past};
    char target[SECURE_HEX_SIZE];
    if (target_url.ptr == NULL || session_target(target_url, target) != ERR_OK)
        return ERR_OK;
    return history_store_target(call->service->store, target, TASK_REPORT_PAST_MAX,
                                task_report_note, &walk);
}

static enum err task_report_with_past(struct call *call, const struct request *order,
                                      enum report_format format) {
    struct text bytes = text_make(call->view.record, call->view.record_len);
    struct record record;
    struct past past;
    enum err err = record_read(bytes, &record);
    if (err != ERR_OK)
        return err;
    past_init(&past, record.session_id);
    if (format == REPORT_HTML)
        err = task_report_recall(call, order->target_url, &past);
    if (err == ERR_OK)
        err = report_write(bytes, order->title, &past, format, &call->reply->body);
    past_done(&past);
    record_done(&record);
    return err;
}

/* Title and target stand in what was ordered; tasks of the original have none. */
static enum err task_report_write(struct call *call, enum report_format format) {
    struct json *root = NULL;
    struct request order = {0}, nothing = {0};
    if (call->view.spec != NULL)
        (void)json_parse(text_of(call->view.spec), &JSON_LIMITS_REQUEST, &root, NULL);
    bool known = root != NULL && request_read_spec(root, &order) == ERR_OK;
    enum err err = task_report_with_past(call, known ? &order : &nothing, format);
    json_free(root);
    return err;
}

static const struct answer *task_report_unfinished(struct call *call) {
    return reply_error_later(call->reply, ERR_CONFLICT, "The task has not finished",
                             TASK_REPORT_RETRY_S);
}

static const struct answer *task_report_tell(struct call *call, enum report_format format) {
    reply_field(call->reply, "Vary", TEXT("Accept"));
    if (format == REPORT_HTML)
        call->reply->policy =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";
    return reply_written(call->reply, 200, report_media(format));
}

const struct answer *task_report(struct call *call) {
    enum report_format format = REPORT_JSON;
    struct wait wait;
    if (!id_is_task(call->id))
        return reply_error(call->reply, ERR_TASK_ID);
    reply_faults_begin(call->reply);
    json_out_array(&call->reply->out);
    enum err err = query_worse(task_report_format(call, &format, &call->reply->out),
                               wait_read(call, &wait, &call->reply->out));
    json_out_end_array(&call->reply->out);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    if (err == ERR_OK)
        err = task_wait(call, &wait, task_report_look, NULL);
    if (err == ERR_OK)
        err = task_report_write(call, format);
    if (err == ERR_INVALID)
        return task_report_unfinished(call);
    if (err != ERR_OK)
        return reply_error(call->reply, err == ERR_TOO_LARGE ? ERR_INTERNAL : err);
    return task_report_tell(call, format);
}
