/* surge: more load than usual, and how long the usual one takes to be as good as before. And the
 * search for the most that is answered well. Both send what would harm a small server: only where
 * it was asked for and is permitted. */
#ifndef AGENTS_PERFORMANCE_SURGE_H
#define AGENTS_PERFORMANCE_SURGE_H

#include "agents/performance/load.h"

enum {
    SURGE_MS = 3000,      /* of the higher load */
    SURGE_CALM_MS = 5000, /* pieces of the usual load behind it */
    SURGE_STEP_WARMUP_MS = 500,
    SURGE_STEP_MS = 2500,    /* of each rate that is tried */
    SURGE_SEARCH_MS = 60000, /* of the search in all */
    SURGE_P99_MAX_US = 1000000,
    SURGE_RATE_FACTOR = 5 /* of a spike, over the usual rate */
};

/* What both need. */
struct surge_plan {
    const struct mix *mix;
    enum http_version version;
    const struct gate *gate;
    int64_t rate;         /* the usual one */
    int64_t max_rps;      /* permitted */
    int64_t max_requests; /* that may still be sent */
    int64_t p95_us;       /* at the usual rate, before */
    void (*tick)(void *ctx, const struct load *load);
    void *ctx;
};

enum saturation_end {
    SATURATION_NOT_ASKED,
    SATURATION_FOUND,     /* between sustained and exceeded */
    SATURATION_CAPPED,    /* all that is permitted is sustained */
    SATURATION_CUT_SHORT, /* time or requests are used up */
    SATURATION_OWN        /* the generator itself was late */
};
struct saturation {
    enum saturation_end end;
    int64_t sustained; /* requests a second: the highest rate that was answered well, 0: none */
    int64_t exceeded;  /* the lowest that was not, 0: none */
    int64_t requests;
    size_t steps;
    bool is_done; /* the target asked to be left alone, or fell silent: nothing more is sent */
};

/* saturation_search(plan, &saturation, &fault): rates from plan->rate on, half as much again each
 * time, then between the last that held and the first that did not, until they are 5 % apart. A
 * rate holds when p99 is at most SURGE_P99_MAX_US, at most 1 % fail or are turned away, and 95 %
 * are answered. Errors as of load_run. */
enum err saturation_search(const struct surge_plan *plan, struct saturation *ret_saturation,
                           struct fault *ret_fault);

struct surge {
    bool asked;
    bool is_done;        /* as of saturation: the usual load was not sent behind it */
    int64_t rate;        /* while it lasted */
    double errors;       /* share that failed then */
    int64_t recovered_s; /* until a second was within 1.5 times plan->p95_us; -1: not in time */
    int64_t requests;
};

/* surge_is_done(load): does the target bear no more: Retry-After, silence, a refusal? */
bool surge_is_done(const struct load *load);
/* surge_requests(plan, rate, patience_s): how many surge_run sends at most. */
int64_t surge_requests(const struct surge_plan *plan, int64_t rate, int64_t patience_s);
/* surge_run(plan, rate, patience_s, &surge, &fault): `rate` for SURGE_MS, then the usual one until
 * it is answered as before, at most patience_s. Errors as of load_run. */
enum err surge_run(const struct surge_plan *plan, int64_t rate, int64_t patience_s,
                   struct surge *ret_surge, struct fault *ret_fault);

#endif
