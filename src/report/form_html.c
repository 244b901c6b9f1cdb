/* One page that loads nothing and runs nothing: for a browser, a phone, paper and an archive. The
 * policy in its head forbids what it does not need, should an escape ever be missed. */
#include <stdio.h>

#include "report/demand.h"
#include "report/escape.h"
#include "report/forms.h"
#include "report/plot.h"

enum { STAMP_LEN = sizeof("2026-02-21T10:00:00") - 1 };

static const char STYLE[] =
    ":root{color-scheme:light dark;--line:#8886;--soft:#8881}"
    "*{box-sizing:border-box}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;"
    "overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;margin:.2em 0}h2{font-size:1.2rem;margin:2em 0 .5em}"
    "h3{font-size:1rem;margin:0}"
    ".verdict{display:inline-block;padding:.2em .7em;border-radius:.4em;color:#fff;"
    "background:#666;font-weight:700}"
    ".GO{background:#18713a}.NO_GO{background:#b3261e}.GO_WITH_WARNINGS{background:#8a5a00}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.3em .6em .3em 0;border-bottom:1px solid var(--line);"
    "vertical-align:top}"
    "article{border:1px solid var(--line);border-left:.4rem solid #777;border-radius:.3em;"
    "padding:.7em 1em;margin:.8em 0;break-inside:avoid}"
    "article.critical{border-left-color:#8b0000}article.high{border-left-color:#c62828}"
    "article.medium{border-left-color:#b26a00}article.low{border-left-color:#1f6fb2}"
    "dl{display:grid;grid-template-columns:minmax(5rem,auto) 1fr;gap:.2em .8em;margin:.5em 0 0}"
    "dt{opacity:.75}dd{margin:0;min-width:0}"
    "code{font:0.9em ui-monospace,monospace;background:var(--soft);padding:.1em .3em}"
    "td{min-width:7rem}th{overflow-wrap:normal}"
    "figure{margin:1em 0 0;break-inside:avoid}figcaption{font-weight:600}"
    "svg{width:100%;max-width:40rem;height:auto;font:14px system-ui,sans-serif;fill:currentColor}"
    "svg .critical,.key.critical{fill:#8b0000;background:#8b0000}"
    "svg .high,.key.high{fill:#c62828;background:#c62828}"
    "svg .medium,.key.medium{fill:#b26a00;background:#b26a00}"
    "svg .low,.key.low{fill:#1f6fb2;background:#1f6fb2}"
    "svg .info,.key.info{fill:#888;background:#888}"
    "svg .value{fill:#1f6fb2}svg .axis{fill:none;stroke:currentColor}"
    "svg polyline{fill:none;stroke-width:2}"
    "svg .p50_ms{stroke:#1f6fb2}.key.p50_ms{background:#1f6fb2}"
    "svg .p95_ms{stroke:#c62828}.key.p95_ms{background:#c62828}"
    "svg .pass,.key.pass{fill:#18713a;background:#18713a}"
    "svg .fail,.key.fail{fill:#b3261e;background:#b3261e}"
    "svg .not_tested,.key.not_tested{fill:#999;background:#999}"
    "svg .not_testable_externally,.key.not_testable_externally{fill:#ccc;background:#ccc}"
    ".legend{margin:0;font-size:.85rem}"
    ".key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 .8em}"
    "blockquote{margin:.5em 0;padding:.1em 1em;border-left:.3rem dashed var(--line)}"
    "details summary{cursor:pointer}"
    "@media(max-width:36rem){svg{font-size:20px}}"
    "@media "
    "print{.verdict,.key{print-color-adjust:exact}body{max-width:none;padding:0;font-size:11pt}h2{"
    "break-after:avoid}}";

static void put_row(struct buf *buf, const char *label, struct text t, bool code) {
    if (t.len == 0)
        return;
    buf_printf(buf, "<dt>%s</dt><dd>%s", label, code ? "<code>" : "");
    escape_markup(buf, t);
    buf_puts(buf, code ? "</code></dd>" : "</dd>");
}

/* "2026-02-21T10:00:00+00:00" where there is room; the original's times have no zone. */
static void put_time(struct buf *buf, const char *label, struct text iso) {
    char stamp[sizeof("2026-02-21 10:00:00 UTC")];
    if (!text_ends(iso, TEXT("+00:00")) || iso.len < STAMP_LEN) {
        put_row(buf, label, iso, false);
        return;
    }
    snprintf(stamp, sizeof(stamp), "%.10s %.8s UTC", iso.ptr, iso.ptr + 11);
    put_row(buf, label, text_of(stamp), false);
}

