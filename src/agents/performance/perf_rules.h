/* perf_rules: every performance check, as a table. */
#ifndef AGENTS_PERFORMANCE_PERF_RULES_H
#define AGENTS_PERFORMANCE_PERF_RULES_H

#include "agents/judgement.h"
#include "agents/performance/perf_facts.h"
#include "agents/rule.h"

/* perf_rules_get(index): NULL behind the last. */
const struct rule *perf_rules_get(size_t index);
/* perf_rules_judge(index, facts, judgement): runs that row's check on an initialised judgement. */
void perf_rules_judge(size_t index, const struct perf_facts *facts, struct judgement *judgement);

#endif
