/* senior_check: the small functions that judge what was seen, one per row of senior_rules.c. All
 * pure. */
#ifndef AGENTS_SENIOR_SENIOR_CHECK_H
#define AGENTS_SENIOR_SENIOR_CHECK_H

#include "agents/judgement.h"
#include "agents/senior/senior_facts.h"

#define SENIOR_CHECK(name)                                                                         \
    void senior_check_##name(const struct senior_facts *facts, struct judgement *judgement)

SENIOR_CHECK(head);
SENIOR_CHECK(validators);
SENIOR_CHECK(ranges);
SENIOR_CHECK(unknown);
SENIOR_CHECK(media);
SENIOR_CHECK(forms);
SENIOR_CHECK(sizes);
SENIOR_CHECK(steady);
SENIOR_CHECK(crowd);
SENIOR_CHECK(slow);
SENIOR_CHECK(edges);
SENIOR_CHECK(api_wrong);
SENIOR_CHECK(api_right);
SENIOR_CHECK(api_methods);
SENIOR_CHECK(api_answers);
SENIOR_CHECK(api_callers);
SENIOR_CHECK(api_life);

#endif
