/* tasks: submitting a task, all five ways; they differ in the agents chosen only. Must not
 * know how a task is queued or run. */
#include <stdio.h>

#include "web/callback.h"
#include "web/handlers.h"
#include "web/intake.h"
#include "web/query.h"

/* ?dedupe=true. NULL: go on. */
static const struct answer *tasks_read_query(struct call *call, bool *ret_dedupe) {
    struct json_out *detail = &call->reply->out;
    reply_faults_begin(call->reply);
    json_out_array(detail);
    enum err err = query_bool(call->query, "dedupe", false, ret_dedupe, detail);
    json_out_end_array(detail);
    if (err == ERR_INVALID)
        return reply_faults(call->reply);
    reply_restart(call->reply);
    return err != ERR_OK ? reply_error(call->reply, err) : NULL;
}

static const struct answer *tasks_accept(struct call *call, const struct intake *intake) {
    struct intake_task task;
    char path[128];
    const struct answer *refused = intake_take(call, intake, &task);
    if (refused != NULL)
        return refused;
    snprintf(path, sizeof(path), "/tasks/%s", task.id);
    return reply_json(call->reply,
                      (task.how & TASK_SUBMIT_JOINED) != 0 ? 200 : call_created(call, path));
}

/* `agents` is the route's own choice, 0: the body's. */
static const struct answer *tasks_order(struct call *call, role_set agents) {
    struct intake intake = {0};
    struct request *order = &intake.request;
    struct fault fault;
    const struct answer *refused = call_refused_body(call);
    if (refused == NULL)
        refused = tasks_read_query(call, &intake.dedupe);
    if (refused != NULL)
        return refused;
    enum err err = request_read(call->body, agents, order, NULL);
    if (err == ERR_INVALID) { /* the second reading is the one that tells */
        reply_faults_begin(call->reply);
        (void)request_read(call->body, agents, order, &call->reply->out);
        return reply_faults(call->reply);
    }
    if (err != ERR_OK)
        return reply_error(call->reply, err);
    if (order->callback_url.len > 0 &&
        callback_judge(call->service->webhook_allow, order->callback_url, &fault) != ERR_OK)
        return reply_error_text(call->reply, ERR_CALLBACK, fault.text);
    return tasks_accept(call, &intake);
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
