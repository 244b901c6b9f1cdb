/* analyst_rules: the one table of what is judged about sessions as a whole. */
#ifndef AGENTS_ANALYST_ANALYST_RULES_H
#define AGENTS_ANALYST_ANALYST_RULES_H

#include "agents/analyst/analysis.h"
#include "agents/judgement.h"
#include "agents/rule.h"

/* analyst_rules_get(index): NULL behind the last row. */
const struct rule *analyst_rules_get(size_t index);
void analyst_rules_judge(size_t index, const struct analysis *analysis,
                         struct judgement *judgement);

#endif
