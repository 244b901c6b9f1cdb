/* Groups the rules of the chosen agents. Knows no single rule. */
#include "agents/manager/scenario.h"

#include <stdio.h>
#include <string.h>

#include "agents/registry.h"
#include "agents/standards.h"

/* What ids begin with, and what that is about. */
static const struct {
    const char *prefix, *name;
} SUBJECTS[] = {
    {"SEC-TLS", "Encryption and certificate"},
    {"SEC-RED", "Redirects to and off the site"},
    {"SEC-HDR", "Security headers"},
    {"SEC-CSP", "Content security policy"},
    {"SEC-COO", "Cookies"},
    {"SEC-COR", "Cross-origin access"},
    {"SEC-MET", "Methods"},
    {"SEC-INF", "Disclosed versions and errors"},
    {"SEC-FIL", "Files that should not be public"},
    {"SEC-CON", "Content of pages"},
    {"SEC-ACT", "Reactions to odd parameters"},
    {"SEC-GDP", "Privacy"},
    {"SEC-PCI", "Payment pages"},
    {"FUN", "Pages, links and files work"},
    {"SEM", "HTTP semantics"},
    {"EDG", "Edge inputs"},
    {"A11Y-H", "Accessibility of the HTML"},
    {"PERF", "Speed under load"},
    {"MGR", "The order itself"},
    {"ANA", "Comparison with earlier sessions"},
};

/* One of the table, else up to the last dash. */
static struct text scenario_prefix(const char *id) {
    const char *dash = strrchr(id, '-');
    for (size_t i = 0; i < sizeof(SUBJECTS) / sizeof(SUBJECTS[0]); i++) {
        size_t len = strlen(SUBJECTS[i].prefix);
        if (strncmp(id, SUBJECTS[i].prefix, len) == 0 && id[len] == '-')
            return text_make(id, len);
    }
    return text_make(id, dash != NULL ? (size_t)(dash - id) : strlen(id));
}

static const char *scenario_name(struct text prefix) {
    for (size_t i = 0; i < sizeof(SUBJECTS) / sizeof(SUBJECTS[0]); i++)
        if (text_starts(prefix, text_of(SUBJECTS[i].prefix)))
            return SUBJECTS[i].name;
    return "Other checks";
}

/* --- urgency ---------------------------------------------------------------------------------- */

static bool scenario_rule_concerns(const struct rule *rule, const char *standard) {
    struct text rest = text_of(rule->standards), name, id;
    while (rule_standard_next(&rest, &name, &id))
        if (text_is(name, standard))
            return true;
    return false;
}

static bool scenario_is_wanted(const struct rule *rule, const struct json *standards) {
    struct text written;
    for (size_t i = 0; i < json_count(standards); i++) {
        const char *name =
            json_text(json_at(standards, i), &written) ? standards_name(written) : NULL;
        if (name != NULL && scenario_rule_concerns(rule, name))
            return true;
    }
    return false;
}

static enum task_priority scenario_urgency(const struct scenario *scenario, bool task_is_critical) {
    static const enum task_priority BY_SEVERITY[SEVERITY__COUNT] = {
        TASK_HIGH, TASK_HIGH, TASK_MEDIUM, TASK_LOW, TASK_LOW};
    int urgency = TASK_LOW;
    for (size_t i = 0; i < scenario->count; i++) {
        int its = (int)BY_SEVERITY[rule_severity(scenario->rules[i], 0)];
        urgency = its < urgency ? its : urgency;
    }
    urgency -= scenario->concerns_standard + task_is_critical;
    return urgency < TASK_CRITICAL ? TASK_CRITICAL : (enum task_priority)urgency;
}

/* --- making ----------------------------------------------------------------------------------- */

