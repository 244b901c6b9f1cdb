/* The metrics that a criterion may bound: the vocabulary of the grammar's rows. */
#include <math.h>

#include "agnostic/task/criterion.h"

static const struct criterion_metric METRICS[] = {
    {"perf.latency.p50_ms", false, INFINITY},
    {"perf.latency.p75_ms", false, INFINITY},
    {"perf.latency.p90_ms", false, INFINITY},
    {"perf.latency.p95_ms", false, INFINITY},
    {"perf.latency.p99_ms", false, INFINITY},
    {"perf.latency.p999_ms", false, INFINITY},
    {"perf.latency.mean_ms", false, INFINITY},
    {"perf.latency.max_ms", false, INFINITY},
    {"perf.throughput.rps", true, INFINITY},
    {"perf.error_rate", false, 1},
    {"perf.apdex", true, 1},
    {"functional.error_rate", false, 1},
};

const struct criterion_metric *criterion_metric(size_t index) {
    return index < sizeof(METRICS) / sizeof(METRICS[0]) ? &METRICS[index] : NULL;
}