/* --- the top --------------------------------------------------------------------------------- */

static void put_head(const struct view *view, struct buf *buf) {
    buf_puts(buf, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" "
                  "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    buf_puts(buf, view_word(view));
    buf_puts(buf, ": ");
    escape_markup(buf, view->title.len > 0 ? view->title : view->target);
    buf_puts(buf, "</title>\n<style>");
    buf_puts(buf, STYLE);
    buf_puts(buf, "</style></head><body>\n");
}

static void put_top(const struct view *view, struct buf *buf) {
    struct buf headline;
    buf_init(&headline, VIEW_FINDINGS_MAX);
    view_headline(view, &headline);
    buf_printf(buf, "<header><p><span class=\"verdict %s\">%s</span></p>\n<h1>", view_word(view),
               view_word(view));
    escape_markup(buf, view->title.len > 0 ? view->title : TEXT("QA report"));
    buf_puts(buf, "</h1>\n<dl>");
    put_row(buf, "Target", view->target, true);
    put_row(buf, "Result", buf_text(&headline), false);
    put_time(buf, "Ordered", text_of(view->record.created_at));
    put_time(buf, "Finished", text_of(view->record.updated_at));
    put_row(buf, "Task", text_of(view->record.task_id), true);
    buf_puts(buf, "</dl></header>\n");
    buf_done(&headline);
}

static void put_reasons(const struct view *view, struct buf *buf) {
    if (view->failed) {
        buf_puts(buf, "<h2>Not carried out</h2><p>");
        escape_markup(buf, view->error_text.len > 0 ? view->error_text : view->error_code);
        buf_puts(buf, "</p>\n");
        return;
    }
    buf_puts(buf, "<h2>Why</h2><ul>\n");
    for (size_t i = 0; i < json_count(view->reasons); i++) {
        struct text code = {NULL, 0}, words = {NULL, 0}, agent = {NULL, 0};
        (void)json_text(json_get(json_at(view->reasons, i), "code"), &code);
        (void)json_text(json_get(json_at(view->reasons, i), "text"), &words);
        (void)json_text(json_get(json_at(view->reasons, i), "agent"), &agent);
        buf_puts(buf, "<li>");
        escape_markup(buf, agent);
        buf_puts(buf, agent.len > 0 ? ": " : "");
        escape_markup(buf, words);
        buf_puts(buf, " <code>");
        escape_markup(buf, code);
        buf_puts(buf, "</code></li>\n");
    }
    buf_puts(buf, "</ul>\n");
}

/* --- criteria -------------------------------------------------------------------------------- */

static void put_demand(const struct demand *demand, struct buf *buf) {
    bool has_measured = demand->measured[0] != '\0';
    buf_puts(buf, "<tr><td>");
    escape_markup(buf, demand->id);
    buf_puts(buf, ": ");
    escape_markup(buf, demand->written);
    buf_puts(buf, "</td><td>");
    escape_markup(buf, buf_text(&demand->bound));
    buf_printf(buf, "%s%s</td><td>", has_measured ? "<br>measured: " : "", demand->measured);
    escape_markup(buf, demand->result);
    buf_puts(buf, "</td></tr>\n");
}

static void put_demands(const struct view *view, struct buf *buf) {
    if (demand_count(view) == 0)
        return;
    buf_puts(buf, "<h2>Acceptance criteria</h2><table><tr><th>Written</th>"
                  "<th>Taken for</th><th>Result</th></tr>\n");
    demand_each(view, put_demand, buf);
    buf_puts(buf, "</table>\n");
}

/* --- a language model ------------------------------------------------------------------------ */

static void put_proposal(const struct demand *demand, struct buf *buf) {
    buf_puts(buf, "<tr><td>");
    escape_markup(buf, demand->id);
    buf_puts(buf, ": ");
    escape_markup(buf, demand->written);
    buf_puts(buf, "</td><td>");
    escape_markup(buf, buf_text(&demand->bound));
    buf_puts(buf, "</td></tr>\n");
}

static void put_model(const struct view *view, struct buf *buf) {
    if (view->model_summary.len == 0)
        return;
    buf_puts(buf, "<h2>In a language model&#39;s words</h2><p class=\"legend\">Worded by <code>");
    escape_markup(buf, view->model);
    buf_puts(buf, "</code>, which judges nothing.</p><blockquote>");
    escape_markup(buf, view->model_summary);
    buf_puts(buf, "</blockquote>\n");
    if (json_count(view->proposals) == 0)
        return;
    buf_puts(buf, "<p>Proposed by it, not judged:</p><table><tr><th>Written</th>"
                  "<th>Could be measured by</th></tr>\n");
    demand_propose_each(view, put_proposal, buf);
    buf_puts(buf, "</table>\n");
}

/* --- agents ---------------------------------------------------------------------------------- */

static void put_agents(const struct view *view, struct buf *buf) {
    if (view->agent_count == 0)
        return;
    buf_puts(buf, "<h2>Agents</h2><table><tr><th>Agent</th><th>Ended</th><th></th></tr>\n");
    for (size_t i = 0; i < view->agent_count; i++) {
        buf_puts(buf, "<tr><td>");
        escape_markup(buf, view->agents[i].name);
        buf_puts(buf, "</td><td>");
        escape_markup(buf, view->agents[i].status);
        if (view->agents[i].reason.len > 0)
            buf_puts(buf, "<br>");
        escape_markup(buf, view->agents[i].reason);
        buf_puts(buf, "</td><td>");
        escape_markup(buf, view->agents[i].summary);
        buf_puts(buf, "</td></tr>\n");
    }
    buf_puts(buf, "</table>\n");
}

static void put_plots(const struct view *view, struct buf *buf) {
    plot_severities(view, buf);
    plot_trend(view->past, buf);
    plot_trend_p95(view->past, buf);
    for (size_t i = 0; i < view->agent_count; i++) {
        plot_percentiles(&view->agents[i], buf);
        plot_seconds(&view->agents[i], buf);
        plot_requirements(&view->agents[i], buf);
    }
}

static void put_check(const struct json *check, struct buf *buf) {
    static const char *const MEMBERS[] = {"id", "status", "reason"};
    buf_puts(buf, "<tr>");
    for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++) {
        struct text value = {NULL, 0};
        (void)json_text(json_get(check, MEMBERS[i]), &value);
        buf_puts(buf, "<td>");
        escape_markup(buf, value);
        buf_puts(buf, "</td>");
    }
    buf_puts(buf, "</tr>\n");
}