/* The scenario that this id belongs to, made if it is new; NULL: there is no room. */
static struct scenario *scenario_for(struct scenarios *scenarios, const char *agent,
                                     const char *rule_id) {
    char id[SCENARIO_ID_SIZE];
    struct text prefix = scenario_prefix(rule_id);
    snprintf(id, sizeof(id), "%.64s/%.*s", agent, TEXT_ARG(text_head(prefix, 24)));
    for (size_t i = 0; i < scenarios->count; i++)
        if (strcmp(scenarios->items[i].id, id) == 0)
            return &scenarios->items[i];
    if (scenarios->count == SCENARIOS_MAX)
        return NULL;
    struct scenario *scenario = &scenarios->items[scenarios->count++];
    *scenario = (struct scenario){.agent = agent, .name = scenario_name(prefix)};
    text_copy(text_of(id), scenario->id, sizeof(scenario->id));
    return scenario;
}

static void scenarios_add_agent(struct scenarios *scenarios, const struct agent_task *task,
                                const struct agent_row *row) {
    const struct rule *rule;
    for (size_t i = 0; (rule = row->rule(i)) != NULL; i++) {
        struct scenario *scenario =
            task->modes[rule->mode] ? scenario_for(scenarios, row->name, rule->id) : NULL;
        if (scenario == NULL || scenario->count == SCENARIO_RULES_MAX)
            continue;
        scenario->rules[scenario->count++] = rule;
        scenario->concerns_standard |= scenario_is_wanted(rule, task->standards);
    }
}

/* A plug-in, or an agent of others under one of the six names, tells its checks when it runs. */
static void scenarios_add_named(struct scenarios *scenarios, const struct agent_task *task,
                                struct text agent) {
    struct agent_row row;
    char name[SCENARIO_ID_SIZE];
    if (text_copy(agent, name, sizeof(name)) && registry_find(name, &row) && row.rule != NULL)
        scenarios_add_agent(scenarios, task, &row);
    else if (scenarios->unplanned_count < SCENARIO_AGENTS_MAX)
        scenarios->unplanned[scenarios->unplanned_count++] = agent;
}

void scenarios_make(const struct agent_task *task, struct scenarios *ret_scenarios) {
    const struct json *agents = json_get(task->root, "agents");
    bool critical = text_is(text_of(json_str(json_get(task->root, "priority"), "")), "critical");
    struct agent_row row;
    struct text name;
    *ret_scenarios = (struct scenarios){.count = 0};
    for (size_t i = 0; i < json_count(agents); i++)
        if (json_text(json_get(json_at(agents, i), "agent"), &name))
            scenarios_add_named(ret_scenarios, task, name);
    for (size_t i = 0; json_kind(agents) == JSON_NONE && registry_at(i, &row); i++)
        if (row.rule != NULL)
            scenarios_add_agent(ret_scenarios, task, &row);
    for (size_t i = 0; i < ret_scenarios->count; i++)
        ret_scenarios->items[i].priority = scenario_urgency(&ret_scenarios->items[i], critical);
}

/* --- asking ----------------------------------------------------------------------------------- */

static bool scenarios_any(const struct scenarios *scenarios,
                          bool (*is)(const struct rule *rule, const void *ctx), const void *ctx) {
    for (size_t i = 0; i < scenarios->count; i++)
        for (size_t k = 0; k < scenarios->items[i].count; k++)
            if (is(scenarios->items[i].rules[k], ctx))
                return true;
    return false;
}

static bool scenarios_starts(const struct rule *rule, const void *ctx) {
    const struct text *prefix = ctx;
    return text_starts(text_of(rule->id), *prefix);
}

static bool scenarios_is_about(const struct rule *rule, const void *ctx) {
    const char *standard = ctx;
    return scenario_rule_concerns(rule, standard);
}

bool scenarios_have(const struct scenarios *scenarios, struct text prefix) {
    return scenarios_any(scenarios, scenarios_starts, &prefix);
}

bool scenarios_concern(const struct scenarios *scenarios, const char *standard) {
    return scenarios_any(scenarios, scenarios_is_about, standard);
}
