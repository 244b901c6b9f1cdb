/* Reads members; judges nothing. */
#include "report/view.h"

#include <stdlib.h>
#include <string.h>

static struct text member(const struct json *object, const char *path) {
    struct text text = {NULL, 0};
    (void)json_text(json_path(object, path), &text);
    return text_head(text, VIEW_TEXT_MAX);
}

/* --- agents ---------------------------------------------------------------------------------- */

static bool read_agent(void *ctx, struct text name, const struct json *value) {
    struct view *view = ctx;
    if (view->agent_count == VIEW_AGENTS_MAX)
        return false;
    struct view_agent *agent = &view->agents[view->agent_count++];
    *agent = (struct view_agent){
        .name = name,
        .status = member(value, "status"),
        .reason = member(value, "reason"),
        .summary = member(value, "summary"),
        .counts = json_get(value, "counts"),
        .checks = json_get(value, "checks"),
        .metrics = json_get(value, "metrics"),
        .data = json_get(value, "data"),
        .findings = json_get(value, "findings"),
    };
    agent->completed = text_is(agent->status, "completed");
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        int64_t count = 0;
        (void)json_int(json_get(agent->counts, severity_word((enum severity)severity)), 0,
                       INT32_MAX, &count);
        view->counts[severity] += (size_t)count;
    }
    int64_t omitted = 0;
    (void)json_int(json_get(value, "findings_omitted"), 0, INT32_MAX, &omitted);
    view->finding_omitted += (size_t)omitted;
    return true;
}

/* --- findings -------------------------------------------------------------------------------- */

static struct view_finding read_finding(const struct view_agent *agent, const struct json *json) {
    struct view_finding finding = {
        .agent = agent,
        .severity = SEVERITY_INFO,
        .score = -1,
        .id = member(json, "finding_id"),
        .check_id = member(json, "check_id"),
        .title = member(json, "title"),
        .description = member(json, "description"),
        .remediation = member(json, "remediation"),
        .component = member(json, "component"),
        .url = member(json_at(json_path(json, "evidence.instances"), 0), "url"),
        .cwe = member(json, "cwe_id"),
        .vector = member(json, "cvss_vector"),
        .fingerprint = member(json, "fingerprint"),
        .category = member(json, "category"),
        .seen = member(json, "evidence.summary"),
        .reproduce = member(json, "evidence.reproduce"),
        .standards = json_get(json, "standards"),
    };
    double weight = 1;
    (void)severity_read(member(json, "severity"), &finding.severity);
    (void)json_number(json_get(json, "cvss_score"), &finding.score);
    (void)json_number(json_get(json, "weight"), &weight);
    (void)json_text(json_at(json_get(json, "references"), 0), &finding.reference);
    if (finding.check_id.len == 0)
        finding.check_id = TEXT("unnamed");
    if (finding.id.len == 0)
        finding.id = finding.check_id;
    finding.advisory = weight > 0 && weight < 1;
    return finding;
}

static int compare(const void *a, const void *b) {
    const struct view_finding *one = a, *two = b;
    if (one->severity != two->severity)
        return one->severity < two->severity ? -1 : 1;
    if (one->agent != two->agent)
        return one->agent < two->agent ? -1 : 1;
    return text_order(one->check_id, two->check_id);
}

static enum err read_findings(struct view *view) {
    size_t count = 0;
    for (size_t i = 0; i < view->agent_count; i++)
        count += json_count(view->agents[i].findings);
    count = count < VIEW_FINDINGS_MAX ? count : VIEW_FINDINGS_MAX;
    view->findings = calloc(count + 1, sizeof(*view->findings));
    if (view->findings == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < view->agent_count; i++) {
        const struct view_agent *agent = &view->agents[i];
        for (size_t k = 0; k < json_count(agent->findings) && view->finding_count < count; k++)
            view->findings[view->finding_count++] =
                read_finding(agent, json_at(agent->findings, k));
    }
    qsort(view->findings, view->finding_count, sizeof(*view->findings), compare);
    return ERR_OK;
}

/* --- the whole ------------------------------------------------------------------------------- */

static void read_model(struct view *view, const struct json *llm) {
    if (!json_bool(json_get(llm, "used"), false))
        return;
    view->model = member(llm, "model");
    view->model_summary = member(llm, "summary");
    view->proposals = json_get(llm, "proposals");
}

static enum err view_read(struct view *view) {
    const struct json *result = view->record.result;
    if (!task_state_is_terminal(view->record.state))
        return ERR_INVALID;
    view->target = member(result, "test_plan.target_url");
    view->completed_at = member(result, "completed_at");
    view->failed = view->record.state != TASK_COMPLETED;
    view->error_code = member(result, "error.code");
    view->error_text = member(result, "error.message");
    view->has_verdict = verdict_read(member(result, "verdict.status"), &view->verdict);
    view->reasons = json_path(result, "verdict.reasons");
    view->criteria = json_get(result, "criteria");
    read_model(view, json_get(result, "llm"));
    json_each(json_get(result, "agent_results"), read_agent, view);
    return read_findings(view);
}

enum err view_new(struct text record, struct text title, struct view **ret_view) {
    struct view *view = calloc(1, sizeof(*view));
    if (view == NULL)
        return ERR_NOMEM;
    enum err err = record_read(record, &view->record);
    if (err != ERR_OK) {
        free(view);
        return err;
    }
    view->title = title;
    err = view_read(view);
    if (err != ERR_OK) {
        view_free(view);
        return err;
    }
    *ret_view = view;
    return ERR_OK;
}

void view_free(struct view *view) {
    if (view == NULL)
        return;
    record_done(&view->record);
    free(view->findings);
    free(view);
}

bool view_whole(const struct view *view) {
    for (size_t i = 0; i < view->agent_count; i++)
        if (!view->agents[i].completed)
            return false;
    return !view->failed;
}

const char *view_word(const struct view *view) {
    if (view->has_verdict && !view->failed)
        return verdict_word(view->verdict);
    return task_state_word(view->record.state);
}

/* Of a record that anybody may have written: only what such a number can be. */
static void put_numbers(const struct view *view, struct buf *buf) {
    static const char *const LEVELS[] = {"high", "medium", "low"};
    const struct json *verdict = json_get(view->record.result, "verdict");
    struct text level = member(verdict, "confidence.level");
    double score;
    if (json_number(json_path(verdict, "score.overall"), &score) && score >= 0 && score <= 100)
        buf_printf(buf, "; score %.0f", score);
    for (size_t i = 0; i < sizeof(LEVELS) / sizeof(LEVELS[0]); i++)
        if (text_is(level, LEVELS[i]))
            buf_printf(buf, "; confidence %s", LEVELS[i]);
}

void view_headline(const struct view *view, struct buf *buf) {
    const char *separator = ": ";
    buf_puts(buf, view_word(view));
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        if (view->counts[severity] == 0)
            continue;
        buf_printf(buf, "%s%zu %s", separator, view->counts[severity],
                   severity_word((enum severity)severity));
        separator = ", ";
    }
    if (separator[0] == ':')
        buf_puts(buf, view->failed ? "" : ": nothing found");
    if (view->has_verdict && !view->failed)
        put_numbers(view, buf);
}
