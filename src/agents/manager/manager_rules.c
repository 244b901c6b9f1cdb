/* The table: as security's. Nothing here is the target's fault, so nothing decides a verdict. */
#include "agents/manager/manager_rules.h"

#define ASK_BETTER "CWE-1059"

struct manager_row {
    struct rule rule;
    void (*judge)(const struct order_facts *facts, struct judgement *judgement);
};

static const struct manager_row ROWS[] = {
    /* clang-format off */
    {{"MGR-01", RULE_PASSIVE, ASK_BETTER, "",
     "What is not understood is not tested, and never counts as met.",
     "Word it as in the README's table of criteria: \"p95 under 500 ms\", \"no broken links\".", NULL,
     {{"info", "Sentences of the order that are not understood"}}, RULE_FUNCTIONAL},
     order_check_understood},
    {{"MGR-02", RULE_PASSIVE, ASK_BETTER, "",
     "Nobody who works on this task measures it, so it will not count as met.",
     "Choose the agent that measures it, or all of them.", NULL,
     {{"info", "Criteria that no chosen agent measures"}}, RULE_FUNCTIONAL},
     order_check_measured},
    {{"MGR-03", RULE_PASSIVE, ASK_BETTER, "",
     "The report will say nothing of it.",
     "Choose the agents that test it; agnostic-agent --list --json names the standards of each check.",
     NULL,
     {{"info", "Standards of the order that no check concerns"}}, RULE_FUNCTIONAL},
     order_check_standards},
    /* clang-format on */
};
enum { ROW_COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };

const struct rule *manager_rules_get(size_t index) {
    return index < ROW_COUNT ? &ROWS[index].rule : NULL;
}

void manager_rules_judge(size_t index, const struct order_facts *facts,
                         struct judgement *judgement) {
    ROWS[index].judge(facts, judgement);
}
