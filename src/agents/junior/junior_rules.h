/* junior_rules: the one table of functional checks. */
#ifndef AGENTS_JUNIOR_JUNIOR_RULES_H
#define AGENTS_JUNIOR_JUNIOR_RULES_H

#include "agents/judgement.h"
#include "agents/junior/site.h"
#include "agents/rule.h"

/* junior_rules_get(index): NULL behind the last row. */
const struct rule *junior_rules_get(size_t index);
/* junior_rules_is_users(index): that of a client's own checks, each of which is told by itself. */
bool junior_rules_is_users(size_t index);
void junior_rules_judge(size_t index, const struct site *site, struct judgement *judgement);

#endif
