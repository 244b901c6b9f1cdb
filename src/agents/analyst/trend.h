/* trend: where measured numbers go over sessions. Pure. */
#ifndef AGENTS_ANALYST_TREND_H
#define AGENTS_ANALYST_TREND_H

#include "agents/analyst/runs.h"

enum {
    TREND_SESSIONS_MIN = 6 /* fewer show no trend at 5 % that is worth the name */
};
#define TREND_P_MAX 0.05
#define TREND_CHANGE_MIN 0.10 /* of the median, over the sessions looked at */

enum trend_way { TREND_UNKNOWN, TREND_STABLE, TREND_IMPROVING, TREND_WORSENING };

struct trend {
    const char *metric, *unit;
    size_t sessions;
    double now, slope; /* per session, Theil and Sen's */
    double p;          /* of no trend, Mann and Kendall's */
    enum trend_way way;
};

/* trend_at(runs, index, &trend): the index-th metric that is followed, over the sessions that have
 * it and rest on a similar number of values as now; false behind the last. UNKNOWN: too few. */
bool trend_at(const struct runs *runs, size_t index, struct trend *ret_trend);
/* "no_history", "stable", "improving", "worsening" */
const char *trend_word(enum trend_way way);

#endif
