/* The judgements. Nothing is concluded from a load whose generator was late itself. */
#include "agents/performance/perf_check.h"

#include <math.h>

enum {
    SAMPLES_MIN = 20,    /* fewer answers show no distribution */
    SAMPLES_P99 = 100,   /* fewer, and p99 is the slowest one */
    LAG_US = 2000000,    /* answers this long after the load are no lack of throughput */
    STALL_US = 1000000,  /* without an answer, while something waits */
    STALL_MEDIANS = 10,  /* ... and this many times what an answer takes */
    DRIFT_MIN_US = 1000, /* less is noise, whatever share it is */
    DRIFT_PERCENT = 20,
    ACHIEVED_PERCENT = 95
};

/* Is there a load to judge? Names how to see it again. */
static bool perf_need_load(const struct perf_facts *facts, struct judgement *judgement) {
    judgement_reproduce_load(judgement, facts->url_text, facts->rate, facts->duration_s);
    if (facts->load == NULL)
        judgement_not_tested(judgement, "no_load");
    else if (load_saturated(facts->load))
        judgement_not_tested(judgement, "generator_saturated");
    else if (facts->load->offered < SAMPLES_MIN)
        judgement_not_tested(judgement, "too_few_requests");
    else
        return true;
    return false;
}

static bool perf_need_times(const struct perf_facts *facts, struct judgement *judgement) {
    if (!perf_need_load(facts, judgement))
        return false;
    if (histogram_count(facts->load->response) >= SAMPLES_MIN)
        return true;
    judgement_not_tested(judgement, "too_few_answers");
    return false;
}

static double perf_ms(int64_t us) {
    return (double)us / 1000;
}

PERF_CHECK(answers) {
    const struct perf_first *first = &facts->first;
    judgement_reproduce_curl(judgement, facts->url_text, NULL);
    if (first->refused || first->asked == 0)
        judgement_not_tested(judgement, first->refused ? "target_refused" : "not_asked");
    else if (first->answered < first->asked)
        judgement_fault(judgement, 0, facts->url_text, "%zu of %zu single requests failed: %s",
                        first->asked - first->answered, first->asked, first->why);
    else if (first->status >= 400)
        judgement_fault(judgement, 1, facts->url_text, "It answers %d", first->status);
    else
        judgement_pass(judgement);
}

PERF_CHECK(latency) {
    if (!perf_need_times(facts, judgement))
        return;
    int64_t p95 = histogram_percentile(facts->load->response, 95);
    judgement_pass(judgement);
    if (p95 > PERF_P95_MAX_US)
        judgement_fault(judgement, p95 > 2 * PERF_P95_MAX_US ? 0 : 1, facts->url_text,
                        "p95 is %.1f ms at %lld/s, more than %.0f ms; n = %lld, from the due time",
                        perf_ms(p95), (long long)facts->rate, perf_ms(PERF_P95_MAX_US),
                        (long long)histogram_count(facts->load->response));
}

PERF_CHECK(sample) {
    if (!perf_need_times(facts, judgement))
        return;
    judgement_pass(judgement);
    if (histogram_count(facts->load->response) < SAMPLES_P99)
        judgement_fault(judgement, 0, facts->url_text, "%lld response times",
                        (long long)histogram_count(facts->load->response));
}

PERF_CHECK(throughput) {
    if (!perf_need_load(facts, judgement))
        return;
    const struct load *load = facts->load;
    if (load->end == LOAD_ASKED_TO_GO) {
        judgement_not_tested(judgement, load_end_word(load->end));
        return;
    }
    double duration = (double)facts->duration_s * 1e6, span = (double)(load->span_us - LAG_US);
    double share = (double)load->answered / (double)load->offered;
    if (span > duration)
        share *= duration / span;
    judgement_pass(judgement);
    if (share * 100 < ACHIEVED_PERCENT)
        judgement_fault(judgement, 0, facts->url_text, "%.1f of %lld/s were answered",
                        share * (double)facts->rate, (long long)facts->rate);
}

PERF_CHECK(errors) {
    if (!perf_need_load(facts, judgement))
        return;
    const struct load *load = facts->load;
    double percent = perf_facts_error_rate(facts) * 100;
    judgement_pass(judgement);
    if (percent > 1)
        judgement_fault(judgement, percent > 5 ? 0 : 1, facts->url_text,
                        "%.1f %% of %lld failed: %lld answered 5xx, %lld without an answer, %lld "
                        "too late, %lld never begun%s%s",
                        percent, (long long)load->offered, (long long)load->server_errors,
                        (long long)load->failed, (long long)load->timed_out,
                        (long long)load->dropped, load->why[0] != '\0' ? "; first: " : "",
                        load->why);
}

