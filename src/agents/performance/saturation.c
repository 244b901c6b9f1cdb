/* The search for the highest rate that is answered well. */
#include <math.h>

#include "agents/performance/surge.h"
#include "agnostic/base/time.h"

enum { PAUSE_MS = 300, CLOSE_PERCENT = 5, ERRORS_PERCENT = 1, ACHIEVED_PERCENT = 95 };

static bool saturation_holds(const struct load *load) {
    int64_t bad = load_errors(load) + load->throttled;
    return load->end == LOAD_WHOLE && bad * 100 <= ERRORS_PERCENT * load->offered &&
           load->answered * 100 >= ACHIEVED_PERCENT * load->offered &&
           histogram_percentile(load->response, 99) <= SURGE_P99_MAX_US;
}

/* The rate to try next; 0: it is found. */
static int64_t saturation_next(const struct saturation *found, int64_t rate, int64_t max_rps) {
    int64_t next = found->exceeded == 0 ? rate + (rate + 1) / 2
                   : found->sustained == 0
                       ? rate * 2 / 3
                       : (int64_t)sqrt((double)found->sustained * (double)found->exceeded);
    if (next > max_rps)
        next = max_rps;
    bool close = found->sustained > 0 && found->exceeded > 0 &&
                 found->exceeded * 100 <= found->sustained * (100 + CLOSE_PERCENT);
    return close || next == found->sustained || next == found->exceeded ? 0 : next;
}

static enum err saturation_try(const struct surge_plan *plan, int64_t rate,
                               struct saturation *found, struct fault *ret_fault) {
    struct load *load;
    const struct load_plan step = {.mix = plan->mix,
                                   .version = plan->version,
                                   .rate = rate,
                                   .warmup_ms = SURGE_STEP_WARMUP_MS,
                                   .duration_ms = SURGE_STEP_MS,
                                   .satisfied_us = SURGE_P99_MAX_US,
                                   .tick = plan->tick,
                                   .ctx = plan->ctx};
    enum err err = load_run(&step, plan->gate, &load, ret_fault);
    if (err != ERR_OK)
        return err;
    found->steps++;
    found->requests += load->requests;
    found->is_done = surge_is_done(load);
    if (saturation_holds(load))
        found->sustained = rate;
    else if (load_saturated(load))
        found->end = SATURATION_OWN;
    else
        found->exceeded = rate;
    load_free(load);
    return ERR_OK;
}

enum err saturation_search(const struct surge_plan *plan, struct saturation *ret_saturation,
                           struct fault *ret_fault) {
    struct saturation found = {.end = SATURATION_CUT_SHORT};
    int64_t end_ms = time_mono_ms() + SURGE_SEARCH_MS, rate = plan->rate;
    enum err err = ERR_OK;
    while (err == ERR_OK && rate > 0 && !found.is_done && found.end == SATURATION_CUT_SHORT &&
           time_mono_ms() + SURGE_STEP_WARMUP_MS + SURGE_STEP_MS < end_ms &&
           found.requests + rate * (SURGE_STEP_WARMUP_MS + SURGE_STEP_MS) / 1000 <
               plan->max_requests) {
        if (found.steps > 0)
            time_sleep_ms(PAUSE_MS);
        err = saturation_try(plan, rate, &found, ret_fault);
        rate = saturation_next(&found, rate, plan->max_rps);
        if (rate == 0 && !found.is_done && found.end == SATURATION_CUT_SHORT)
            found.end = found.exceeded > 0 ? SATURATION_FOUND : SATURATION_CAPPED;
    }
    if (err == ERR_OK)
        *ret_saturation = found;
    return err;
}
