/* JUnit XML, a suite an agent, a test a check, and a suite of the criteria. A check that found
 * something of medium severity or worse has failed; lighter and advisory findings are told in
 * system-out, so that a build does not turn red for a hint. Trouble of ours is an error, never a
 * failure. */
#include "report/demand.h"
#include "report/escape.h"
#include "report/forms.h"

enum { MESSAGE_MAX = 200 }; /* code points of what stands in the element too */
enum { STAMP_LEN = sizeof("2026-02-21T10:00:00") - 1 };

struct suite {
    const struct view *view;
    const struct view_agent *agent;
    void (*put_tests)(struct suite *suite);
    struct buf *buf;
    size_t tests, failures, errors, skipped;
    bool counts_only;
};

static void put_attribute(struct buf *buf, const char *name, struct text value) {
    buf_printf(buf, " %s=\"", name);
    escape_markup(buf, value);
    buf_putc(buf, '"');
}

static bool fails(const struct view_finding *finding) {
    return !finding->advisory && finding->severity <= SEVERITY_MEDIUM;
}

static bool is_of(const struct view_finding *finding, const struct suite *suite, struct text id) {
    return finding->agent == suite->agent && text_eq(finding->check_id, id);
}

static void put_finding(struct buf *buf, const struct view_finding *finding) {
    buf_putc(buf, '[');
    buf_puts(buf, severity_word(finding->severity));
    buf_puts(buf, "] ");
    escape_markup(buf, finding->title);
    buf_puts(buf, "\nwhere: ");
    escape_markup(buf, finding->component);
    buf_puts(buf, "\nseen: ");
    escape_markup(buf, finding->seen);
    buf_puts(buf, "\nmend: ");
    escape_markup(buf, finding->remediation);
    buf_puts(buf, "\nreproduce: ");
    escape_markup(buf, finding->reproduce);
    buf_putc(buf, '\n');
}

/* The findings of one check inside an element; failing ones or the others. */
static void put_findings(const struct suite *suite, struct text id, bool failing) {
    const struct view_finding *worst = NULL;
    for (size_t i = 0; i < suite->view->finding_count; i++) {
        const struct view_finding *finding = &suite->view->findings[i];
        if (!is_of(finding, suite, id) || fails(finding) != failing)
            continue;
        if (worst == NULL) {
            worst = finding;
            buf_puts(suite->buf, failing ? "      <failure" : "      <system-out>");
            if (failing) {
                put_attribute(suite->buf, "type", text_of(severity_word(finding->severity)));
                put_attribute(suite->buf, "message", text_head(finding->title, MESSAGE_MAX));
                buf_putc(suite->buf, '>');
            }
        }
        put_finding(suite->buf, finding);
    }
    if (worst != NULL)
        buf_puts(suite->buf, failing ? "</failure>\n" : "</system-out>\n");
}

enum weight { WEIGHT_NONE, WEIGHT_LIGHT, WEIGHT_FAILS };

/* What the findings of a check weigh together. */
static enum weight weight_of(const struct suite *suite, struct text id) {
    enum weight weight = WEIGHT_NONE;
    for (size_t i = 0; i < suite->view->finding_count; i++)
        if (is_of(&suite->view->findings[i], suite, id)) {
            if (fails(&suite->view->findings[i]))
                return WEIGHT_FAILS;
            weight = WEIGHT_LIGHT;
        }
    return weight;
}

static void begin_test(struct suite *suite, struct text name, int64_t ms) {
    suite->tests++;
    if (suite->counts_only)
        return;
    buf_puts(suite->buf, "    <testcase");
    put_attribute(suite->buf, "classname", suite->agent->name);
    put_attribute(suite->buf, "name", name);
    buf_printf(suite->buf, " time=\"%lld.%03lld\">\n", (long long)(ms / 1000),
               (long long)(ms % 1000));
}

static void end_test(struct suite *suite) {
    if (!suite->counts_only)
        buf_puts(suite->buf, "    </testcase>\n");
}

static void put_skipped(struct suite *suite, struct text status, struct text reason) {
    suite->skipped++;
    if (suite->counts_only)
        return;
    buf_puts(suite->buf, "      <skipped message=\"");
    escape_markup(suite->buf, status);
    if (reason.len > 0)
        buf_puts(suite->buf, ": ");
    escape_markup(suite->buf, reason);
    buf_puts(suite->buf, "\"/>\n");
}

static void put_error(struct suite *suite, struct text type, struct text message) {
    suite->errors++;
    if (suite->counts_only)
        return;
    buf_puts(suite->buf, "      <error");
    put_attribute(suite->buf, "type", type);
    put_attribute(suite->buf, "message", message);
    buf_puts(suite->buf, "/>\n");
}

/* How grave it was is not known, so it counts in full. */
static void put_unkept(struct suite *suite) {
    suite->failures++;
    if (!suite->counts_only)
        buf_puts(suite->buf, "      <failure type=\"failed\" message=\"The check failed; what it "
                             "found is not in the record\"/>\n");
}

static void put_outcome(struct suite *suite, struct text id, bool failed) {
    enum weight weight = weight_of(suite, id);
    if (weight == WEIGHT_NONE && failed)
        put_unkept(suite);
    if (weight == WEIGHT_FAILS) {
        suite->failures++;
        if (!suite->counts_only)
            put_findings(suite, id, true);
    }
    if (!suite->counts_only)
        put_findings(suite, id, false);
}

