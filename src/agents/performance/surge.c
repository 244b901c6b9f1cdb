/* A burst of load, and how the usual load is answered behind it. */
#include "agents/performance/surge.h"

#include <stdlib.h>

enum { SLACK_US = 5000 /* less is noise */ };

static int surge_by_time(const void *a, const void *b) {
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Was this second answered as before? Its samples are put in order. */
static bool surge_is_calm(uint32_t *samples, size_t count, int64_t p95_us) {
    int64_t limit =
        p95_us + p95_us / 2 > p95_us + SLACK_US ? p95_us + p95_us / 2 : p95_us + SLACK_US;
    for (size_t i = 0; i < count; i++)
        if (samples[i] == 0)
            return false;
    qsort(samples, count, sizeof(samples[0]), surge_by_time);
    return count > 0 && samples[(count * 95 - 1) / 100] <= limit;
}

/* The first such second of a load, or -1. */
static int64_t surge_calm_second(const struct load *load, int64_t rate, int64_t p95_us) {
    for (int64_t second = 0; (second + 1) * rate <= load->offered; second++)
        if (surge_is_calm(load->samples + second * rate, (size_t)rate, p95_us))
            return second;
    return -1;
}

static enum err surge_load(const struct surge_plan *plan, int64_t rate, int64_t ms,
                           struct load **ret_load, struct fault *ret_fault) {
    const struct load_plan load = {.mix = plan->mix,
                                   .version = plan->version,
                                   .rate = rate,
                                   .duration_ms = ms,
                                   .satisfied_us = SURGE_P99_MAX_US,
                                   .tick = plan->tick,
                                   .ctx = plan->ctx};
    return load_run(&load, plan->gate, ret_load, ret_fault);
}

bool surge_is_done(const struct load *load) {
    return load->end == LOAD_ASKED_TO_GO || load->end == LOAD_REFUSED || load->end == LOAD_SILENT;
}

int64_t surge_requests(const struct surge_plan *plan, int64_t rate, int64_t patience_s) {
    return rate * SURGE_MS / 1000 + plan->rate * patience_s;
}

static enum err surge_recover(const struct surge_plan *plan, int64_t patience_s,
                              struct surge *surge, struct fault *ret_fault) {
    enum err err = ERR_OK;
    for (int64_t passed_s = 0;
         err == ERR_OK && passed_s < patience_s && surge->recovered_s < 0 && !surge->is_done;
         passed_s += SURGE_CALM_MS / 1000) {
        struct load *load;
        err = surge_load(plan, plan->rate, SURGE_CALM_MS, &load, ret_fault);
        if (err != ERR_OK)
            break;
        int64_t second = surge_calm_second(load, plan->rate, plan->p95_us);
        if (second >= 0)
            surge->recovered_s = passed_s + second;
        surge->requests += load->requests;
        surge->is_done = surge_is_done(load);
        load_free(load);
    }
    return err;
}

enum err surge_run(const struct surge_plan *plan, int64_t rate, int64_t patience_s,
                   struct surge *ret_surge, struct fault *ret_fault) {
    struct surge surge = {.asked = true, .rate = rate, .recovered_s = -1};
    struct load *load;
    enum err err = surge_load(plan, rate, SURGE_MS, &load, ret_fault);
    if (err != ERR_OK)
        return err;
    surge.errors = load->offered > 0 ? (double)load_errors(load) / (double)load->offered : 0;
    surge.requests = load->requests;
    surge.is_done = surge_is_done(load);
    load_free(load);
    if (!surge.is_done)
        err = surge_recover(plan, patience_s, &surge, ret_fault);
    if (err == ERR_OK)
        *ret_surge = surge;
    return err;
}
