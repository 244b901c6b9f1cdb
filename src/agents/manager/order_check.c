/* Judges an order by what its agents can do. */
#include "agents/manager/order_check.h"

#include "agents/standards.h"

static struct text order_text(const struct json *object, const char *name) {
    return text_of(json_str(json_get(object, name), ""));
}

/* Passed so far; skipped when there are none. */
static const struct json *order_criteria(const struct order_facts *facts,
                                         struct judgement *judgement) {
    const struct json *criteria = json_get(facts->task->root, "criteria");
    if (json_count(criteria) == 0)
        judgement_skip(judgement, "no_criteria");
    else
        judgement_pass(judgement);
    return criteria;
}

/* --- is every criterion understood? -------------------------------------------------------------
 */

void order_check_understood(const struct order_facts *facts, struct judgement *judgement) {
    const struct json *criteria = order_criteria(facts, judgement);
    for (size_t i = 0; i < json_count(criteria); i++) {
        const struct json *criterion = json_at(criteria, i);
        if (text_is(order_text(criterion, "kind"), "unmapped"))
            judgement_fault(judgement, 0, facts->place, "%.*s of %.*s: %.*s",
                            JUDGEMENT_VALUE(order_text(criterion, "id")),
                            JUDGEMENT_VALUE(order_text(criterion, "field")),
                            JUDGEMENT_VALUE(order_text(criterion, "text")));
    }
}

/* --- is every criterion measured by somebody who was chosen? -------------------------------------
 */

/* Whose checks measure it, as what their ids begin with. */
static const struct {
    const char *metric, *checks;
} METRICS[] = {{"perf.", "PERF-"}, {"functional.", "FUN-"}};

static bool order_measures_metric(const struct order_facts *facts, struct text metric) {
    for (size_t i = 0; i < sizeof(METRICS) / sizeof(METRICS[0]); i++)
        if (text_starts(metric, text_of(METRICS[i].metric)))
            return scenarios_have(facts->scenarios, text_of(METRICS[i].checks));
    return false;
}

static bool order_measures_checks(const struct order_facts *facts, const struct json *checks) {
    struct text prefix;
    for (size_t i = 0; i < json_count(checks); i++)
        if (json_text(json_at(checks, i), &prefix) && !scenarios_have(facts->scenarios, prefix))
            return false;
    return true;
}

static bool order_measures(const struct order_facts *facts, const struct json *criterion) {
    struct text kind = order_text(criterion, "kind");
    if (text_is(kind, "metric"))
        return order_measures_metric(facts, order_text(criterion, "metric"));
    if (text_is(kind, "checks"))
        return order_measures_checks(facts, json_get(criterion, "checks"));
    if (text_is(kind, "standard"))
        return scenarios_concern(facts->scenarios, json_str(json_get(criterion, "standard"), ""));
    return true;
}

void order_check_measured(const struct order_facts *facts, struct judgement *judgement) {
    const struct json *criteria = order_criteria(facts, judgement);
    for (size_t i = 0; i < json_count(criteria); i++) {
        const struct json *criterion = json_at(criteria, i);
        if (!order_measures(facts, criterion))
            judgement_fault(judgement, 0, facts->place,
                            "%.*s is measured by no agent of ours that was chosen: %.*s",
                            JUDGEMENT_VALUE(order_text(criterion, "id")),
                            JUDGEMENT_VALUE(order_text(criterion, "text")));
    }
}

/* --- is every standard concerned by a check? -----------------------------------------------------
 */

void order_check_standards(const struct order_facts *facts, struct judgement *judgement) {
    const struct json *standards = facts->task->standards;
    struct text written;
    if (json_count(standards) == 0) {
        judgement_skip(judgement, "no_standards");
        return;
    }
    judgement_pass(judgement);
    for (size_t i = 0; i < json_count(standards); i++) {
        const char *name =
            json_text(json_at(standards, i), &written) ? standards_name(written) : NULL;
        if (name == NULL || !scenarios_concern(facts->scenarios, name))
            judgement_fault(judgement, 0, facts->place, "%.*s: %s", JUDGEMENT_VALUE(written),
                            name == NULL ? "no such standard is known"
                                         : "no check that is planned concerns it");
    }
}
