/* senior_rules: the one table of checks of manners and edges, and behind it that of accessibility.
 */
#ifndef AGENTS_SENIOR_SENIOR_RULES_H
#define AGENTS_SENIOR_SENIOR_RULES_H

#include "agents/judgement.h"
#include "agents/rule.h"
#include "agents/senior/senior_facts.h"

/* senior_rules_get(index): NULL behind the last row. */
const struct rule *senior_rules_get(size_t index);
void senior_rules_judge(size_t index, const struct senior_facts *facts,
                        struct judgement *judgement);

#endif
