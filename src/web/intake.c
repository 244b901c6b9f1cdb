/* intake: makes a task of an accepted request, or finds the one that stands for it already. Must
 * not know how a task is queued or run. */
#include "web/intake.h"

#include <stdio.h>

#include "agnostic/base/id.h"
#include "agnostic/base/time.h"
#include "web/idempotency.h"

enum {
    INTAKE_SPEC_MAX_BYTES = 1 << 20,
    INTAKE_POLL_S = 5 /* until the first poll of a task makes sense */
};

/* The names and texts of a new task. */
struct fresh {
    char id[ID_UUID_SIZE], session[ID_SESSION_SIZE], now[TIME_ISO_SIZE];
    char head[RECORD_PIECE_SIZE], middle[RECORD_PIECE_SIZE];
};

static enum err intake_name(struct fresh *fresh) {
    int64_t us = time_wall_us();
    enum err err = id_uuid4(fresh->id);
    if (err != ERR_OK)
        return err;
    id_session(us, fresh->id, fresh->session);
    time_iso_utc(us, fresh->now);
    record_head(fresh->id, fresh->session, fresh->head);
    record_middle(fresh->now, fresh->middle);
    return ERR_OK;
}

/* --- is it the same? ------------------------------------------------------------------- */

static void intake_put_text(struct json_out *out, struct text text) {
    if (text.ptr != NULL)
        json_out_text(out, text);
    else
        json_out_null(out);
}

static void intake_put_callback(struct json_out *out, const struct request *request) {
    intake_put_text(out, request->callback_url);
    intake_put_text(out, request->callback_secret);
}

/* The whole request, for its Idempotency-Key. */
static enum err intake_print(const struct call *call, const struct intake *intake, struct text spec,
                             char hex[static SECURE_HEX_SIZE]) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, INTAKE_SPEC_MAX_BYTES);
    json_out_init(&out, &buf);
    json_out_array(&out);
    json_out_raw(&out, spec);
    intake_put_callback(&out, &intake->request);
    json_out_bool(&out, intake->dedupe);
    json_out_end_array(&out);
    enum err err = buf.failed ? ERR_NOMEM : idempotency_fingerprint(call, buf_text(&buf), hex);
    buf_done(&buf);
    return err;
}

/* What makes two tasks of one owner equal: the same work, told to the same receiver. */
static enum err intake_likeness(const struct call *call, const struct request *request,
                                char hex[static SECURE_HEX_SIZE]) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, INTAKE_SPEC_MAX_BYTES);
    json_out_init(&out, &buf);
    json_out_array(&out);
    json_out_str(&out, call->principal.user_id);
    json_out_text(&out, request->title);
    intake_put_text(&out, request->target_url);
    request_put_agents(request, &out);
    if (request->standards != NULL)
        json_out_value(&out, request->standards);
    intake_put_callback(&out, request);
    json_out_end_array(&out);
    enum err err = buf.failed ? ERR_NOMEM : secure_sha256_hex(buf_text(&buf), hex);
    buf_done(&buf);
    return err;
}

/* --- what is said about it ---------------------------------------------------------------- */

static void intake_tell_quota(struct reply *reply, const struct task_quota *quota) {
    char text[96];
    if (quota->limit == 0)
        return;
    int64_t later_s = quota->retry_after_s > 0 ? quota->retry_after_s : quota->reset_s;
    snprintf(text, sizeof(text), "\"submit\";q=%lld;w=%lld", (long long)quota->limit,
             (long long)quota->window_s);
    reply_field(reply, "RateLimit-Policy", text_of(text));
    snprintf(text, sizeof(text), "\"submit\";r=%lld;t=%lld", (long long)quota->left,
             (long long)later_s);
    reply_field(reply, "RateLimit", text_of(text));
}

/* The record of a task that was there before becomes the body. */
static enum err intake_tell_known(struct reply *reply, const struct task_submitted *submitted) {
    struct record record;
    reply_restart(reply);
    buf_puts(&reply->body, submitted->record);
    enum err err = record_read(text_of(submitted->record), &record);
    if (err != ERR_OK)
        return err;
    if (!task_state_is_terminal(record.state))
        reply_field_int(reply, "Retry-After", INTAKE_POLL_S);
    record_done(&record);
    if ((submitted->how & TASK_SUBMIT_REPLAYED) != 0)
        reply_field(reply, IDEMPOTENCY_REPLAYED, TEXT("true"));
    if ((submitted->how & TASK_SUBMIT_JOINED) != 0)
        reply_field(reply, "Deduplicated", TEXT("true"));
    return ERR_OK;
}

