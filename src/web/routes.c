/* routes: the whole interface as one table. PROTOCOL.md names the same rows. */
#include "web/handlers.h"

/* method, path, who may, largest body, what is read of task {id}, handler, one line of help. No
 * column has a default. */
#define ROUTES_TABLE(X)                                                                            \
    X(POST, "/api/tasks", PERM_SESSIONS_WRITE, ROUTE_BODY, ROUTE_NO_TASK, tasks_submit,            \
      "Submit a task")                                                                             \
    X(POST, "/api/tasks/security", PERM_SESSIONS_WRITE, ROUTE_BODY, ROUTE_NO_TASK,                 \
      tasks_submit_security, "Submit a task for the security agent")                               \
    X(POST, "/api/tasks/performance", PERM_SESSIONS_WRITE, ROUTE_BODY, ROUTE_NO_TASK,              \
      tasks_submit_performance, "Submit a task for the performance agent")                         \
    X(POST, "/api/tasks/regression", PERM_SESSIONS_WRITE, ROUTE_BODY, ROUTE_NO_TASK,               \
      tasks_submit_regression, "Submit a task for the regression agents")                          \
    X(POST, "/api/tasks/full", PERM_SESSIONS_WRITE, ROUTE_BODY, ROUTE_NO_TASK, tasks_submit_full,  \
      "Submit a task for all agents")                                                              \
    X(GET, "/api/tasks", PERM_SESSIONS_READ, ROUTE_NO_BODY, ROUTE_NO_TASK, task_list,              \
      "List tasks")                                                                                \
    X(GET, "/api/tasks/{id}", PERM_SESSIONS_READ, ROUTE_NO_BODY, TASK_VIEW_RECORD, task_show,      \
      "Poll a task")                                                                               \
    X(GET, "/api/tasks/{id}/events", PERM_SESSIONS_READ, ROUTE_NO_BODY, TASK_VIEW_RECORD,          \
      task_events, "History of a task")                                                            \
    X(GET, "/api/tasks/{id}/log", PERM_SESSIONS_READ, ROUTE_NO_BODY, TASK_VIEW_RECORD, task_log,   \
      "What its agents said")                                                                      \
    X(GET, "/api/tasks/{id}/report", PERM_SESSIONS_READ, ROUTE_NO_BODY, TASK_VIEW_FULL,            \
      task_report, "What was found, in the form you use")                                          \
    X(GET, "/api/tasks/{id}/receipt", PERM_SESSIONS_READ, ROUTE_NO_BODY, TASK_VIEW_FULL,           \
      task_receipt, "What it came to, signed")                                                     \
    X(GET, "/api/receipts/keys", ROUTE_OPEN, ROUTE_NO_BODY, ROUTE_NO_TASK, task_receipt_keys,      \
      "The key that receipts are signed with")                                                     \
    X(GET, "/api/tasks/{id}/gate", PERM_SESSIONS_READ, ROUTE_NO_BODY, TASK_VIEW_RECORD, task_gate, \
      "The verdict as an HTTP status")                                                             \
    X(GET, "/api/tasks/{id}/artifacts/{name}", PERM_SESSIONS_READ, ROUTE_NO_BODY,                  \
      TASK_VIEW_RECORD, task_artifact, "A file that an agent left")                                \
    X(DELETE, "/api/tasks/{id}", ROUTE_CANCEL, ROUTE_NO_BODY, TASK_VIEW_OWNER, task_cancel,        \
      "Cancel a task")                                                                             \
    X(POST, "/api/tasks/{id}/cancel", ROUTE_CANCEL, ROUTE_NO_BODY, TASK_VIEW_OWNER, task_cancel,   \
      "Cancel a task")                                                                             \
    X(POST, "/api/tasks/{id}/retry", PERM_SESSIONS_WRITE, ROUTE_NO_BODY, TASK_VIEW_FULL,           \
      task_retry, "Try a failed or cancelled task again")                                          \
    X(GET, "/api/tasks/{id}/deliveries", PERM_SESSIONS_READ, ROUTE_NO_BODY, TASK_VIEW_OWNER,       \
      deliveries_show, "How the callback of a task goes")                                          \
    X(POST, "/api/tasks/{id}/deliveries/redeliver", ROUTE_CANCEL, ROUTE_NO_BODY, TASK_VIEW_OWNER,  \
      deliveries_redeliver, "Deliver the callback of a task again")                                \
    X(POST, "/api/webhooks/test", PERM_SESSIONS_WRITE, ROUTE_SMALL_BODY, ROUTE_NO_TASK,            \
      webhook_test, "Send a test event to a receiver")                                             \
    X(GET, "/api/webhooks/test/{id}", PERM_SESSIONS_READ, ROUTE_NO_BODY, ROUTE_NO_TASK,            \
      webhook_test_show, "How a test event went")                                                  \
    X(GET, "/api/test-sessions/diff", PERM_SESSIONS_READ, ROUTE_NO_BODY, ROUTE_NO_TASK,            \
      history_diff, "How two sessions differ")                                                     \
    X(GET, "/api/test-metrics/trends", PERM_SESSIONS_READ, ROUTE_NO_BODY, ROUTE_NO_TASK,           \
      history_trends, "Checks by day, by how they ended")                                          \
    X(GET, "/api/results/structured/{session}", PERM_SESSIONS_READ, ROUTE_NO_BODY, ROUTE_NO_TASK,  \
      structured_show, "A session as typed results with actions")                                  \
    X(POST, "/api/auth/api-keys", PERM_SYSTEM_CONFIGURE, ROUTE_SMALL_BODY, ROUTE_NO_TASK,          \
      keys_create, "Create an API key")                                                            \
    X(GET, "/api/auth/api-keys", PERM_SYSTEM_CONFIGURE, ROUTE_NO_BODY, ROUTE_NO_TASK, keys_list,   \
      "List API keys")                                                                             \
    X(DELETE, "/api/auth/api-keys/{id}", PERM_SYSTEM_CONFIGURE, ROUTE_NO_BODY, ROUTE_NO_TASK,      \
      keys_revoke, "Revoke an API key")                                                            \
    X(GET, "/api/auth/me", ROUTE_ANY_CREDENTIAL, ROUTE_NO_BODY, ROUTE_NO_TASK, keys_me,            \
      "Who am I")                                                                                  \
    X(GET, "/api/metrics", ROUTE_OPEN, ROUTE_NO_BODY, ROUTE_NO_TASK, metrics_show,                 \
      "Prometheus text")                                                                           \
    X(GET, "/health", ROUTE_OPEN, ROUTE_NO_BODY, ROUTE_NO_TASK, ops_health,                        \
      "Alive, and what it sees")                                                                   \
    X(GET, "/ready", ROUTE_OPEN, ROUTE_NO_BODY, ROUTE_NO_TASK, ops_ready,                          \
      "Ready, with named checks")

const struct route ROUTES[] = {
#define X(method, path, need, body_max, task, handle, help)                                        \
    {METHOD_##method, path, need, body_max, task, handle, help},
    ROUTES_TABLE(X)
#undef X
};
const size_t ROUTES_COUNT = sizeof(ROUTES) / sizeof(ROUTES[0]);
