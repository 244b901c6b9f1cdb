/* weight_check: judges how a page and what it loads are sent. All pure. */
#ifndef AGENTS_PERFORMANCE_WEIGHT_CHECK_H
#define AGENTS_PERFORMANCE_WEIGHT_CHECK_H

#include "agents/judgement.h"
#include "agents/performance/perf_facts.h"

#define WEIGHT_CHECK(name)                                                                         \
    void weight_check_##name(const struct perf_facts *facts, struct judgement *judgement)

WEIGHT_CHECK(compression);
WEIGHT_CHECK(keeping);
WEIGHT_CHECK(version);
WEIGHT_CHECK(redirects);

#endif
