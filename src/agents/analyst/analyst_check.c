/* Judges what the comparison of sessions found. Computes nothing itself. */
#include "agents/analyst/analyst_check.h"

#include <math.h>

enum { ANALYST_PERCENT = 100 };

/* False, and why: there is nothing to compare with. */
static bool analyst_has_past(const struct analysis *analysis, struct judgement *judgement) {
    if (!analysis->runs.past_is_known)
        judgement_not_tested(judgement, "history_not_known");
    else if (analysis->runs.count < 2)
        judgement_skip(judgement, "no_history");
    return analysis->runs.past_is_known && analysis->runs.count > 1;
}

void analyst_check_regressions(const struct analysis *analysis, struct judgement *judgement) {
    if (!analyst_has_past(analysis, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < analysis->series.count; i++) {
        const struct series_check *check = &analysis->series.checks[i];
        if (check->change == SERIES_REGRESSED && check->severity < SEVERITY_INFO)
            judgement_fault(judgement, (size_t)check->severity, analysis->place,
                            "%.*s of %.*s passed in the session before and fails now",
                            JUDGEMENT_VALUE(check->check.id), JUDGEMENT_VALUE(check->check.agent));
    }
}

void analyst_check_flaky(const struct analysis *analysis, struct judgement *judgement) {
    judgement_pass(judgement);
    for (size_t i = 0; i < analysis->series.count; i++) {
        const struct series_check *check = &analysis->series.checks[i];
        if (!check->flaky)
            continue;
        judgement_fault(judgement, 0, analysis->place,
                        "%.*s of %.*s changed its result %zu times in %zu sessions; it fails in "
                        "%.0f to %.0f %% of them",
                        JUDGEMENT_VALUE(check->check.id), JUDGEMENT_VALUE(check->check.agent),
                        check->flips, check->measured, check->low * ANALYST_PERCENT,
                        check->high * ANALYST_PERCENT);
    }
}

void analyst_check_trends(const struct analysis *analysis, struct judgement *judgement) {
    struct trend trend;
    bool known = false;
    if (!analyst_has_past(analysis, judgement))
        return;
    for (size_t i = 0; trend_at(&analysis->runs, i, &trend); i++) {
        known |= trend.way != TREND_UNKNOWN;
        if (trend.way == TREND_WORSENING)
            judgement_fault(judgement, 0, analysis->place,
                            "%s grows by %.4g %s a session over %zu sessions (p = %.3f), to %.4g",
                            trend.metric, trend.slope, trend.unit, trend.sessions, trend.p,
                            trend.now);
    }
    if (known)
        judgement_pass(judgement);
    else
        judgement_skip(judgement, "too_few_sessions");
}

void analyst_check_traceability(const struct analysis *analysis, struct judgement *judgement) {
    if (json_count(analysis->criteria) == 0) {
        judgement_skip(judgement, "no_criteria");
        return;
    }
    judgement_pass(judgement);
    for (size_t i = 0; i < json_count(analysis->criteria); i++) {
        const struct json *criterion = json_at(analysis->criteria, i);
        struct text result = runs_text(criterion, "result");
        if (text_is(result, "not_measured") || text_is(result, "unmapped"))
            judgement_fault(judgement, 0, analysis->place, "%.*s is %.*s: %.*s",
                            JUDGEMENT_VALUE(runs_text(criterion, "id")), JUDGEMENT_VALUE(result),
                            JUDGEMENT_VALUE(runs_text(criterion, "text")));
    }
}
