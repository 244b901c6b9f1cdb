/* task_show: polling a task. The stored record goes out as it is; ?view=full adds what
 * scheduling knows. Must not change anything. */
#include "agnostic/base/id.h"
#include "agnostic/base/time.h"
#include "web/etag.h"
#include "web/handlers.h"
#include "web/query.h"
#include "web/task_full.h"
#include "web/task_wait.h"

/* When to come back, by age of an unfinished task. */
static int64_t task_show_retry_s(int64_t age_s) {
    return age_s < 30 ? 2 : age_s < 300 ? 5 : 15;
}

/* Seconds until the next poll makes sense; 0: the task is finished. */
static int64_t task_show_poll_s(const struct record *record) {
    int64_t created_us;
    if (task_state_is_terminal(record->state))
        return 0;
    if (!time_parse_iso(text_of(record->created_at), &created_us))
        return task_show_retry_s(0);
    return task_show_retry_s((time_wall_us() - created_us) / 1000000);
}

struct task_show_rest {
    const struct json *record;
    struct buf *body;
};

/* Later generations of the original have members of their own: no name may come twice. */
static bool task_show_put_new(void *ctx, struct text name, const struct json *value) {
    struct task_show_rest *rest = ctx;
    struct json_out out;
    if (json_get(rest->record, name.ptr) != NULL)
        return true;
    buf_putc(rest->body, ',');
    json_out_init(&out, rest->body);
    json_out_name_text(&out, name);
    json_out_value(&out, value);
    return true;
}

/* The record without its closing brace, then more members. */
static enum err task_show_full(struct call *call, const struct record *record, int64_t poll_s) {
    struct text text = text_trim(text_make(call->view.record, call->view.record_len));
    struct task_show_rest rest = {record->root, &call->reply->body};
    struct json *more = NULL;
    struct json_out out;
    struct buf buf;
    buf_init(&buf, REPLY_BODY_MAX);
    json_out_init(&out, &buf);
    json_out_object(&out);
    enum err err = task_full_put(call, record, poll_s, &out);
    json_out_end_object(&out);
    if (err == ERR_OK)
        err = buf.failed ? ERR_NOMEM : json_parse(buf_text(&buf), &JSON_LIMITS_RESULT, &more, NULL);
    buf_done(&buf);
    if (err != ERR_OK)
        return err == ERR_SYNTAX ? ERR_INTERNAL : err;
    buf_put(rest.body, text.ptr, text.len - 1);
    json_each(more, task_show_put_new, &rest);
    buf_putc(rest.body, '}');
    json_free(more);
    return rest.body->failed ? ERR_NOMEM : ERR_OK;
}

/* A task as it is to be shown now. */
struct task_show {
    bool full;
    bool ended;
    int64_t poll_s; /* 0: it has ended */
    struct text body;
    char etag[ETAG_SIZE];
};

static enum err task_show_make(struct call *call, struct task_show *show) {
    struct record record;
    enum err err = call_sees_task(call);
    reply_restart(call->reply);
    show->body = text_make(call->view.record, call->view.record_len);
    if (err == ERR_OK)
        err = record_read(show->body, &record);
    if (err != ERR_OK)
        return err;
    show->poll_s = task_show_poll_s(&record);
    show->ended = show->poll_s == 0;
    if (show->full) {
        err = task_show_full(call, &record, show->poll_s);
        show->body = buf_text(&call->reply->body);
    }
    record_done(&record);
    return err == ERR_OK && !etag_of(show->body, show->etag) ? ERR_INTERNAL : err;
}

static bool task_show_is_known(const struct call *call, const struct task_show *show) {
    return etag_matches(call->incoming->header[INCOMING_IF_NONE_MATCH], show->etag);
}

/* Who shows what it has waits for anything new, else for the end. */
static bool task_show_settles(const struct call *call, const struct task_show *show) {
    return show->ended || (incoming_has(call->incoming, INCOMING_IF_NONE_MATCH) &&
                           !task_show_is_known(call, show));
}

static enum err task_show_look(struct call *call, void *ctx, bool *ret_settled) {
    struct task_show *show = ctx;
    enum err err = task_show_make(call, show);
    *ret_settled = err == ERR_OK && task_show_settles(call, show);
    return err;
}

static const struct answer *task_show_tell(struct call *call, const struct task_show *show,
                                           const struct wait *wait) {
    if (!show->ended) /* who waited may wait again at once */
        reply_field_int(call->reply, "Retry-After", wait->begun ? 1 : show->poll_s);
    reply_field(call->reply, "ETag", text_of(show->etag));
    if (task_show_is_known(call, show))
        return reply_not_modified(call->reply);
    return reply_lent(call->reply, 200, show->body);
}

static enum err task_show_read(struct call *call, struct task_show *show, struct wait *wait) {
    char view[QUERY_VALUE_SIZE];
    struct json_out *detail = &call->reply->out;
    reply_faults_begin(call->reply);
    json_out_array(detail);
    enum err err = query_find(call->query, "view", view, &show->full);
    err = query_worse(err, wait_read(call, wait, detail));
    json_out_end_array(detail);
    show->full = err == ERR_OK && show->full && text_is(text_of(view), "full");
    return err;
}

const struct answer *task_show(struct call *call) {
    struct task_show show = {0};
    struct wait wait;
    if (!id_is_task(call->id))
        return reply_error(call->reply, ERR_TASK_ID);
    enum err err = task_show_read(call, &show, &wait);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    if (err == ERR_OK)
        err = task_wait(call, &wait, task_show_look, &show);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    return task_show_tell(call, &show, &wait);
}
