/* Writes an analysis down. Computes nothing but sums. */
#include "agents/analyst/analyst_put.h"

#include <math.h>

enum {
    ANALYST_PUT_FINDINGS = 60,
    ANALYST_PUT_ACTIONS = 25,
    ANALYST_PUT_CHECKS = 25, /* of each list */
    ANALYST_PUT_COMPONENTS = 15,
    ANALYST_PUT_CRITERIA = 64,
    ANALYST_PUT_POINTS = 160, /* of a text from elsewhere */
    ANALYST_PUT_PERCENT = 100
};

static void analyst_put_text(struct json_out *out, const char *name, struct text text) {
    json_out_member_text(out, name, text_head(text, ANALYST_PUT_POINTS));
}

static void analyst_put_double(struct json_out *out, const char *name, double value) {
    json_out_name(out, name);
    json_out_double(out, value);
}

static void analyst_put_list(struct json_out *out, const char *name) {
    json_out_name(out, name);
    json_out_array(out);
}

static void analyst_put_object(struct json_out *out, const char *name) {
    json_out_name(out, name);
    json_out_object(out);
}

/* --- sums ------------------------------------------------------------------------------------- */

static size_t analyst_put_in_state(const struct ledger *ledger, enum ledger_state state) {
    size_t count = 0;
    for (size_t i = 0; i < ledger->count; i++)
        count += ledger->entries[i].state == state;
    return count;
}

static size_t analyst_put_of_severity(const struct ledger *ledger, enum severity severity) {
    size_t count = 0;
    for (size_t i = 0; i < ledger->count; i++)
        count +=
            ledger->entries[i].state != LEDGER_ABSENT && ledger->entries[i].severity == severity;
    return count;
}

static size_t analyst_put_changed(const struct series *series, enum series_change change) {
    size_t count = 0;
    for (size_t i = 0; i < series->count; i++)
        count += series->checks[i].change == change;
    return count;
}

static size_t analyst_put_failed(const struct analysis *analysis) {
    size_t count = 0;
    for (size_t i = 0; i < analysis->series.count; i++) {
        const struct runs_check *check = &analysis->series.checks[i].check;
        count += text_is(runs_status(&analysis->runs.items[0], check), "failed");
    }
    return count;
}

static void analyst_put_metrics(const struct analysis *analysis, struct json_out *out) {
    double total = (double)analysis->series.count, failed = (double)analyst_put_failed(analysis);
    analyst_put_object(out, "metrics");
    json_out_member_int(out, "total_tests", (int64_t)total);
    json_out_member_int(out, "passed", (int64_t)(total - failed));
    json_out_member_int(out, "failed", (int64_t)failed);
    analyst_put_double(out, "pass_rate", total > 0 ? (total - failed) / total : NAN);
    analyst_put_double(out, "fail_rate", total > 0 ? failed / total : NAN);
    json_out_end_object(out);
}

static void analyst_put_counts(const struct ledger *ledger, struct json_out *out) {
    analyst_put_object(out, "findings_by_severity");
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        json_out_member_int(out, severity_word((enum severity)severity),
                            (int64_t)analyst_put_of_severity(ledger, (enum severity)severity));
    json_out_end_object(out);
    analyst_put_object(out, "comparison");
    for (int state = 0; state < LEDGER_STATE__COUNT; state++)
        json_out_member_int(out, ledger_state_word((enum ledger_state)state),
                            (int64_t)analyst_put_in_state(ledger, (enum ledger_state)state));
    json_out_end_object(out);
}

/* --- lists ------------------------------------------------------------------------------------ */

static void analyst_put_entry(const struct ledger_entry *entry, struct json_out *out) {
    json_out_object(out);
    analyst_put_text(out, "fingerprint", entry->fingerprint);
    analyst_put_text(out, "agent", entry->check.agent);
    analyst_put_text(out, "check_id", entry->check.id);
    analyst_put_text(out, "component", entry->check.component);
    json_out_member(out, "severity", severity_word(entry->severity));
    analyst_put_text(out, "title", entry->title);
    json_out_member(out, "state", ledger_state_word(entry->state));
    json_out_member(out, "first_seen", entry->first_seen);
    json_out_member(out, "last_seen", entry->last_seen);
    json_out_member_int(out, "occurrences", (int64_t)entry->occurrences);
    json_out_end_object(out);
}

static void analyst_put_findings(const struct ledger *ledger, struct json_out *out) {
    analyst_put_list(out, "findings");
    for (size_t i = 0; i < ledger->count && i < ANALYST_PUT_FINDINGS; i++)
        analyst_put_entry(&ledger->entries[i], out);
    json_out_end_array(out);
    if (ledger->count > ANALYST_PUT_FINDINGS)
        json_out_member_int(out, "findings_omitted",
                            (int64_t)(ledger->count - ANALYST_PUT_FINDINGS));
}

