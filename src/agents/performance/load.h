/* load: requests at a constant rate, whether or not earlier ones were answered. Arrival k is due
 * at t0 + k/rate; its response time runs from that moment, so that waiting for a connection, or for
 * a server that stands still, counts. */
#ifndef AGENTS_PERFORMANCE_LOAD_H
#define AGENTS_PERFORMANCE_LOAD_H

#include "agents/performance/histogram.h"
#include "agents/performance/mix.h"
#include "agnostic/probe/http_many.h"

enum {
    LOAD_IN_FLIGHT_MAX = 256,
    LOAD_TIMEOUT_MS = 10000, /* of one request once begun, and of waiting to be begun */
    LOAD_SILENCE_MS = 5000,  /* without any answer: the load ends */
    LOAD_ARRIVALS_MAX = 10000000
};

enum load_end {
    LOAD_WHOLE,
    LOAD_SILENT,      /* LOAD_SILENCE_MS without any answer to what was waiting */
    LOAD_ERRORS,      /* more than half of what ended within 2 s had failed */
    LOAD_ASKED_TO_GO, /* 429 or 503 with Retry-After */
    LOAD_REFUSED,     /* by the gate */
    LOAD_END__COUNT
};
const char *load_end_word(enum load_end end);

struct load;

struct load_plan {
    const struct mix *mix;
    enum http_version version;
    int64_t rate;                   /* arrivals a second */
    int64_t warmup_ms, duration_ms; /* duration_ms is measured, after warmup_ms that is not */
    int64_t satisfied_us;           /* T of Apdex; up to 4 T is tolerated */
    void (*tick)(void *ctx, const struct load *load); /* once a second; or NULL */
    void *ctx;
};

/* Of one entry of the mix. */
struct load_part {
    struct histogram *response;
    int64_t answered, errors; /* errors: as load_errors, of what was begun */
};

/* What was measured. Warm-up is in none of it. */
struct load {
    struct histogram *response; /* from due; answers, and what waited in vain with its wait */
    struct histogram *service;  /* from first byte sent; answers */
    struct histogram *lateness; /* of our own: due to begun, where a connection was free */
    uint32_t *samples;          /* response of each arrival in order, us; 0: it failed */
    int64_t offered;            /* arrivals that came due, and so what samples holds */
    int64_t requests;           /* sent, warm-up too */
    int64_t answered;           /* whole answers of any status */
    int64_t server_errors, throttled, client_errors; /* 5xx, 429, other 4xx */
    int64_t failed, timed_out, dropped; /* no connection or answer; too late; never begun */
    int64_t satisfied, tolerated;
    int64_t bytes;
    int64_t silence_us; /* longest time without an answer while something waited */
    int64_t span_us;    /* from the first arrival due to the last answer, at least the duration */
    size_t in_flight_max;
    int version;             /* 11 or 20, of the last answer */
    struct load_part *parts; /* one for each entry of the mix; NULL when it has but one */
    size_t part_count;
    enum load_end end;
    int64_t retry_after_s;
    char why[160]; /* of the first that failed */
};

/* load_run(plan, gate, &load, &fault): runs it to its end, answers that are still due included.
 * ERR_SYNTAX (url), ERR_NOMEM, ERR_IO. The caller frees with load_free. */
enum err load_run(const struct load_plan *plan, const struct gate *gate, struct load **ret_load,
                  struct fault *ret_fault);
void load_free(struct load *load);
/* load_errors(load): arrivals that failed: 5xx, no answer, too late, never begun. */
int64_t load_errors(const struct load *load);
/* load_saturated(load): the generator itself was late; nothing may be concluded. */
bool load_saturated(const struct load *load);

#endif
