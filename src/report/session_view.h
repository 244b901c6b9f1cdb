/* session_view: the agents of a session, from its summary or its task's result, which say the same
 * in different words. */
#ifndef REPORT_SESSION_VIEW_H
#define REPORT_SESSION_VIEW_H

#include "agnostic/base/json.h"
#include "agnostic/task/cvss.h"
#include "agnostic/task/outcome.h"
#include "agnostic/task/role.h"

enum { SESSION_VIEW_AGENTS_MAX = OUTCOME_AGENTS_MAX };

struct session_view_agent {
    struct text name, status; /* hostile, as all texts below */
    enum role role;
    const struct json *checks, *metrics, *findings, *data;
};

struct session_view {
    struct text session_id, task_id, completed_at, verdict;
    struct session_view_agent agents[SESSION_VIEW_AGENTS_MAX];
    size_t count;
};

/* session_view_read(summary, result, &view): result may be NULL. All views and values are of the
 * two documents. */
void session_view_read(const struct json *summary, const struct json *result,
                       struct session_view *ret_view);

/* session_view_metric(agent, name): its value, NAN when it was not measured. */
double session_view_metric(const struct session_view_agent *agent, const char *name);
/* session_view_severity(finding): SEVERITY_INFO when it says none. */
enum severity session_view_severity(const struct json *finding);
/* session_view_decides(finding): it is not only an advice. */
bool session_view_decides(const struct json *finding);
/* session_view_id(finding): what names it: its id, else its fingerprint. */
struct text session_view_id(const struct json *finding);

#endif
