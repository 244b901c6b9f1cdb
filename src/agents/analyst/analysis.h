/* analysis: all that is known once sessions are compared, for checks to judge and for the document.
 */
#ifndef AGENTS_ANALYST_ANALYSIS_H
#define AGENTS_ANALYST_ANALYSIS_H

#include "agents/analyst/risk.h"
#include "agents/analyst/series.h"
#include "agents/analyst/trend.h"

struct analysis {
    struct runs runs;
    struct ledger ledger;
    struct series series;
    struct risk risk;
    const struct json *criteria; /* of now, judged */
    const char *place;           /* the target's URL, or "task" */
};

#endif
