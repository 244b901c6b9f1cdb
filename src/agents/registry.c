/* The six names, and who does the work. */
#include "agents/registry.h"

#include "agents/analyst/analyst.h"
#include "agents/analyst/analyst_rules.h"
#include "agents/junior/junior.h"
#include "agents/junior/junior_rules.h"
#include "agents/manager/manager.h"
#include "agents/manager/manager_rules.h"
#include "agents/performance/perf_rules.h"
#include "agents/performance/performance.h"
#include "agents/security/rules.h"
#include "agents/security/security.h"
#include "agents/senior/senior.h"
#include "agents/senior/senior_rules.h"
#include "agnostic/task/role.h"

/* By role; names and titles are task/role's. */
static const struct {
    enum agent_end (*run)(struct agent *agent);
    const struct rule *(*rule)(size_t index);
} WORK[ROLE__COUNT] = {
    [ROLE_QA_MANAGER] = {manager_run, manager_rules_get},
    [ROLE_SECURITY_COMPLIANCE] = {security_run, rules_get},
    [ROLE_JUNIOR_QA] = {junior_run, junior_rules_get},
    [ROLE_SENIOR_QA] = {senior_run, senior_rules_get},
    [ROLE_PERFORMANCE] = {performance_run, perf_rules_get},
    [ROLE_QA_ANALYST] = {analyst_run, analyst_rules_get},
};

bool registry_at(size_t index, struct agent_row *ret_row) {
    if (index >= ROLE__COUNT)
        return false;
    *ret_row = (struct agent_row){.name = role_name((enum role)index),
                                  .title = role_title((enum role)index),
                                  .run = WORK[index].run,
                                  .rule = WORK[index].rule};
    return true;
}

bool registry_find(const char *name, struct agent_row *ret_row) {
    enum role role;
    return role_read(text_of(name), &role) && registry_at(role, ret_row);
}
