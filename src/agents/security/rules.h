/* rules: the table of the security agent's checks. */
#ifndef AGENTS_SECURITY_RULES_H
#define AGENTS_SECURITY_RULES_H

#include "agents/judgement.h"
#include "agents/rule.h"
#include "agents/security/facts.h"

/* rules_get(index): rows in order, NULL behind the last. */
const struct rule *rules_get(size_t index);
/* rules_judge(index, facts, judgement): carries out the check of row index. Pure. */
void rules_judge(size_t index, const struct facts *facts, struct judgement *judgement);

#endif