static void analyst_put_own(const struct analysis *analysis, struct json_out *out) {
    analyst_put_list(out, "own_findings");
    for (size_t i = 0; i < analysis->own_count; i++) {
        json_out_object(out);
        json_out_member(out, "fingerprint", analysis->own[i].fingerprint);
        json_out_member(out, "check_id", analysis->own[i].check_id);
        json_out_member(out, "state", ledger_state_word(analysis->own[i].state));
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void analyst_put_check(const struct series_check *check, struct json_out *out) {
    json_out_object(out);
    analyst_put_text(out, "agent", check->check.agent);
    analyst_put_text(out, "check_id", check->check.id);
    analyst_put_text(out, "component", check->check.component);
    json_out_member_int(out, "sessions", (int64_t)check->measured);
    json_out_member_int(out, "failed", (int64_t)check->failed);
    json_out_member_int(out, "changes", (int64_t)check->flips);
    analyst_put_double(out, "failure_rate_low", check->low);
    analyst_put_double(out, "failure_rate_high", check->high);
    json_out_end_object(out);
}

static bool analyst_put_is_regression(const struct series_check *check) {
    return check->change == SERIES_REGRESSED;
}

static bool analyst_put_is_fix(const struct series_check *check) {
    return check->change == SERIES_FIXED;
}

static bool analyst_put_is_flaky(const struct series_check *check) {
    return check->flaky;
}

static void analyst_put_checks(const struct series *series, struct json_out *out) {
    static const struct {
        const char *name;
        bool (*is)(const struct series_check *check);
    } LISTS[] = {{"regressions", analyst_put_is_regression},
                 {"fixed", analyst_put_is_fix},
                 {"flaky", analyst_put_is_flaky}};
    for (size_t list = 0; list < sizeof(LISTS) / sizeof(LISTS[0]); list++) {
        analyst_put_list(out, LISTS[list].name);
        for (size_t i = 0, told = 0; i < series->count && told < ANALYST_PUT_CHECKS; i++) {
            if (!LISTS[list].is(&series->checks[i]))
                continue;
            analyst_put_check(&series->checks[i], out);
            told++;
        }
        json_out_end_array(out);
    }
}

static void analyst_put_trends(const struct runs *runs, struct json_out *out) {
    enum trend_way worst = TREND_UNKNOWN;
    struct trend trend;
    analyst_put_object(out, "trend_analysis");
    analyst_put_list(out, "metrics");
    for (size_t i = 0; trend_at(runs, i, &trend); i++) {
        worst = trend.way > worst ? trend.way : worst;
        json_out_object(out);
        json_out_member(out, "metric", trend.metric);
        json_out_member(out, "unit", trend.unit);
        json_out_member_int(out, "sessions", (int64_t)trend.sessions);
        analyst_put_double(out, "now", trend.now);
        analyst_put_double(out, "slope_per_session", trend.slope);
        analyst_put_double(out, "p", trend.p);
        json_out_member(out, "trend", trend_word(trend.way));
        json_out_end_object(out);
    }
    json_out_end_array(out);
    json_out_member(out, "trend", trend_word(worst));
    json_out_end_object(out);
}

static void analyst_put_risk(const struct risk *risk, struct json_out *out) {
    analyst_put_object(out, "risk");
    analyst_put_double(out, "target_risk", risk->target);
    json_out_member(out, "risk_level", risk_word(risk));
    analyst_put_list(out, "components");
    for (size_t i = 0; i < risk->count && i < ANALYST_PUT_COMPONENTS; i++) {
        json_out_object(out);
        analyst_put_text(out, "component", risk->components[i].component);
        analyst_put_double(out, "risk", risk->components[i].risk);
        json_out_member_int(out, "findings", (int64_t)risk->components[i].findings);
        json_out_end_object(out);
    }
    json_out_end_array(out);
    json_out_end_object(out);
}

/* Which criterion is answered by what, and which by nothing. */
static void analyst_put_criteria(const struct json *criteria, struct json_out *out) {
    analyst_put_list(out, "traceability");
    for (size_t i = 0; i < json_count(criteria) && i < ANALYST_PUT_CRITERIA; i++) {
        const struct json *criterion = json_at(criteria, i);
        json_out_object(out);
        analyst_put_text(out, "criterion_id", runs_text(criterion, "id"));
        analyst_put_text(out, "kind", runs_text(criterion, "kind"));
        if (json_get(criterion, "metric") != NULL)
            analyst_put_text(out, "metric", runs_text(criterion, "metric"));
        if (json_get(criterion, "checks") != NULL) {
            json_out_name(out, "checks");
            json_out_value(out, json_get(criterion, "checks"));
        }
        analyst_put_text(out, "result", runs_text(criterion, "result"));
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static void analyst_put_actions(const struct ledger *ledger, struct json_out *out) {
    size_t told = 0;
    analyst_put_list(out, "action_items");
    for (size_t i = 0; i < ledger->count && told < ANALYST_PUT_ACTIONS; i++) {
        const struct ledger_entry *entry = &ledger->entries[i];
        if (entry->state == LEDGER_ABSENT || entry->severity == SEVERITY_INFO)
            continue;
        told++;
        json_out_object(out);
        analyst_put_text(out, "finding_id", runs_text(entry->finding, "finding_id"));
        analyst_put_text(out, "title", entry->title);
        json_out_member(out, "severity", severity_word(entry->severity));
        analyst_put_text(out, "owner", runs_text(entry->finding, "category"));
        analyst_put_text(out, "action", runs_text(entry->finding, "remediation"));
        json_out_member(out, "state", ledger_state_word(entry->state));
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

/* The verdict as it stands before this agent, in the words of the service this one replaces. */
static void analyst_put_readiness(const struct analysis *analysis, struct json_out *out) {
    static const struct {
        const char *verdict, *level;
    } LEVELS[] = {
        {"GO", "ready"}, {"GO_WITH_WARNINGS", "ready_with_warnings"}, {"NO_GO", "not_ready"}};
    struct text verdict = runs_text(json_get(analysis->runs.items[0].root, "verdict"), "status");
    const char *level = "unknown";
    for (size_t i = 0; i < sizeof(LEVELS) / sizeof(LEVELS[0]); i++)
        if (text_is(verdict, LEVELS[i].verdict))
            level = LEVELS[i].level;
    analyst_put_object(out, "release_readiness");
    analyst_put_double(out, "overall_score",
                       round(ANALYST_PUT_PERCENT * (1 - analysis->risk.target)));
    json_out_member(out, "readiness_level", level);
    json_out_end_object(out);
}

static void analyst_put_baseline(const struct runs *runs, struct json_out *out) {
    json_out_member_int(out, "sessions_compared", (int64_t)(runs->count - 1));
    json_out_member_bool(out, "history_known", runs->past_is_known);
    if (runs->count < 2)
        return;
    analyst_put_object(out, "baseline");
    json_out_member(out, "session_id", runs->items[1].session);
    json_out_member(out, "completed_at", runs->items[1].when);
    json_out_end_object(out);
}

void analyst_put_summary(const struct analysis *analysis, struct buf *buf) {
    const struct ledger *ledger = &analysis->ledger;
    size_t now = ledger->count - analyst_put_in_state(ledger, LEDGER_ABSENT);
    buf_printf(buf, "%zu finding%s, risk %s", now, now == 1 ? "" : "s", risk_word(&analysis->risk));
    if (!analysis->runs.past_is_known)
        buf_puts(buf, "; earlier sessions are not known");
    else if (analysis->runs.count < 2)
        buf_puts(buf, "; no earlier session to compare with");
    else
        buf_printf(
            buf, "; since the last session %zu new, %zu gone, %zu checks regressed, %zu fixed",
            analyst_put_in_state(ledger, LEDGER_NEW), analyst_put_in_state(ledger, LEDGER_ABSENT),
            analyst_put_changed(&analysis->series, SERIES_REGRESSED),
            analyst_put_changed(&analysis->series, SERIES_FIXED));
}

void analyst_put(const struct analysis *analysis, struct buf *buf) {
    struct json_out writer, *out = &writer;
    struct buf summary;
    buf_init(&summary, ANALYST_PUT_MAX_BYTES);
    analyst_put_summary(analysis, &summary);
    json_out_init(out, buf);
    json_out_object(out);
    json_out_member(out, "executive_summary", buf_str(&summary));
    analyst_put_baseline(&analysis->runs, out);
    analyst_put_metrics(analysis, out);
    analyst_put_counts(&analysis->ledger, out);
    analyst_put_findings(&analysis->ledger, out);
    analyst_put_own(analysis, out);
    analyst_put_checks(&analysis->series, out);
    analyst_put_trends(&analysis->runs, out);
    analyst_put_risk(&analysis->risk, out);
    analyst_put_criteria(analysis->criteria, out);
    analyst_put_actions(&analysis->ledger, out);
    analyst_put_readiness(analysis, out);
    json_out_end_object(out);
    buf_done(&summary);
}
