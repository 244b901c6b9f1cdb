/* The order of work: plan, judge the order, tell. */
#include "agents/manager/manager.h"

#include <stdlib.h>

#include "agents/manager/manager_rules.h"

enum { DATA_MAX = 60 << 10 };

static const struct text NO_DATA = {NULL, 0};

/* --- the plan, with the member names of the service this one replaces ---------------------------
 */

static void manager_put_scenario(const struct scenario *scenario, struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "id", scenario->id);
    json_out_member(out, "name", scenario->name);
    json_out_member(out, "priority", task_priority_word(scenario->priority));
    json_out_member(out, "assigned_to", scenario->agent);
    json_out_member_bool(out, "concerns_standard", scenario->concerns_standard);
    json_out_name(out, "checks");
    json_out_array(out);
    for (size_t i = 0; i < scenario->count; i++)
        json_out_str(out, scenario->rules[i]->id);
    json_out_end_array(out);
    json_out_end_object(out);
}

static void manager_put_risks(const struct scenarios *scenarios, struct json_out *out) {
    json_out_name(out, "risk_areas");
    json_out_array(out);
    for (size_t i = 0; i < scenarios->count; i++)
        if (scenarios->items[i].priority <= TASK_HIGH)
            json_out_str(out, scenarios->items[i].id);
    json_out_end_array(out);
}

/* Scenarios of one agent stand together. */
static void manager_put_delegation(const struct scenarios *scenarios, struct json_out *out) {
    json_out_name(out, "agent_delegation");
    json_out_object(out);
    for (size_t i = 0; i < scenarios->count;) {
        const char *agent = scenarios->items[i].agent;
        json_out_name(out, agent);
        json_out_array(out);
        for (; i < scenarios->count && scenarios->items[i].agent == agent; i++)
            json_out_str(out, scenarios->items[i].id);
        json_out_end_array(out);
    }
    json_out_end_object(out);
}

static void manager_put_unplanned(const struct scenarios *scenarios, struct json_out *out) {
    json_out_name(out, "agents_that_plan_themselves");
    json_out_array(out);
    for (size_t i = 0; i < scenarios->unplanned_count; i++)
        json_out_text(out, scenarios->unplanned[i]);
    json_out_end_array(out);
}

static void manager_put(const struct agent_task *task, const struct scenarios *scenarios,
                        struct buf *buf) {
    struct json_out writer, *out = &writer;
    const struct json *criteria = json_get(task->root, "criteria");
    json_out_init(out, buf);
    json_out_object(out);
    json_out_name(out, "test_plan");
    json_out_object(out);
    json_out_name(out, "scenarios");
    json_out_array(out);
    for (size_t i = 0; i < scenarios->count; i++)
        manager_put_scenario(&scenarios->items[i], out);
    json_out_end_array(out);
    json_out_name(out, "acceptance_criteria");
    if (json_kind(criteria) == JSON_ARRAY)
        json_out_value(out, criteria);
    else
        json_out_raw(out, TEXT("[]"));
    manager_put_risks(scenarios, out);
    manager_put_delegation(scenarios, out);
    manager_put_unplanned(scenarios, out);
    json_out_end_object(out);
    json_out_end_object(out);
}

/* --- the order -------------------------------------------------------------------------------- */

static void manager_judge(const struct agent *agent, const struct order_facts *facts) {
    const struct rule *rule;
    for (size_t i = 0; (rule = manager_rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        judgement_init(&judgement);
        judgement_whole(&judgement, &agent->task->url);
        manager_rules_judge(i, facts, &judgement);
        lines_judgement(agent->lines, rule, &judgement, false);
        judgement_done(&judgement);
    }
}

static void manager_tell(const struct agent *agent, const struct scenarios *scenarios) {
    size_t checks = 0;
    struct buf data, summary;
    buf_init(&data, DATA_MAX);
    buf_init(&summary, DATA_MAX);
    for (size_t i = 0; i < scenarios->count; i++)
        checks += scenarios->items[i].count;
    manager_put(agent->task, scenarios, &data);
    buf_printf(&summary, "%zu scenarios of %zu checks planned", scenarios->count, checks);
    lines_result(agent->lines, LINES_COMPLETED, NULL, buf_str(&summary),
                 data.failed ? NO_DATA : buf_text(&data));
    buf_done(&summary);
    buf_done(&data);
}

enum agent_end manager_run(struct agent *agent) {
    struct scenarios *scenarios = calloc(1, sizeof(*scenarios));
    char *place = agent->task->target.ptr != NULL ? text_dup(agent->task->target) : NULL;
    if (scenarios == NULL)
        return AGENT_BROKEN;
    struct order_facts facts = {agent->task, scenarios, place != NULL ? place : "task"};
    lines_plan_rules(agent->lines, manager_rules_get, agent->task->modes);
    scenarios_make(agent->task, scenarios);
    manager_judge(agent, &facts);
    manager_tell(agent, scenarios);
    free(scenarios);
    free(place);
    return AGENT_RAN;
}
