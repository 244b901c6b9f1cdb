/* Adds up. Knows no single rule. */
#include "agents/tally.h"

#include <math.h>

#define THOUSAND 1000.0 /* so that 1 - .05 is .95 as printed */

void tally_add(struct tally *tally, const struct rule *rule, const struct judgement *judgement,
               bool non_public) {
    if (tally->count == TALLY_ROWS_MAX)
        return;
    struct tally_row *row = &tally->rows[tally->count++];
    *row = (struct tally_row){.rule = rule, .status = JUDGEMENT_NOT_TESTED};
    if (judgement == NULL)
        return;
    row->status = judgement->status;
    row->variant = judgement->variant;
    row->weight = rule_weight(rule, non_public);
}

double tally_score(const struct tally *tally) {
    static const double DEDUCTIONS[SEVERITY__COUNT] = {[SEVERITY_CRITICAL] = .15,
                                                       [SEVERITY_HIGH] = .10,
                                                       [SEVERITY_MEDIUM] = .05,
                                                       [SEVERITY_LOW] = .02};
    double score = 1;
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        if (row->status == JUDGEMENT_FAILED)
            score -= DEDUCTIONS[rule_severity(row->rule, row->variant)] * row->weight;
    }
    return score > 0 ? round(score * THOUSAND) / THOUSAND : 0;
}

const char *tally_level(double score) {
    static const struct {
        double from;
        const char *word;
    } BANDS[] = {{.9, "low"}, {.7, "medium"}, {.5, "high"}, {0, "critical"}};
    size_t band = 0;
    while (score < BANDS[band].from)
        band++;
    return BANDS[band].word;
}
