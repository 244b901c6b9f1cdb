/* access_rules: the one table of what is judged about accessibility, in the order of html_access.
 */
#ifndef AGENTS_SENIOR_ACCESS_RULES_H
#define AGENTS_SENIOR_ACCESS_RULES_H

#include "agents/rule.h"

/* access_rules_get(index): NULL behind the last row. */
const struct rule *access_rules_get(size_t index);

#endif
