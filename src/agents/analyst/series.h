/* series: each check of this session over the sessions before: what has regressed, what was fixed,
 * what changes its mind. Pure. */
#ifndef AGENTS_ANALYST_SERIES_H
#define AGENTS_ANALYST_SERIES_H

#include "agents/analyst/ledger.h"

enum {
    SERIES_MAX = 4096,
    SERIES_FLAKY_RUNS = 5, /* fewer show no habit */
    SERIES_FLAKY_FLIPS = 3 /* a fault that came and was mended flips twice */
};
#define SERIES_FLAKY_RATE 0.2 /* flips for each chance to flip */

enum series_change {
    SERIES_STEADY,
    SERIES_REGRESSED, /* passed the last time it was measured, fails now */
    SERIES_FIXED      /* the other way round */
};

struct series_check {
    struct runs_check check;
    enum series_change change;
    size_t measured, failed, flips; /* sessions, now among them */
    bool flaky;                     /* it flips often, or says so itself */
    double low, high;               /* of the share that fails, with 95 % confidence (Wilson) */
    enum severity severity;         /* the worst of its findings of now that decide */
};

struct series {
    struct series_check *checks;
    size_t count;
};

/* series_make(runs, ledger, &series): views of both. ERR_NOMEM. series_done frees. */
enum err series_make(const struct runs *runs, const struct ledger *ledger,
                     struct series *ret_series);
void series_done(struct series *series);

#endif
