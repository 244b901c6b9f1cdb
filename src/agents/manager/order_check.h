/* order_check: what can be said of an order before anything is tested; one function per row of
 * manager_rules.c. Pure. */
#ifndef AGENTS_MANAGER_ORDER_CHECK_H
#define AGENTS_MANAGER_ORDER_CHECK_H

#include "agents/judgement.h"
#include "agents/manager/scenario.h"

/* What they judge. */
struct order_facts {
    const struct agent_task *task;
    const struct scenarios *scenarios;
    const char *place; /* the target's URL, or "task" */
};

#define ORDER_CHECK(name)                                                                          \
    void order_check_##name(const struct order_facts *facts, struct judgement *judgement)

ORDER_CHECK(understood);
ORDER_CHECK(measured);
ORDER_CHECK(standards);

#endif
