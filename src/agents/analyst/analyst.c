/* The order of work: read, compare, judge, tell. */
#include "agents/analyst/analyst.h"

#include <stdlib.h>

#include "agents/analyst/analyst_put.h"
#include "agents/analyst/analyst_rules.h"

static const struct text NO_DATA = {NULL, 0};

static enum err analyst_compare(const struct agent *agent, const char *results,
                                struct analysis *analysis) {
    const char *history = json_str(json_get(agent->task->root, "history"), NULL);
    enum err err = runs_read(results, history, &analysis->runs);
    if (err == ERR_OK)
        err = ledger_make(&analysis->runs, &analysis->ledger);
    if (err == ERR_OK)
        err = series_make(&analysis->runs, &analysis->ledger, &analysis->series);
    if (err == ERR_OK) {
        risk_of(&analysis->ledger, &analysis->risk);
        analysis->criteria = json_get(analysis->runs.items[0].root, "criteria");
    }
    return err;
}

/* What it finds itself is compared as well, so that no finding of a session is without a state. */
static void analyst_note(const struct agent *agent, const struct rule *rule,
                         const struct judgement *judgement, struct analysis *analysis) {
    struct analysis_own *own = &analysis->own[analysis->own_count];
    if (judgement->status != JUDGEMENT_FAILED || analysis->own_count == ANALYSIS_OWN_MAX ||
        finding_fingerprint(rule, judgement, own->fingerprint) != ERR_OK)
        return;
    const struct ledger_entry entry = {
        .check = {text_of(agent->name), text_of(rule->id), text_of(judgement->component)},
        .fingerprint = text_of(own->fingerprint),
        .title = text_of(rule->variants[judgement->variant].title),
        .severity = rule_severity(rule, judgement->variant)};
    own->check_id = rule->id;
    own->state = ledger_judge(&analysis->runs, &entry);
    analysis->own_count++;
}

static void analyst_judge(const struct agent *agent, struct analysis *analysis) {
    const struct rule *rule;
    for (size_t i = 0; (rule = analyst_rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        judgement_init(&judgement);
        judgement_whole(&judgement, &agent->task->url);
        analyst_rules_judge(i, analysis, &judgement);
        lines_judgement(agent->lines, rule, &judgement, false);
        analyst_note(agent, rule, &judgement, analysis);
        judgement_done(&judgement);
    }
}

static void analyst_tell(const struct agent *agent, const struct analysis *analysis) {
    struct buf data, summary;
    buf_init(&data, ANALYST_PUT_MAX_BYTES);
    buf_init(&summary, ANALYST_PUT_MAX_BYTES);
    analyst_put(analysis, &data);
    analyst_put_summary(analysis, &summary);
    lines_metric(agent->lines,
                 &(struct lines_metric){"analysis.risk", analysis->risk.target, "ratio",
                                        (int64_t)analysis->ledger.count, "findings"});
    lines_result(agent->lines, LINES_COMPLETED, NULL, buf_str(&summary),
                 data.failed ? NO_DATA : buf_text(&data));
    buf_done(&summary);
    buf_done(&data);
}

enum agent_end analyst_run(struct agent *agent) {
    const char *results = json_str(json_get(agent->task->root, "results"), NULL);
    if (results == NULL) {
        lines_result(agent->lines, LINES_NOT_AVAILABLE, "no_results",
                     "There are no results of other agents to look at", NO_DATA);
        return AGENT_NOT_AVAILABLE;
    }
    char *place = agent->task->target.ptr != NULL ? text_dup(agent->task->target) : NULL;
    struct analysis *analysis = calloc(1, sizeof(*analysis));
    enum err err = analysis == NULL ? ERR_NOMEM : ERR_OK;
    if (err == ERR_OK) {
        analysis->place = place != NULL ? place : "task";
        lines_plan_rules(agent->lines, analyst_rules_get, agent->task->modes);
        err = analyst_compare(agent, results, analysis);
    }
    if (err == ERR_OK) {
        analyst_judge(agent, analysis);
        analyst_tell(agent, analysis);
    } else if (err != ERR_NOMEM) {
        lines_result(agent->lines, LINES_FAILED, "results_damaged", "The results cannot be read",
                     NO_DATA);
    }
    if (analysis != NULL) {
        series_done(&analysis->series);
        ledger_done(&analysis->ledger);
        runs_done(&analysis->runs);
    }
    free(analysis);
    free(place);
    return err == ERR_NOMEM ? AGENT_BROKEN : AGENT_RAN;
}
