/* Says what a verdict rests on. Judges no finding. */
#include "agnostic/task/confidence.h"

#include <math.h>

#include "task/outcome_parts.h"

#define HUNDREDTHS 100.0

double confidence_share(const struct outcome *outcome) {
    const int64_t *counts = outcome->counts;
    int64_t all = counts[COUNT_CHECKS] > outcome->planned ? counts[COUNT_CHECKS] : outcome->planned,
            apply = all - counts[COUNT_SKIPPED],
            ran = counts[COUNT_PASSED] + counts[COUNT_FAILED] + counts[COUNT_FLAKY];
    if (outcome->status != OUTCOME_COMPLETED && outcome->status != OUTCOME_PARTIAL)
        return 0;
    if (!outcome->counts_known || counts[COUNT_CHECKS] == 0)
        return outcome->status == OUTCOME_COMPLETED ? CONFIDENCE_UNCOUNTED : 0;
    return apply > 0 ? fmin(1, (double)ran / (double)apply) : 1;
}

/* --- shares below 1, each a reason --------------------------------------------------------- */

struct account {
    struct json_out *out;
    double least, product;
};

static void put_reason(struct account *account, const char *code, const char *agent, double share) {
    if (share >= 1)
        return;
    json_out_object(account->out);
    json_out_member(account->out, "code", code);
    if (agent != NULL)
        json_out_member(account->out, "agent", agent);
    json_out_name(account->out, "share");
    json_out_double(account->out, round(share * HUNDREDTHS) / HUNDREDTHS);
    json_out_end_object(account->out);
}

static const char *code_of(const struct outcome *outcome) {
    if (outcome->status != OUTCOME_COMPLETED)
        return "agent_not_completed";
    return outcome->counts_known && outcome->counts[COUNT_CHECKS] > 0 ? "checks_not_run"
                                                                      : "no_checks_told";
}

/* How many values the numbers of a load rest on; INFINITY: there was no load. */
static double samples_of(const struct outcome *outcome) {
    struct buf list;
    struct json *metrics = NULL;
    double samples = INFINITY;
    struct text name;
    buf_init(&list, OUTCOME_METRICS_MAX + 2);
    buf_printf(&list, "[%s]", buf_str(&outcome->metrics));
    if (json_parse(buf_text(&list), &JSON_LIMITS_RESULT, &metrics, NULL) == ERR_OK)
        for (size_t i = 0; i < json_count(metrics); i++)
            if (json_text(json_get(json_at(metrics, i), "name"), &name) &&
                text_is(name, "perf.latency.p95_ms"))
                (void)json_number(json_get(json_at(metrics, i), "n"), &samples);
    json_free(metrics);
    buf_done(&list);
    return fmax(0, samples); /* whatever an agent says */
}

static void weigh_agents(struct account *account, const struct outcome *const *outcomes,
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        double share = confidence_share(outcomes[i]),
               samples = fmin(1, samples_of(outcomes[i]) / CONFIDENCE_SAMPLES),
               honesty = outcome_disputed(outcomes[i]) ? CONFIDENCE_DISPUTED : 1;
        account->least = fmin(account->least, share);
        account->product *= samples * honesty;
        put_reason(account, code_of(outcomes[i]), outcomes[i]->name, share);
        put_reason(account, "few_samples", outcomes[i]->name, samples);
        put_reason(account, "severity_disputed", outcomes[i]->name, honesty);
    }
}

static void weigh_criteria(struct account *account, const struct criteria *criteria,
                           const struct outcome *const *outcomes, size_t count) {
    size_t answered = 0;
    double measured;
    for (size_t i = 0; i < criteria->count; i++)
        answered +=
            criterion_judge(&criteria->items[i], outcomes, count, &measured) <= CRITERION_FAILED;
    double share = criteria->count > 0 ? (double)answered / (double)criteria->count : 1;
    account->product *= share;
    put_reason(account, "criteria_not_answered", NULL, share);
}

void confidence_put(const struct criteria *criteria, const struct outcome *const *outcomes,
                    size_t count, struct json_out *out) {
    struct account account = {out, count > 0 ? 1 : 0, 1};
    json_out_object(out);
    json_out_name(out, "because");
    json_out_array(out);
    weigh_agents(&account, outcomes, count);
    weigh_criteria(&account, criteria, outcomes, count);
    json_out_end_array(out);
    double value = account.least * account.product;
    json_out_name(out, "value");
    json_out_double(out, round(value * HUNDREDTHS) / HUNDREDTHS);
    json_out_member(out, "level", value >= 0.8 ? "high" : value >= 0.5 ? "medium" : "low");
    json_out_end_object(out);
}
