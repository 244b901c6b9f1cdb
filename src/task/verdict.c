/* verdict: judges outcomes by the table in its header. Must not know of time or anything that is
 * not in the outcomes. */
#include "agnostic/task/verdict.h"

#include <stdio.h>

#include "agnostic/task/confidence.h"
#include "agnostic/task/score.h"

enum {
    VERDICT_REASONS_MAX = 200,
    /* findings named; more are counted */ VERDICT_TITLE_POINTS = 200
};

/* What a finding of each severity means, the worst first. NULL: nothing. */
static const struct {
    const char *code;
    enum verdict verdict;
} RULES[SEVERITY__COUNT] = {
    [SEVERITY_CRITICAL] = {"critical_finding", VERDICT_NO_GO},
    [SEVERITY_HIGH] = {"high_finding", VERDICT_NO_GO},
    [SEVERITY_MEDIUM] = {"medium_finding", VERDICT_GO_WITH_WARNINGS},
};

/* What the result of a criterion means. */
static const struct {
    const char *code;
    enum verdict verdict;
} CRITERION_RULES[] = {
    [CRITERION_FAILED] = {"criterion_failed", VERDICT_NO_GO},
    [CRITERION_NOT_MEASURED] = {"criterion_not_measured", VERDICT_GO_WITH_WARNINGS},
    [CRITERION_NOT_MAPPED] = {"criterion_unmapped", VERDICT_GO_WITH_WARNINGS},
    [CRITERION_MET] = {NULL, VERDICT_GO},
};

static enum severity worst(const struct outcome *outcome, enum severity so_far) {
    for (size_t i = 0; i < outcome_findings(outcome); i++) {
        const struct outcome_finding *finding = outcome_finding(outcome, i);
        if (!finding->advisory && finding->severity < so_far)
            so_far = finding->severity;
    }
    return so_far;
}

/* Has it completed and yet carried out too little to be relied on? */
static bool is_thin(const struct outcome *outcome) {
    return outcome_status(outcome) == OUTCOME_COMPLETED &&
           confidence_share(outcome) < VERDICT_SHARE_MIN;
}

/* What agents say of themselves that no one can rely on. */
static const struct {
    bool (*holds)(const struct outcome *outcome);
    const char *code, *text;
} DOUBTS[] = {
    {outcome_disputed, "severity_disputed",
     "It calls a finding grave that its own score does not."},
    {outcome_unexplained, "failures_unexplained",
     "Checks of it failed, and it told of no finding."},
};
enum { DOUBTS_COUNT = sizeof(DOUBTS) / sizeof(DOUBTS[0]) };

static bool is_doubtful(const struct outcome *outcome) {
    bool doubtful = is_thin(outcome);
    for (size_t i = 0; i < DOUBTS_COUNT; i++)
        doubtful = doubtful || DOUBTS[i].holds(outcome);
    return doubtful;
}

/* The worst that criteria ask for. */
static enum verdict criteria_verdict(const struct criteria *criteria,
                                     const struct outcome *const *outcomes, size_t count) {
    enum verdict verdict = criteria->more ? VERDICT_GO_WITH_WARNINGS : VERDICT_GO;
    for (size_t i = 0; i < criteria->count; i++) {
        double measured;
        enum criterion_result result =
            criterion_judge(&criteria->items[i], outcomes, count, &measured);
        if (CRITERION_RULES[result].verdict > verdict)
            verdict = CRITERION_RULES[result].verdict;
    }
    return verdict;
}

enum verdict verdict_of(const struct criteria *criteria, const struct outcome *const *outcomes,
                        size_t count) {
    enum verdict asked = criteria_verdict(criteria, outcomes, count);
    enum severity severity = SEVERITY_INFO;
    bool complete = count > 0;
    for (size_t i = 0; i < count; i++) {
        severity = worst(outcomes[i], severity);
        complete = complete && outcome_status(outcomes[i]) == OUTCOME_COMPLETED;
        if (asked == VERDICT_GO && is_doubtful(outcomes[i]))
            asked = VERDICT_GO_WITH_WARNINGS;
    }
    if (asked == VERDICT_NO_GO)
        return VERDICT_NO_GO;
    if (RULES[severity].code != NULL)
        return RULES[severity].verdict;
    return complete ? asked : VERDICT_INCOMPLETE;
}

/* --- reasons ------------------------------------------------------------------ */

static void put_finding(const struct outcome *outcome, const struct outcome_finding *finding,
                        struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "code",
                    finding->advisory ? "advisory_finding" : RULES[finding->severity].code);
    json_out_member(out, "agent", outcome_name(outcome));
    json_out_member(out, "finding_id", finding->finding_id);
    json_out_member(out, "check_id", finding->check_id);
    json_out_member_text(out, "text", text_head(text_of(finding->title), VERDICT_TITLE_POINTS));
    json_out_end_object(out);
}

/* The reasons that still fit, and how many did not. */
struct naming {
    size_t left, unnamed;
};