PERF_CHECK(apdex) {
    if (!perf_need_load(facts, judgement))
        return;
    double apdex = perf_facts_apdex(facts);
    judgement_pass(judgement);
    if (apdex < 0.85)
        judgement_fault(judgement,
                        apdex < 0.5   ? 0
                        : apdex < 0.7 ? 1
                                      : 2,
                        facts->url_text, "Apdex %.2f with T = %.0f ms", apdex,
                        perf_ms(PERF_SATISFIED_US));
}

PERF_CHECK(regression) {
    const struct baseline_verdict *found = &facts->comparison;
    if (!perf_need_times(facts, judgement))
        return;
    if (facts->load->end != LOAD_WHOLE)
        judgement_not_tested(judgement, load_end_word(facts->load->end));
    else if (facts->baseline == NULL)
        judgement_not_tested(judgement, "no_history");
    else if (blocks_count(facts->blocks) < SHIFT_VALUES_MIN)
        judgement_not_tested(judgement, "too_few_blocks");
    else if (found->state == BASELINE_NONE)
        judgement_not_tested(judgement, "no_comparable_session");
    else
        judgement_pass(judgement);
    if (found->state >= BASELINE_SUSPECTED)
        judgement_fault(judgement, found->state == BASELINE_CONFIRMED ? 0 : 1, facts->url_text,
                        "%s by blocks of one second: median %.1f, %.1f in %s; p = %.2g, A12 = %.2f",
                        baseline_measure_word(found->measure), found->shift.after,
                        found->shift.before, found->against, found->shift.p, found->shift.a12);
}

PERF_CHECK(stability) {
    if (!perf_need_times(facts, judgement))
        return;
    const struct load *load = facts->load;
    int64_t median = histogram_percentile(load->response, 50);
    double drift = blocks_drift_us(facts->blocks);
    judgement_pass(judgement);
    if (load->silence_us > STALL_US && load->silence_us > STALL_MEDIANS * median)
        judgement_fault(judgement, 0, facts->url_text,
                        "Nothing was answered for %.1f s while requests waited",
                        (double)load->silence_us / 1e6);
    if (fabs(drift) > DRIFT_MIN_US && fabs(drift) * 100 > DRIFT_PERCENT * (double)median)
        judgement_fault(judgement, 0, facts->url_text,
                        "The median moved by %+.1f ms over %zu blocks of one second", drift / 1000,
                        blocks_count(facts->blocks));
}

/* Was the profile asked for, permitted and carried out? */
static bool perf_need_profile(const struct perf_facts *facts, enum perf_profile profile,
                              struct judgement *judgement) {
    static const char *const NAMES[] = {"constant", "saturation", "spike"};
    judgement_reproduce_load(judgement, facts->url_text, facts->rate, facts->duration_s);
    if (facts->profile != profile) {
        judgement_skip(judgement, "not_asked");
        return false;
    }
    buf_printf(&judgement->reproduce, " --profile %s", NAMES[profile]);
    if (facts->no_profile == NULL)
        return true;
    judgement_not_tested(judgement, facts->no_profile);
    return false;
}

PERF_CHECK(saturation) {
    const struct saturation *found = &facts->saturation;
    if (!perf_need_profile(facts, PERF_SATURATION, judgement))
        return;
    if (found->end == SATURATION_OWN) {
        judgement_not_tested(judgement, "generator_saturated");
        return;
    }
    judgement_pass(judgement);
    if (found->exceeded > 0 && found->sustained < facts->rate)
        judgement_fault(judgement, 0, facts->url_text, "%lld/s are sustained, %lld/s are not",
                        (long long)found->sustained, (long long)found->exceeded);
}

PERF_CHECK(recovery) {
    const struct surge *surge = &facts->recovery;
    if (!perf_need_profile(facts, PERF_SATURATION, judgement))
        return;
    if (!surge->asked) {
        judgement_skip(judgement, "not_overloaded");
        return;
    }
    if (surge->is_done) {
        judgement_not_tested(judgement, "target_asked_to_stop");
        return;
    }
    judgement_pass(judgement);
    if (surge->recovered_s < 0)
        judgement_fault(judgement, 0, facts->url_text,
                        "%d s after %lld/s it is still slower than before", PERF_RECOVERY_S,
                        (long long)surge->rate);
}

PERF_CHECK(spike) {
    const struct surge *surge = &facts->spike;
    if (!perf_need_profile(facts, PERF_SPIKE, judgement))
        return;
    judgement_pass(judgement);
    if (surge->errors * 100 > 5)
        judgement_fault(judgement, 0, facts->url_text, "%.1f %% failed at %lld/s",
                        surge->errors * 100, (long long)surge->rate);
    if (surge->recovered_s < 0 && !surge->is_done)
        judgement_fault(judgement, 0, facts->url_text,
                        "%d s after %lld/s it is still slower than before", PERF_SPIKE_RECOVERY_S,
                        (long long)surge->rate);
}
