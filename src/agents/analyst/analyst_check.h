/* analyst_check: the small functions that judge an analysis, one per row of analyst_rules.c. Pure.
 */
#ifndef AGENTS_ANALYST_ANALYST_CHECK_H
#define AGENTS_ANALYST_ANALYST_CHECK_H

#include "agents/analyst/analysis.h"
#include "agents/judgement.h"

#define ANALYST_CHECK(name)                                                                        \
    void analyst_check_##name(const struct analysis *analysis, struct judgement *judgement)

ANALYST_CHECK(regressions);
ANALYST_CHECK(flaky);
ANALYST_CHECK(trends);
ANALYST_CHECK(traceability);

#endif
