/* Reads members; judges nothing. */
#include "report/session_view.h"

#include <math.h>

#include "agnostic/task/result.h"

static struct text member(const struct json *object, const char *path) {
    struct text text = {NULL, 0};
    (void)json_text(json_path(object, path), &text);
    return text;
}

/* A summary says it beside the agent, a result in its plan. */
static enum role role_of(const struct json *result, struct text name, const struct json *agent) {
    enum role role;
    return role_read(member(agent, "role"), &role) ? role : result_role(result, name);
}

struct reading {
    struct session_view *view;
    const struct json *result;
};

static bool read_agent(void *ctx, struct text name, const struct json *value) {
    struct reading *reading = ctx;
    struct session_view *view = reading->view;
    if (view->count == SESSION_VIEW_AGENTS_MAX)
        return false;
    view->agents[view->count++] =
        (struct session_view_agent){.name = name,
                                    .status = member(value, "status"),
                                    .role = role_of(reading->result, name, value),
                                    .checks = json_get(value, "checks"),
                                    .metrics = json_get(value, "metrics"),
                                    .findings = json_get(value, "findings"),
                                    .data = json_get(value, "data")};
    return true;
}

void session_view_read(const struct json *summary, const struct json *result,
                       struct session_view *ret_view) {
    struct reading reading = {ret_view, result};
    *ret_view = (struct session_view){.session_id = member(summary, "session_id"),
                                      .task_id = member(summary, "task_id"),
                                      .completed_at = member(summary, "completed_at"),
                                      .verdict = member(summary, "verdict")};
    const struct json *agents = json_get(result, "agent_results");
    json_each(agents != NULL ? agents : json_get(summary, "agents"), read_agent, &reading);
}

double session_view_metric(const struct session_view_agent *agent, const char *name) {
    double value;
    for (size_t i = 0; i < json_count(agent->metrics); i++) {
        const struct json *metric = json_at(agent->metrics, i);
        if (text_is(member(metric, "name"), name) && json_number(json_get(metric, "value"), &value))
            return value;
    }
    return NAN;
}

enum severity session_view_severity(const struct json *finding) {
    enum severity severity = SEVERITY_INFO;
    (void)severity_read(member(finding, "severity"), &severity);
    return severity;
}

bool session_view_decides(const struct json *finding) {
    double weight = 1;
    (void)json_number(json_get(finding, "weight"), &weight);
    return !json_bool(json_get(finding, "advisory"), weight > 0 && weight < 1);
}

struct text session_view_id(const struct json *finding) {
    struct text id = member(finding, "finding_id");
    return id.len > 0 ? id : member(finding, "fingerprint");
}
