/* Reads results and history. Compares nothing. */
#include "agents/analyst/runs.h"

#include "agents/history.h"
#include "agnostic/base/file.h"
#include "agnostic/task/session.h"

struct text runs_text(const struct json *object, const char *name) {
    struct text text = {"", 0};
    (void)json_text(json_get(object, name), &text);
    return text;
}

/* --- reading ---------------------------------------------------------------------------------- */

static enum err runs_read_now(const char *path, struct run *run) {
    struct buf buf;
    buf_init(&buf, RUNS_RESULTS_BYTES);
    enum err err = file_read(path, &buf, NULL);
    if (err == ERR_OK)
        err = json_parse(buf_text(&buf), &JSON_LIMITS_RESULT, &run->root, NULL);
    buf_done(&buf);
    if (err == ERR_OK) {
        run->agents = json_get(run->root, "agent_results");
        run->session = json_str(json_get(run->root, "session_id"), "");
        run->when = json_str(json_get(run->root, "completed_at"), "");
    }
    return err == ERR_OK && json_kind(run->agents) != JSON_OBJECT ? ERR_SYNTAX : err;
}

static bool runs_add_past(void *ctx, struct json *session) {
    struct runs *runs = ctx;
    struct run run = {.agents = json_get(session, "agents"),
                      .session = json_str(json_get(session, "session_id"), ""),
                      .when = json_str(json_get(session, "completed_at"), ""),
                      .root = session};
    if (json_kind(run.agents) != JSON_OBJECT) {
        json_free(session);
        return true;
    }
    runs->items[runs->count++] = run;
    return runs->count < RUNS_MAX;
}

enum err runs_read(const char *results, const char *history, struct runs *ret_runs) {
    *ret_runs = (struct runs){.count = 1};
    enum err err = runs_read_now(results, &ret_runs->items[0]);
    if (err != ERR_OK || history == NULL)
        return err;
    err = history_sessions(history, runs_add_past, ret_runs);
    ret_runs->past_is_known = err == ERR_OK;
    return err == ERR_IO ? ERR_OK : err;
}

void runs_done(struct runs *runs) {
    for (size_t i = 0; i < runs->count; i++)
        json_free(runs->items[i].root);
    runs->count = 0;
}

/* --- asking ----------------------------------------------------------------------------------- */

const struct json *runs_of(const struct run *run, struct text agent) {
    char name[128];
    return text_copy(agent, name, sizeof(name)) ? json_get(run->agents, name) : NULL;
}

bool runs_is_same(struct text a, struct text b) {
    return text_eq(text_head(a, SESSION_TITLE_MAX), text_head(b, SESSION_TITLE_MAX));
}

const struct json *runs_finding(const struct run *run, struct text agent, struct text fingerprint) {
    const struct json *findings = json_get(runs_of(run, agent), "findings");
    for (size_t i = 0; i < json_count(findings); i++)
        if (runs_is_same(runs_text(json_at(findings, i), "fingerprint"), fingerprint))
            return json_at(findings, i);
    return NULL;
}

static bool runs_has_fault(const struct json *agent, const struct runs_check *check) {
    const struct json *findings = json_get(agent, "findings");
    for (size_t i = 0; i < json_count(findings); i++)
        if (text_eq(runs_text(json_at(findings, i), "check_id"), check->id) &&
            runs_is_same(runs_text(json_at(findings, i), "component"), check->component))
            return true;
    return false;
}

/* Was there no room for its checks, or for the finding that is looked for? */
static bool runs_was_left_out(const struct json *agent, bool has_fault) {
    static const char *const MEMBERS[] = {"omitted", "checks_omitted", "findings_omitted"};
    size_t count = sizeof(MEMBERS) / sizeof(MEMBERS[0]) - has_fault;
    for (size_t i = 0; i < count; i++)
        if (json_kind(json_get(agent, MEMBERS[i])) != JSON_NONE)
            return true;
    return false;
}

/* Of an agent that names no checks. */
static struct text runs_status_by_fault(const struct json *agent, const struct runs_check *check) {
    bool has_fault = runs_has_fault(agent, check);
    if (runs_was_left_out(agent, has_fault))
        return TEXT("");
    return has_fault ? TEXT("failed") : TEXT("passed");
}

struct text runs_status(const struct run *run, const struct runs_check *check) {
    const struct json *agent = runs_of(run, check->agent);
    const struct json *checks = json_get(agent, "checks");
    if (json_count(checks) == 0 && text_is(runs_text(agent, "status"), "completed"))
        return runs_status_by_fault(agent, check);
    for (size_t i = 0; i < json_count(checks); i++) {
        const struct json *line = json_at(checks, i);
        struct text component = runs_text(line, "component");
        if (text_eq(runs_text(line, "id"), check->id) &&
            (component.len == 0 || runs_is_same(component, check->component)))
            return runs_text(line, "status");
    }
    return TEXT("");
}

bool runs_is_measured(struct text status) {
    return text_is(status, "passed") || text_is(status, "failed") || text_is(status, "flaky");
}

size_t runs_before(const struct runs *runs, const struct runs_check *check) {
    for (size_t i = 1; i < runs->count; i++)
        if (runs_is_measured(runs_status(&runs->items[i], check)))
            return i;
    return 0;
}
