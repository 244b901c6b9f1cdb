/* analysis: all that is known once sessions are compared, for checks to judge and for the document.
 */
#ifndef AGENTS_ANALYST_ANALYSIS_H
#define AGENTS_ANALYST_ANALYSIS_H

#include "agents/analyst/risk.h"
#include "agents/analyst/series.h"
#include "agents/analyst/trend.h"
#include "agents/finding.h"

enum { ANALYSIS_OWN_MAX = 8 };

/* A finding of the analyst's own, which the ledger does not have. */
struct analysis_own {
    const char *check_id;
    char fingerprint[FINDING_FINGERPRINT_SIZE];
    enum ledger_state state;
};

struct analysis {
    struct runs runs;
    struct ledger ledger;
    struct series series;
    struct risk risk;
    const struct json *criteria; /* of now, judged */
    const char *place;           /* the target's URL, or "task" */
    struct analysis_own own[ANALYSIS_OWN_MAX];
    size_t own_count;
};

#endif
