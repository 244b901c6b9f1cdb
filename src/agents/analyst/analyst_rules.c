/* The table: as security's. */
#include "agents/analyst/analyst_rules.h"

#include "agents/analyst/analyst_check.h"

#define KEEPS "ISO25010:8.2"
#define NIST_TRENDS "https://www.itl.nist.gov/div898/handbook/"

struct analyst_row {
    struct rule rule;
    void (*judge)(const struct analysis *analysis, struct judgement *judgement);
};

static const struct analyst_row ROWS[] = {
    /* clang-format off */
    {{"ANA-03", RULE_PASSIVE, "CWE-1059", KEEPS,
     "What worked in the session before does not any more: a change since then broke it.",
     "Look at what changed since that session; the findings of the checks that are named say what.",
     NULL,
     {{"critical", "Checks that passed before fail now, one of them with a critical finding"},
      {"high", "Checks that passed before fail now, one of them with a high finding"},
      {"medium", "Checks that passed before fail now, one of them with a medium finding"},
      {"low", "Checks that passed before fail now"}}, RULE_REGRESSION},
     analyst_check_regressions},
    {{"ANA-04", RULE_PASSIVE, "CWE-1059", KEEPS,
     "A result that changes from session to session says little in this one.",
     "Find out what the result depends on; until then take neither of them for granted.",
     NULL,
     {{"medium", "Checks change their result from session to session"}}, RULE_FUNCTIONAL},
     analyst_check_flaky},
    {{"ANA-05", RULE_PASSIVE, "CWE-1059", KEEPS,
     "Small steps the wrong way that no comparison of two sessions shows.",
     "Compare with the first of these sessions: what has been added since?", NIST_TRENDS,
     {{"medium", "A measured number grows from session to session"}}, RULE_REGRESSION},
     analyst_check_trends},
    {{"ANA-07", RULE_PASSIVE, "CWE-1059", "",
     "Whether it is met was not shown: it was not understood, or no agent that ran measures it.",
     "Word it as in the README's table of criteria, and choose the agent that measures it.", NULL,
     {{"info", "Criteria that no check of this session answers"}}, RULE_FUNCTIONAL},
     analyst_check_traceability},
    /* clang-format on */
};
enum { ROW_COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };

const struct rule *analyst_rules_get(size_t index) {
    return index < ROW_COUNT ? &ROWS[index].rule : NULL;
}

void analyst_rules_judge(size_t index, const struct analysis *analysis,
                         struct judgement *judgement) {
    ROWS[index].judge(analysis, judgement);
}
