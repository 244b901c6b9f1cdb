/* Lines in, a page of text out. Knows the contract's words, no agent and no rule. */
#include "agents/report.h"

#include <stdlib.h>
#include <string.h>

#include "agents/report_metrics.h"
#include "agnostic/base/shown.h"
#include "agnostic/task/cvss.h"

enum { REPORT_LINES_MAX = 4096, REPORT_METRICS_MAX = 256 };

struct report {
    const char *title, *target;
    bool colours;
    struct json *findings[REPORT_LINES_MAX], *open[REPORT_LINES_MAX]; /* open: not tested */
    struct json *metrics[REPORT_METRICS_MAX];
    size_t finding_count, open_count, metric_count;
    struct json *progress, *result; /* the last */
};

enum err report_new(const char *title, const char *target, bool colours,
                    struct report **ret_report) {
    struct report *report = calloc(1, sizeof(*report));
    if (report == NULL)
        return ERR_NOMEM;
    report->title = title;
    report->target = target;
    report->colours = colours;
    *ret_report = report;
    return ERR_OK;
}

void report_free(struct report *report) {
    if (report == NULL)
        return;
    for (size_t i = 0; i < report->finding_count; i++)
        json_free(report->findings[i]);
    for (size_t i = 0; i < report->open_count; i++)
        json_free(report->open[i]);
    for (size_t i = 0; i < report->metric_count; i++)
        json_free(report->metrics[i]);
    json_free(report->progress);
    json_free(report->result);
    free(report);
}

static bool report_is_open(const struct json *check) {
    struct text status;
    return json_text(json_get(check, "status"), &status) &&
           (text_is(status, "not_tested") || text_is(status, "error"));
}

static void report_keep_progress(struct report *report, struct json *progress) {
    json_free(report->progress);
    report->progress = progress;
}

bool report_line(struct report *report, struct text line) {
    struct json *root = NULL;
    struct text type = {NULL, 0};
    if (json_parse(line, &JSON_LIMITS_RESULT, &root, NULL) != ERR_OK)
        return false;
    (void)json_text(json_get(root, "type"), &type);
    if (text_is(type, "finding") && report->finding_count < REPORT_LINES_MAX)
        report->findings[report->finding_count++] = root;
    else if (text_is(type, "check") && report_is_open(root) &&
             report->open_count < REPORT_LINES_MAX)
        report->open[report->open_count++] = root;
    else if (text_is(type, "metric") && report->metric_count < REPORT_METRICS_MAX)
        report->metrics[report->metric_count++] = root;
    else if (text_is(type, "progress"))
        report_keep_progress(report, root);
    else if (text_is(type, "result") && report->result == NULL)
        report->result = root;
    else
        json_free(root);
    return text_is(type, "result");
}

/* --- printing -------------------------------------------------------------------------------- */

static void report_member(struct buf *buf, const struct json *object, const char *path) {
    struct text t = {NULL, 0};
    (void)json_text(json_path(object, path), &t);
    shown_put(buf, t);
}

static void report_field(struct buf *buf, const char *label, const struct json *object,
                         const char *path) {
    struct text t;
    if (!json_text(json_path(object, path), &t) || t.len == 0)
        return;
    buf_printf(buf, "      %-9s ", label);
    shown_put(buf, t);
    buf_putc(buf, '\n');
}

static void report_standards(struct buf *buf, const struct json *finding) {
    const struct json *standards = json_get(finding, "standards");
    buf_puts(buf, "      maps to   ");
    report_member(buf, finding, "cwe_id");
    for (size_t i = 0; i < json_count(standards); i++) {
        buf_puts(buf, ", ");
        report_member(buf, json_at(standards, i), "std");
        buf_putc(buf, ' ');
        report_member(buf, json_at(standards, i), "id");
    }
    buf_putc(buf, '\n');
}

/* The instances beyond the one in the summary. */
static void report_instances(struct buf *buf, const struct json *finding) {
    const struct json *instances = json_path(finding, "evidence.instances");
    for (size_t i = 1; i < json_count(instances); i++)
        report_field(buf, "also", json_at(instances, i), "detail");
}

static void report_references(struct buf *buf, const struct json *finding) {
    const struct json *references = json_get(finding, "references");
    struct text t;
    for (size_t i = 0; json_text(json_at(references, i), &t); i++) {
        buf_puts(buf, "      read      ");
        shown_put(buf, t);
        buf_putc(buf, '\n');
    }
}

static void report_finding(struct buf *buf, const struct json *finding) {
    double score = 0;
    (void)json_number(json_get(finding, "cvss_score"), &score);
    buf_printf(buf, "  %.1f ", score);
    report_member(buf, finding, "check_id");
    buf_puts(buf, "  ");
    report_member(buf, finding, "title");
    buf_putc(buf, '\n');
    report_field(buf, "where", finding, "component");
    report_field(buf, "seen", finding, "evidence.summary");
    report_instances(buf, finding);
    report_field(buf, "why", finding, "description");
    report_field(buf, "mend", finding, "remediation");
    report_field(buf, "check", finding, "evidence.reproduce");
    report_field(buf, "note", finding, "evidence.context");
    report_references(buf, finding);
    report_standards(buf, finding);
    buf_putc(buf, '\n');
}

