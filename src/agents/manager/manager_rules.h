/* manager_rules: the one table of what is judged about an order. */
#ifndef AGENTS_MANAGER_MANAGER_RULES_H
#define AGENTS_MANAGER_MANAGER_RULES_H

#include "agents/manager/order_check.h"
#include "agents/rule.h"

/* manager_rules_get(index): NULL behind the last row. */
const struct rule *manager_rules_get(size_t index);
void manager_rules_judge(size_t index, const struct order_facts *facts,
                         struct judgement *judgement);

#endif
