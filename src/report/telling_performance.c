/* How fast the target answered, against ADR-024's bounds. */
#include <math.h>
#include <stdio.h>

#include "report/telling.h"

static const double ERROR_RATE_MAX_PERCENT = 5, DEGRADATION_MAX = 2;

/* Of the first agent that measured it. */
static double metric(const struct telling *telling, const char *name) {
    const struct session_view_agent *agent;
    double value = NAN;
    for (size_t at = 0; isnan(value) && (agent = telling_agent(telling, &at)) != NULL;)
        value = session_view_metric(agent, name);
    return value;
}

void telling_put_performance(struct telling *telling) {
    static const char *const TIMES[][2] = {{"p50", "perf.latency.p50_ms"},
                                           {"p95", "perf.latency.p95_ms"},
                                           {"p99", "perf.latency.p99_ms"},
                                           {"avg", "perf.latency.mean_ms"}};
    struct json_out *out = telling->out;
    json_out_name(out, "response_times");
    json_out_object(out);
    for (size_t i = 0; i < sizeof(TIMES) / sizeof(TIMES[0]); i++)
        telling_number(out, TIMES[i][0], metric(telling, TIMES[i][1]));
    json_out_end_object(out);
    telling_number(out, "throughput", metric(telling, "perf.throughput.rps"));
    telling_number(out, "error_rate", 100 * metric(telling, "perf.error_rate"));
    telling_value(out, "regression_detected", telling_data(telling, "regression_detected"));
    telling_value(out, "previous_score", telling_data(telling, "previous_score"));
}

void telling_act_on_performance(struct telling *telling) {
    static const struct telling_issue ISSUE = {"high", "performance", "reliability"};
    double errors = 100 * metric(telling, "perf.error_rate"), before = NAN;
    double p95 = metric(telling, "perf.latency.p95_ms");
    char text[TELLING_SENTENCE_SIZE];
    (void)json_number(telling_data(telling, "previous_score"), &before);
    if (errors > ERROR_RATE_MAX_PERCENT) {
        snprintf(text, sizeof(text), "[PERFORMANCE] Error rate above threshold: %.1f%%", errors);
        telling_issue(telling, &ISSUE, text, text_of(text));
    }
    if (before > 0 && p95 > DEGRADATION_MAX * before) {
        snprintf(text, sizeof(text), "p95 went from %.6g to %.6g ms", before, p95);
        telling_block(telling, text);
        json_out_end_object(telling->out);
    }
}
