/* Findings, each with what its consumer reads, and what grave ones call for. */
#include <math.h>
#include <stdio.h>

#include "report/escape.h"
#include "report/telling.h"

enum { BODY_FINDINGS_MAX = 20, BODY_MAX_BYTES = 32 << 10, TITLE_MAX_POINTS = 200 };

static const char *const FINDING_MEMBERS[][2] = {
    {"title", "title"},
    {"description", "description"},
    {"category", "category"},
    {"component", "component"},
    {"test_id", "check_id"},
    {"evidence", "evidence"},
    {"remediation", "remediation"},
    {"cwe_id", "cwe_id"},
    {"cvss_score", "cvss_score"},
    {"fingerprint", "fingerprint"},
};

static void put_finding(const struct session_view_agent *agent, const struct json *finding,
                        struct json_out *out) {
    json_out_object(out);
    json_out_member_text(out, "finding_id", session_view_id(finding));
    json_out_member(out, "severity", severity_word(session_view_severity(finding)));
    for (size_t i = 0; i < sizeof(FINDING_MEMBERS) / sizeof(FINDING_MEMBERS[0]); i++)
        telling_value(out, FINDING_MEMBERS[i][0], json_get(finding, FINDING_MEMBERS[i][1]));
    json_out_member(out, "line_number", NULL);
    json_out_member_bool(out, "advisory", !session_view_decides(finding));
    json_out_member_text(out, "agent", agent->name);
    json_out_end_object(out);
}

/* The agent whose score is the worst; NULL when none tells one. */
static const struct session_view_agent *worst_scored(const struct telling *telling,
                                                     double *ret_score) {
    const struct session_view_agent *agent, *worst = NULL;
    double score;
    *ret_score = NAN;
    for (size_t at = 0; (agent = telling_agent(telling, &at)) != NULL;) {
        if (json_number(json_get(agent->data, "security_score"), &score) &&
            !(score >= *ret_score)) {
            *ret_score = score;
            worst = agent;
        }
    }
    return worst;
}

void telling_put_security(struct telling *telling) {
    struct json_out *out = telling->out;
    double score;
    const struct session_view_agent *agent, *worst = worst_scored(telling, &score);
    json_out_member_text(out, "scan_id", telling->view.task_id);
    telling_number(out, "overall_score", score);
    telling_value(out, "risk_level", worst != NULL ? json_get(worst->data, "risk_level") : NULL);
    json_out_name(out, "findings");
    json_out_array(out);
    for (size_t at = 0; (agent = telling_agent(telling, &at)) != NULL;)
        for (size_t i = 0; i < json_count(agent->findings); i++)
            put_finding(agent, json_at(agent->findings, i), out);
    json_out_end_array(out);
}

/* Calls visit for the first `max` findings of that severity that decide; how many there are. */
static size_t each_of(const struct telling *telling, enum severity severity,
                      void (*visit)(const struct json *finding, void *ctx), void *ctx, size_t max) {
    const struct session_view_agent *agent;
    size_t count = 0;
    for (size_t at = 0; (agent = telling_agent(telling, &at)) != NULL;) {
        for (size_t i = 0; i < json_count(agent->findings); i++) {
            const struct json *finding = json_at(agent->findings, i);
            if (session_view_severity(finding) != severity || !session_view_decides(finding))
                continue;
            if (count++ < max)
                visit(finding, ctx);
        }
    }
    return count;
}

static void put_body_line(const struct json *finding, void *ctx) {
    struct text title = {NULL, 0}, component = {NULL, 0};
    struct buf *body = ctx;
    (void)json_text(json_get(finding, "title"), &title);
    (void)json_text(json_get(finding, "component"), &component);
    buf_puts(body, "- ");
    escape_markdown(body, text_head(title, TITLE_MAX_POINTS));
    buf_puts(body, " at ");
    escape_markdown_code(body, text_head(component, TITLE_MAX_POINTS));
    buf_putc(body, '\n');
}

static void put_id(const struct json *finding, void *ctx) {
    json_out_text(ctx, session_view_id(finding));
}

static void act_on_critical(struct telling *telling) {
    static const struct telling_issue ISSUE = {"highest", "security", "critical"};
    char title[TELLING_SENTENCE_SIZE];
    struct buf body;
    buf_init(&body, BODY_MAX_BYTES);
    size_t count = each_of(telling, SEVERITY_CRITICAL, put_body_line, &body, BODY_FINDINGS_MAX);
    snprintf(title, sizeof(title), "[CRITICAL] Security scan found %zu critical issues", count);
    if (count > 0)
        telling_issue(telling, &ISSUE, title, buf_text(&body));
    buf_done(&body);
}

static void act_on_grave(struct telling *telling) {
    char reason[TELLING_SENTENCE_SIZE];
    size_t critical = each_of(telling, SEVERITY_CRITICAL, NULL, NULL, 0);
    size_t high = each_of(telling, SEVERITY_HIGH, NULL, NULL, 0);
    if (critical + high == 0)
        return;
    if (critical > 0)
        snprintf(reason, sizeof(reason), "Found %zu critical and %zu high-severity security issues",
                 critical, high);
    else
        snprintf(reason, sizeof(reason), "Found %zu high-severity security issues", high);
    telling_block(telling, reason);
    json_out_name(telling->out, "findings");
    json_out_array(telling->out);
    (void)each_of(telling, SEVERITY_CRITICAL, put_id, telling->out, TELLING_NAMED_MAX);
    (void)each_of(telling, SEVERITY_HIGH, put_id, telling->out, TELLING_NAMED_MAX);
    json_out_end_array(telling->out);
    json_out_end_object(telling->out);
}

void telling_act_on_security(struct telling *telling) {
    act_on_critical(telling);
    act_on_grave(telling);
}