static const struct answer *intake_refuse(struct reply *reply, enum err err,
                                          const struct task_quota *quota) {
    char detail[96];
    if (err == ERR_GONE)
        return reply_error_text(reply, err, "The task of this Idempotency-Key has expired");
    if (err != ERR_RATE)
        return reply_error(reply, err);
    snprintf(detail, sizeof(detail), "Rate limit exceeded (%lld requests per %llds)",
             (long long)quota->limit, (long long)quota->window_s);
    return reply_error_later(reply, err, detail, quota->retry_after_s);
}

/* --- taking ------------------------------------------------------------------------------- */

/* The pending record becomes the reply's body and what Redis keeps. */
static enum err intake_submit(struct call *call, const struct intake *intake,
                              const struct fresh *fresh, struct text spec,
                              struct task_submitted *ret_submitted) {
    const struct request *request = &intake->request;
    char fingerprint[SECURE_HEX_SIZE], unique[SECURE_HEX_SIZE];
    struct text key;
    enum err err = idempotency_key(call->incoming, &key);
    if (err == ERR_OK && key.len > 0)
        err = intake_print(call, intake, spec, fingerprint);
    if (err == ERR_OK && intake->dedupe)
        err = intake_likeness(call, request, unique);
    if (err != ERR_OK)
        return err;
    return task_store_submit(call->service->store,
                             &(struct task_submit){
                                 .id = fresh->id,
                                 .owner = call->principal.user_id,
                                 .priority = request->priority,
                                 .head = fresh->head,
                                 .middle = fresh->middle,
                                 .record = buf_text(&call->reply->body),
                                 .spec = spec,
                                 .callback_url = request->callback_url,
                                 .callback_secret = request->callback_secret,
                                 .retry_of = intake->retry_of,
                                 .idem_key = key,
                                 .fingerprint = fingerprint,
                                 .unique = intake->dedupe ? unique : NULL,
                                 .run_timeout_ms = call->service->run_timeout_ms,
                                 .queue_ttl_ms = request->queue_ttl_s > 0
                                                     ? request->queue_ttl_s * 1000
                                                     : call->service->queue_ttl_ms,
                                 .queue_max = call->service->queue_max,
                                 .open_max = call->service->open_max,
                                 .per_min = call->service->submit_per_min,
                             },
                             ret_submitted);
}

static enum err intake_make(struct call *call, const struct intake *intake,
                            struct task_submitted *ret_submitted) {
    struct buf *record = &call->reply->body, spec;
    struct json_out out;
    struct fresh fresh;
    enum err err = intake_name(&fresh);
    if (err != ERR_OK)
        return err;
    buf_init(&spec, INTAKE_SPEC_MAX_BYTES);
    json_out_init(&out, &spec);
    request_put_spec(&intake->request, &out);
    record_put(record, fresh.head, TASK_PENDING, fresh.middle, fresh.now, TEXT("null"));
    err = spec.failed || record->failed
              ? ERR_NOMEM
              : intake_submit(call, intake, &fresh, buf_text(&spec), ret_submitted);
    buf_done(&spec);
    return err;
}

const struct answer *intake_take(struct call *call, const struct intake *intake,
                                 struct intake_task *ret_task) {
    struct task_submitted submitted = {0};
    enum err err = intake_make(call, intake, &submitted);
    intake_tell_quota(call->reply, &submitted.quota);
    if (err == ERR_OK && submitted.record != NULL)
        err = intake_tell_known(call->reply, &submitted);
    else if (err == ERR_OK)
        reply_field_int(call->reply, "Retry-After", INTAKE_POLL_S);
    const struct answer *refused =
        err != ERR_OK ? intake_refuse(call->reply, err, &submitted.quota) : NULL;
    ret_task->how = submitted.how;
    (void)text_copy(text_of(submitted.id), ret_task->id, sizeof(ret_task->id));
    task_submitted_done(&submitted);
    return refused;
}