static void put_check(struct suite *suite, const struct json *check) {
    struct text id = {NULL, 0}, status = {NULL, 0}, reason = {NULL, 0};
    int64_t ms = 0;
    (void)json_text(json_get(check, "id"), &id);
    (void)json_text(json_get(check, "status"), &status);
    (void)json_text(json_get(check, "reason"), &reason);
    (void)json_int(json_get(check, "ms"), 0, INT32_MAX, &ms);
    begin_test(suite, id, ms);
    if (text_is(status, "error"))
        put_error(suite, TEXT("check"), reason);
    else if (text_is(status, "skipped") || text_is(status, "not_tested"))
        put_skipped(suite, status, reason);
    else
        put_outcome(suite, id, text_is(status, "failed"));
    end_test(suite);
}

static bool is_listed(const struct suite *suite, struct text id) {
    struct text other;
    for (size_t i = 0; i < json_count(suite->agent->checks); i++)
        if (json_text(json_get(json_at(suite->agent->checks, i), "id"), &other) &&
            text_eq(other, id))
            return true;
    return false;
}

/* Is there an earlier finding of the same check? Then that one stood for it. */
static bool is_repeated(const struct suite *suite, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (is_of(&suite->view->findings[i], suite, suite->view->findings[index].check_id))
            return true;
    return false;
}

static void put_tests(struct suite *suite) {
    if (!suite->agent->completed) {
        begin_test(suite, TEXT("agent"), 0);
        put_error(suite, suite->agent->reason.len > 0 ? suite->agent->reason : suite->agent->status,
                  suite->agent->summary);
        end_test(suite);
    }
    for (size_t i = 0; i < json_count(suite->agent->checks); i++)
        put_check(suite, json_at(suite->agent->checks, i));
    for (size_t i = 0; i < suite->view->finding_count; i++) {
        const struct view_finding *finding = &suite->view->findings[i];
        if (finding->agent != suite->agent || is_listed(suite, finding->check_id) ||
            is_repeated(suite, i))
            continue;
        begin_test(suite, finding->check_id, 0);
        put_outcome(suite, finding->check_id, true);
        end_test(suite);
    }
}

/* --- criteria -------------------------------------------------------------------------------- */

static const struct view_agent CRITERIA = {.name = TEXT("acceptance-criteria"), .completed = true};

static void put_unmet(struct suite *suite, const struct demand *demand) {
    suite->failures++;
    if (suite->counts_only)
        return;
    buf_puts(suite->buf, "      <failure type=\"criterion\"");
    put_attribute(suite->buf, "message", demand->written);
    buf_puts(suite->buf, ">wanted: ");
    escape_markup(suite->buf, buf_text(&demand->bound));
    buf_printf(suite->buf, "\nmeasured: %s</failure>\n", demand->measured);
}

static void put_demand(struct suite *suite, const struct demand *demand) {
    begin_test(suite, demand->id, 0);
    if (text_is(demand->result, criterion_result_word(CRITERION_FAILED)))
        put_unmet(suite, demand);
    else if (!text_is(demand->result, criterion_result_word(CRITERION_MET)))
        put_skipped(suite, demand->result, demand->written);
    end_test(suite);
}

static void put_demands(struct suite *suite) {
    for (size_t i = 0; i < demand_count(suite->view); i++) {
        struct demand demand;
        demand_read(suite->view, i, &demand);
        put_demand(suite, &demand);
        demand_done(&demand);
    }
}

/* --- suites ---------------------------------------------------------------------------------- */

static void put_counts(struct buf *buf, const struct suite *counts) {
    buf_printf(buf, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", counts->tests,
               counts->failures, counts->errors);
}

/* A suite's start tag tells what is in it, so it is gone through twice. */
static struct suite count(const struct view *view, const struct view_agent *agent) {
    struct suite suite = {.view = view,
                          .agent = agent,
                          .put_tests = agent == &CRITERIA ? put_demands : put_tests,
                          .counts_only = true};
    suite.put_tests(&suite);
    return suite;
}

static void put_suite(const struct view *view, const struct view_agent *agent, struct buf *buf) {
    const struct suite counts = count(view, agent);
    struct suite suite = {.view = view, .agent = agent, .put_tests = counts.put_tests, .buf = buf};
    buf_puts(buf, "  <testsuite");
    put_attribute(buf, "name", agent->name);
    put_counts(buf, &counts);
    buf_printf(buf, " skipped=\"%zu\"", counts.skipped);
    if (view->target.len > 0)
        put_attribute(buf, "hostname", view->target);
    put_attribute(buf, "timestamp", text_head(text_of(view->record.created_at), STAMP_LEN));
    buf_puts(buf, ">\n");
    suite.put_tests(&suite);
    buf_puts(buf, "  </testsuite>\n");
}

static void add(struct suite *all, const struct view *view, const struct view_agent *agent) {
    const struct suite one = count(view, agent);
    all->tests += one.tests;
    all->failures += one.failures;
    all->errors += one.errors;
}

void form_junit(const struct view *view, struct buf *buf) {
    const struct view_agent task = {.name = TEXT("task"),
                                    .status = text_of(task_state_word(view->record.state)),
                                    .reason = view->error_code,
                                    .summary = view->error_text};
    struct suite all = {0};
    for (size_t i = 0; i < view->agent_count; i++)
        add(&all, view, &view->agents[i]);
    if (demand_count(view) > 0)
        add(&all, view, &CRITERIA);
    all.tests += view->failed;
    all.errors += view->failed;
    buf_puts(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"Agnostic QA\"");
    put_counts(buf, &all);
    buf_puts(buf, ">\n");
    if (view->failed)
        put_suite(view, &task, buf);
    for (size_t i = 0; i < view->agent_count; i++)
        put_suite(view, &view->agents[i], buf);
    if (demand_count(view) > 0)
        put_suite(view, &CRITERIA, buf);
    buf_puts(buf, "</testsuites>\n");
}