static void put_checks(const struct view_agent *agent, struct buf *buf) {
    if (json_count(agent->checks) == 0)
        return;
    buf_puts(buf, "<details><summary>");
    escape_markup(buf, agent->name);
    buf_printf(buf, ": %zu checks</summary><table>\n", json_count(agent->checks));
    for (size_t i = 0; i < json_count(agent->checks); i++)
        put_check(json_at(agent->checks, i), buf);
    buf_puts(buf, "</table></details>\n");
}

/* --- findings -------------------------------------------------------------------------------- */

static void put_finding(const struct view_finding *finding, struct buf *buf) {
    const char *severity = severity_word(finding->severity);
    buf_printf(buf, "<article class=\"%s\"><h3>%s: ", severity, severity);
    escape_markup(buf, finding->title);
    buf_puts(buf, finding->advisory ? " (advisory)</h3><dl>" : "</h3><dl>");
    put_row(buf, "Check", finding->check_id, true);
    put_row(buf, "Where", finding->component, true);
    put_row(buf, "Seen", finding->seen, true);
    put_row(buf, "Why", finding->description, false);
    put_row(buf, "Mend", finding->remediation, false);
    put_row(buf, "Reproduce", finding->reproduce, true);
    put_row(buf, "CWE", finding->cwe, false);
    put_row(buf, "CVSS", finding->vector, true);
    put_row(buf, "Read", finding->reference, false);
    put_row(buf, "Agent", finding->agent->name, false);
    buf_puts(buf, "</dl></article>\n");
}

static void put_findings(const struct view *view, struct buf *buf) {
    if (view->finding_count > 0)
        buf_puts(buf, "<h2>Findings</h2>\n");
    for (size_t i = 0; i < view->finding_count; i++)
        put_finding(&view->findings[i], buf);
    if (view->finding_omitted > 0)
        buf_printf(buf, "<p>%zu more findings are not in the record.</p>\n", view->finding_omitted);
}

void form_html(const struct view *view, struct buf *buf) {
    put_head(view, buf);
    put_top(view, buf);
    put_reasons(view, buf);
    put_demands(view, buf);
    put_model(view, buf);
    put_agents(view, buf);
    put_plots(view, buf);
    put_findings(view, buf);
    if (view->agent_count > 0)
        buf_puts(buf, "<h2>Checks</h2>\n");
    for (size_t i = 0; i < view->agent_count; i++)
        put_checks(&view->agents[i], buf);
    buf_puts(buf, "</body></html>\n");
}
