/* call: one request on its way through a handler: what it may see and use. */
#ifndef AGNOSTIC_WEB_CALL_H
#define AGNOSTIC_WEB_CALL_H

#include "agnostic/auth/permission.h"
#include "agnostic/base/allow.h"
#include "agnostic/base/sign.h"
#include "agnostic/store/task_view.h"
#include "web/board.h"
#include "web/incoming.h"
#include "web/reply.h"
#include "web/route.h"

/* What every handler of this process shares. */
struct service {
    struct store *store;
    struct board *board; /* of this host */
    const struct allow *webhook_allow;
    const struct sign *receipts; /* NULL: there are none */
    int64_t run_timeout_ms, queue_ttl_ms, queue_max, open_max, submit_per_min;
    bool volatile_ok; /* AGNOSTIC_REDIS_VOLATILE_OK */
    bool owner_only;  /* AGNOSTIC_TASK_READ=owner */
};

enum call_body { CALL_BODY_NONE, CALL_BODY_JSON, CALL_BODY_FOREIGN };

struct call {
    const struct service *service;
    const struct incoming *incoming;
    const struct route *route;
    enum dialect dialect;
    struct text id;    /* {id} of the path, decoded */
    struct text name;  /* and {name} */
    struct text query; /* raw */
    struct principal principal;
    enum call_body body_kind;
    struct json *body; /* CALL_BODY_JSON */
    enum task_view_part part;
    struct task_view view; /* routes that read a task */
    struct reply *reply;
    int64_t waited_us; /* for news, by wish of the client */
};

/* call_refused_body(call): NULL when there is a JSON body to be read by fields; else the answer
 * (422) for a body that is missing or of a foreign type. */
const struct answer *call_refused_body(struct call *call);
/* call_owns(call): is the task that was read the caller's own? Wants TASK_VIEW_OWNER. */
bool call_owns(const struct call *call);
/* call_sees_task(call): may the caller go on with the task that was read? ERR_TASK_ID, ERR_NO_TASK
 * (others' tasks look like unknown ones when only owners may read), ERR_GONE. */
enum err call_sees_task(const struct call *call);
/* call_may_change(call): may the caller order something about the task that was read?
 * call_sees_task, and for others' tasks sessions:delete: else ERR_FORBIDDEN. For routes of
 * ROUTE_CANCEL. */
enum err call_may_change(const struct call *call);
/* call_created(call, path): status of a creating answer in the call's dialect: 200, or 201 with
 * Location /api/v1<path>. */
int call_created(struct call *call, const char *path);
/* call_task_lives(call): does the task that was read wait or run? */
bool call_task_lives(const struct call *call);
/* call_prefix(call): "/api" or "/api/v1", as it was asked. */
const char *call_prefix(const struct call *call);

#endif
