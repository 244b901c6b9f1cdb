/* risk: what the findings of one component, and of the whole target, come to. Pure. */
#ifndef AGENTS_ANALYST_RISK_H
#define AGENTS_ANALYST_RISK_H

#include "agents/analyst/ledger.h"

enum { RISK_COMPONENTS_MAX = 64 };

/* 1 less the product of 1 - severity x confidence over its findings: severity is a tenth of the
 * CVSS score, confidence 1, 0.7 or 0.4. */
struct risk_component {
    struct text component;
    double risk;
    size_t findings;
};

/* The target's is the worst component's, and a tenth for each doubling of its findings of high
 * severity and worse; at most 1. */
struct risk {
    struct risk_component components[RISK_COMPONENTS_MAX]; /* the riskiest first */
    size_t count;
    double target;
    enum severity worst; /* of what decides */
};

/* risk_of(ledger, &risk): of what is there now; views of the ledger. */
void risk_of(const struct ledger *ledger, struct risk *ret_risk);
/* risk_word(risk): "low", "medium" from .4, "high" from .7, "critical" from .9; many small findings
 * do not make a grave one: never graver than the worst of them. */
const char *risk_word(const struct risk *risk);

#endif
