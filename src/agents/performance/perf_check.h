/* perf_check: the small functions that judge, one per row of the table in perf_rules.c. All pure.
 */
#ifndef AGENTS_PERFORMANCE_PERF_CHECK_H
#define AGENTS_PERFORMANCE_PERF_CHECK_H

#include "agents/judgement.h"
#include "agents/performance/perf_facts.h"

#define PERF_CHECK(name)                                                                           \
    void perf_check_##name(const struct perf_facts *facts, struct judgement *judgement)

PERF_CHECK(answers);
PERF_CHECK(latency);
PERF_CHECK(sample);
PERF_CHECK(throughput);
PERF_CHECK(errors);
PERF_CHECK(apdex);
PERF_CHECK(regression);
PERF_CHECK(saturation);
PERF_CHECK(stability);
PERF_CHECK(recovery);
PERF_CHECK(spike);

#endif
