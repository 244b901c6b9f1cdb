/* Adds up probabilities. Knows no check by name. */
#include "agents/analyst/risk.h"

#include <math.h>
#include <stdlib.h>

/* Where no score was given: the middle of each band. */
static const double SCORES[SEVERITY__COUNT] = {9.5, 8.0, 5.5, 2.0, 0};
static const double HIGH_WEIGHT = 0.1;

static double risk_confidence(const struct json *finding) {
    static const struct {
        const char *word;
        double confidence;
    } WORDS[] = {{"medium", 0.7}, {"low", 0.4}};
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (text_is(runs_text(finding, "confidence"), WORDS[i].word))
            return WORDS[i].confidence;
    return 1;
}

static double risk_of_entry(const struct ledger_entry *entry) {
    double score = SCORES[entry->severity];
    (void)json_number(json_get(entry->finding, "cvss_score"), &score);
    return fmin(fmax(score, 0), 10) / 10 * risk_confidence(entry->finding);
}

static struct risk_component *risk_component(struct risk *risk, struct text component) {
    for (size_t i = 0; i < risk->count; i++)
        if (text_eq(risk->components[i].component, component))
            return &risk->components[i];
    if (risk->count == RISK_COMPONENTS_MAX)
        return &risk->components[RISK_COMPONENTS_MAX - 1];
    risk->components[risk->count] = (struct risk_component){.component = component};
    return &risk->components[risk->count++];
}

static int risk_order(const void *a, const void *b) {
    const struct risk_component *x = a, *y = b;
    if (x->risk != y->risk)
        return x->risk > y->risk ? -1 : 1;
    return text_order(x->component, y->component);
}

void risk_of(const struct ledger *ledger, struct risk *ret_risk) {
    size_t grave = 0;
    *ret_risk = (struct risk){.worst = SEVERITY_INFO};
    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->entries[i];
        if (entry->state == LEDGER_ABSENT || entry->advisory)
            continue;
        struct risk_component *component = risk_component(ret_risk, entry->check.component);
        component->risk = 1 - (1 - component->risk) * (1 - risk_of_entry(entry));
        component->findings++;
        if (entry->severity < ret_risk->worst)
            ret_risk->worst = entry->severity;
        grave += entry->severity <= SEVERITY_HIGH;
    }
    qsort(ret_risk->components, ret_risk->count, sizeof(ret_risk->components[0]), risk_order);
    double worst = ret_risk->count > 0 ? ret_risk->components[0].risk : 0;
    ret_risk->target = fmin(1, worst + (grave > 0 ? HIGH_WEIGHT * log2((double)grave) : 0));
}

const char *risk_word(const struct risk *risk) {
    static const struct {
        double from;
        enum severity severity;
    } BANDS[] = {{.9, SEVERITY_CRITICAL}, {.7, SEVERITY_HIGH}, {.4, SEVERITY_MEDIUM}};
    for (size_t i = 0; i < sizeof(BANDS) / sizeof(BANDS[0]); i++)
        if (risk->target >= BANDS[i].from && risk->worst <= BANDS[i].severity)
            return severity_word(BANDS[i].severity);
    return severity_word(SEVERITY_LOW);
}
