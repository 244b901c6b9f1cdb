/* tasks: submitting a task, all five ways; they differ in the agents chosen only. Must not
 * know how a task is queued or run. */
#include <stdio.h>

#include "agnostic/base/id.h"
#include "agnostic/base/time.h"
#include "agnostic/task/request.h"
#include "web/callback.h"
#include "web/handlers.h"

enum { TASKS_SPEC_MAX_BYTES = 1 << 20 };

/* The names and texts of a new task. */
struct fresh {
    char id[ID_UUID_SIZE], session[ID_SESSION_SIZE], now[TIME_ISO_SIZE];
    char head[RECORD_PIECE_SIZE], middle[RECORD_PIECE_SIZE];
};

static enum err tasks_name(struct fresh *fresh) {
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

/* The pending record becomes the reply's body and what Redis keeps. */
static enum err tasks_store(struct call *call, const struct request *order,
                            const struct fresh *fresh) {
    struct buf *record = &call->reply->body, spec;
    struct json_out out;
    buf_init(&spec, TASKS_SPEC_MAX_BYTES);
    json_out_init(&out, &spec);
    request_put_spec(order, &out);
    record_put(record, fresh->head, TASK_PENDING, fresh->middle, fresh->now, TEXT("null"));
    enum err err = ERR_NOMEM;
    struct task_submitted submitted = {0};
    if (!spec.failed && !record->failed)
        err = task_store_submit(call->service->store,
                                &(struct task_submit){
                                    .id = fresh->id,
                                    .owner = call->principal.user_id,
                                    .priority = order->priority,
                                    .head = fresh->head,
                                    .middle = fresh->middle,
                                    .record = buf_text(record),
                                    .spec = buf_text(&spec),
                                    .callback_url = order->callback_url,
                                    .callback_secret = order->callback_secret,
                                    .run_timeout_ms = call->service->run_timeout_ms,
                                    .queue_max = call->service->queue_max,
                                    .open_max = call->service->open_max,
                                },
                                &submitted);
    task_submitted_done(&submitted);
    buf_done(&spec);
    return err;
}

static const struct answer *tasks_accept(struct call *call, const struct request *order) {
    struct fresh fresh;
    char path[64];
    enum err err = tasks_name(&fresh);
    if (err == ERR_OK)
        err = tasks_store(call, order, &fresh);
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    snprintf(path, sizeof(path), "/tasks/%s", fresh.id);
    return reply_json(call->reply, call_created(call, path));
}

/* `agents` is the route's own choice, 0: the body's. */
static const struct answer *tasks_order(struct call *call, role_set agents) {
    struct request order;
    struct fault fault;
    const struct answer *refused = call_refused_body(call);
    if (refused != NULL)
        return refused;
    enum err err = request_read(call->body, agents, &order, NULL);
    if (err == ERR_INVALID) { /* the second reading is the one that tells */
        reply_faults_begin(call->reply);
        (void)request_read(call->body, agents, &order, &call->reply->out);
        return reply_faults(call->reply);
    }
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    if (order.callback_url.len > 0 &&
        callback_judge(call->service->webhook_allow, order.callback_url, &fault) != ERR_OK)
        return reply_error_text(call->reply, ERR_CALLBACK, fault.text);
    return tasks_accept(call, &order);
}

const struct answer *tasks_submit(struct call *call) {
    return tasks_order(call, 0);
}

const struct answer *tasks_submit_security(struct call *call) {
    return tasks_order(call, ROLE_BIT(ROLE_SECURITY_COMPLIANCE));
}

const struct answer *tasks_submit_performance(struct call *call) {
    return tasks_order(call, ROLE_BIT(ROLE_PERFORMANCE));
}

const struct answer *tasks_submit_regression(struct call *call) {
    return tasks_order(call, ROLE_BIT(ROLE_JUNIOR_QA) | ROLE_BIT(ROLE_QA_ANALYST));
}

const struct answer *tasks_submit_full(struct call *call) {
    return tasks_order(call, ROLE_ALL);
}
