/* tally: what the checks of one run came to, and the score they add up to. Pure. */
#ifndef AGENTS_TALLY_H
#define AGENTS_TALLY_H

#include "agents/judgement.h"
#include "agents/rule.h"

enum { TALLY_ROWS_MAX = 256 };

struct tally_row {
    const struct rule *rule;
    enum judgement_status status;
    size_t variant; /* of the rule, when failed */
    double weight;  /* of the finding, when failed */
};

/* Zeroed: nothing was checked. */
struct tally {
    struct tally_row rows[TALLY_ROWS_MAX]; /* more are left out */
    size_t count;
};

/* tally_add(tally, rule, judgement, non_public): judgement NULL: the check was not carried out. */
void tally_add(struct tally *tally, const struct rule *rule, const struct judgement *judgement,
               bool non_public);

/* tally_score(tally): 1 less .15, .10, .05, .02 for each critical, high, medium, low finding, by
 * its weight; not below 0 (the deductions of the original). */
double tally_score(const struct tally *tally);

/* tally_level(score): "low", "medium", "high", "critical" risk, as the original bands it. */
const char *tally_level(double score);

#endif