static void report_severity(const struct report *report, enum severity severity, struct buf *buf) {
    static const char *const COLOURS[SEVERITY__COUNT] = {"1;35", "1;31", "1;33", "1;36", "1;37"};
    size_t count = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct json *finding = report->findings[i];
        struct text word = {NULL, 0};
        if (!json_text(json_get(finding, "severity"), &word) ||
            !text_is(word, severity_word(severity)))
            continue;
        if (count++ == 0 && report->colours)
            buf_printf(buf, "\033[%sm%s\033[0m\n", COLOURS[severity], severity_word(severity));
        else if (count == 1)
            buf_printf(buf, "%s\n", severity_word(severity));
        report_finding(buf, finding);
    }
}

static struct text report_reason(const struct json *check) {
    struct text reason = {NULL, 0};
    (void)json_text(json_get(check, "reason"), &reason);
    return reason;
}

static bool report_is_first_of_reason(const struct report *report, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (text_eq(report_reason(report->open[i]), report_reason(report->open[index])))
            return false;
    return true;
}

/* "reason: id id id", a line for each reason. */
static void report_open(const struct report *report, struct buf *buf) {
    if (report->open_count > 0)
        buf_puts(buf, "not tested\n");
    for (size_t i = 0; i < report->open_count; i++) {
        if (!report_is_first_of_reason(report, i))
            continue;
        buf_puts(buf, "  ");
        report_member(buf, report->open[i], "reason");
        buf_putc(buf, ':');
        for (size_t k = i; k < report->open_count; k++) {
            if (!text_eq(report_reason(report->open[k]), report_reason(report->open[i])))
                continue;
            buf_putc(buf, ' ');
            report_member(buf, report->open[k], "id");
        }
        buf_putc(buf, '\n');
    }
    if (report->open_count > 0)
        buf_putc(buf, '\n');
}

static int64_t report_number(const struct json *object, const char *name) {
    int64_t n = 0;
    (void)json_int(json_get(object, name), 0, INT64_MAX, &n);
    return n;
}

/* The requirements that some finding breaks. */
static void report_failed(const struct json *standard, struct buf *buf) {
    const struct json *requirements = json_get(standard, "requirements");
    const char *before = "  fail: ";
    for (size_t i = 0; i < json_count(requirements); i++) {
        const struct json *requirement = json_at(requirements, i);
        if (strcmp(json_str(json_get(requirement, "status"), ""), "fail") != 0)
            continue;
        buf_puts(buf, before);
        report_member(buf, requirement, "id");
        before = ", ";
    }
    if (before[0] == ',')
        buf_putc(buf, '\n');
}

static void report_compliance(const struct report *report, struct buf *buf) {
    const struct json *standards = json_path(report->result, "data.standards");
    for (size_t i = 0; i < json_count(standards); i++) {
        const struct json *standard = json_at(standards, i);
        report_member(buf, standard, "asked");
        if (json_get(standard, "standard") == NULL) {
            buf_puts(buf, ": not supported\n");
            continue;
        }
        buf_printf(buf, ": %lld pass, %lld fail, %lld not tested, %lld not testable from outside (",
                   (long long)report_number(standard, "pass"),
                   (long long)report_number(standard, "fail"),
                   (long long)report_number(standard, "not_tested"),
                   (long long)report_number(standard, "not_testable_externally"));
        report_member(buf, standard, "note");
        buf_puts(buf, ")\n");
        report_failed(standard, buf);
    }
}

void report_put_live(const struct report *report, struct buf *buf) {
    buf_puts(buf, "\r\033[K");
    if (report->result != NULL || report->progress == NULL)
        return;
    report_member(buf, report->progress, "phase");
    buf_puts(buf, ": ");
    report_member(buf, report->progress, "detail");
}

/* The page that was judged, when redirects led away from the target. */
static void report_page(const struct report *report, struct buf *buf) {
    struct text page, target;
    if (!json_text(json_path(report->result, "data.final_url"), &page) ||
        !json_text(json_path(report->result, "data.target"), &target) || text_eq(page, target))
        return;
    buf_puts(buf, "judged page: ");
    shown_put(buf, page);
    buf_putc(buf, '\n');
}

void report_put(const struct report *report, struct buf *buf) {
    buf_printf(buf, "%s: ", report->title);
    shown_put(buf, text_of(report->target));
    buf_putc(buf, '\n');
    report_page(report, buf);
    buf_putc(buf, '\n');
    report_metrics_put(report->metrics, report->metric_count, buf);
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        report_severity(report, (enum severity)severity, buf);
    report_open(report, buf);
    report_compliance(report, buf);
    report_member(buf, report->result, "status");
    buf_puts(buf, ": ");
    report_member(buf, report->result, "summary");
    buf_putc(buf, '\n');
}