static void put_findings(const struct outcome *outcome, enum severity severity, bool advisory,
                         struct naming *naming, struct json_out *out) {
    for (size_t i = 0; i < outcome_findings(outcome); i++) {
        const struct outcome_finding *finding = outcome_finding(outcome, i);
        if (finding->severity != severity || finding->advisory != advisory)
            continue;
        if (naming->left > 0) {
            put_finding(outcome, finding, out);
            naming->left--;
        } else {
            naming->unnamed++;
        }
    }
}

/* Of all agents, the worst first. */
static void put_named(const struct outcome *const *outcomes, size_t count, bool advisory,
                      struct naming *naming, struct json_out *out) {
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        for (size_t i = 0; RULES[severity].code != NULL && i < count; i++)
            put_findings(outcomes[i], (enum severity)severity, advisory, naming, out);
    }
}

static void put_agent(const struct outcome *outcome, struct json_out *out) {
    if (outcome_status(outcome) == OUTCOME_COMPLETED)
        return;
    json_out_object(out);
    json_out_member(out, "code", "agent_not_completed");
    json_out_member(out, "agent", outcome_name(outcome));
    json_out_member(out, "status", outcome_status_word(outcome_status(outcome)));
    json_out_member(out, "reason", outcome_reason(outcome));
    json_out_member(out, "text", outcome_summary(outcome));
    json_out_end_object(out);
}

static void put_thin(const struct outcome *outcome, struct json_out *out) {
    char text[96];
    if (!is_thin(outcome))
        return;
    snprintf(text, sizeof(text), "Only %.0f %% of its checks were carried out.",
             100 * confidence_share(outcome));
    json_out_object(out);
    json_out_member(out, "code", "few_checks_run");
    json_out_member(out, "agent", outcome_name(outcome));
    json_out_member(out, "text", text);
    json_out_end_object(out);
}

static void put_doubts(const struct outcome *outcome, struct json_out *out) {
    for (size_t i = 0; i < DOUBTS_COUNT; i++) {
        if (!DOUBTS[i].holds(outcome))
            continue;
        json_out_object(out);
        json_out_member(out, "code", DOUBTS[i].code);
        json_out_member(out, "agent", outcome_name(outcome));
        json_out_member(out, "text", DOUBTS[i].text);
        json_out_end_object(out);
    }
}

static void put_plain(struct json_out *out, const char *code, const char *text) {
    json_out_object(out);
    json_out_member(out, "code", code);
    json_out_member(out, "text", text);
    json_out_end_object(out);
}

static void put_criterion(const struct criterion *criterion, size_t index,
                          enum criterion_result result, struct json_out *out) {
    char id[CRITERION_ID_SIZE];
    if (CRITERION_RULES[result].code == NULL)
        return;
    criteria_id(index, id);
    json_out_object(out);
    json_out_member(out, "code", CRITERION_RULES[result].code);
    json_out_member(out, "criterion_id", id);
    json_out_member_text(out, "text", text_head(criterion->text, VERDICT_TITLE_POINTS));
    json_out_end_object(out);
}

static void put_criteria(const struct criteria *criteria, const struct outcome *const *outcomes,
                         size_t count, struct json_out *out) {
    for (size_t i = 0; i < criteria->count; i++) {
        double measured;
        put_criterion(&criteria->items[i], i,
                      criterion_judge(&criteria->items[i], outcomes, count, &measured), out);
    }
    if (criteria->more)
        put_plain(out, VERDICT_MORE_CRITERIA, "There were more criteria than are looked at.");
}

static void put_reasons(const struct criteria *criteria, const struct outcome *const *outcomes,
                        size_t count, struct json_out *out) {
    struct naming naming = {.left = VERDICT_REASONS_MAX};
    put_named(outcomes, count, false, &naming, out);
    put_named(outcomes, count, true, &naming, out);
    if (naming.unnamed > 0) {
        char text[64];
        snprintf(text, sizeof(text), "%zu more findings, none of them weightier.", naming.unnamed);
        put_plain(out, "more_findings", text);
    }
    put_criteria(criteria, outcomes, count, out);
    for (size_t i = 0; i < count; i++) {
        put_agent(outcomes[i], out);
        put_thin(outcomes[i], out);
        put_doubts(outcomes[i], out);
    }
    if (count == 0)
        put_plain(out, "no_agent", "No agent was run.");
}

static void put_numbers(const struct criteria *criteria, const struct outcome *const *outcomes,
                        size_t count, struct json_out *out) {
    struct score score = score_of(outcomes, count);
    json_out_name(out, "score");
    score_put(&score, out);
    json_out_name(out, "confidence");
    confidence_put(criteria, outcomes, count, out);
}

void verdict_put(const struct criteria *criteria, const struct outcome *const *outcomes,
                 size_t count, struct json_out *out) {
    enum verdict verdict = verdict_of(criteria, outcomes, count);
    json_out_object(out);
    json_out_member(out, "status", verdict_word(verdict));
    json_out_name(out, "reasons");
    json_out_array(out);
    put_reasons(criteria, outcomes, count, out);
    if (verdict == VERDICT_GO)
        put_plain(out, "all_clear",
                  "Every chosen agent completed and found nothing of medium severity or worse "
                  "that decides.");
    json_out_end_array(out);
    put_numbers(criteria, outcomes, count, out);
    json_out_end_object(out);
}
