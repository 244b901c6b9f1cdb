/* Goal: a plan holds the checks of those who were chosen, and says what nobody will answer. */
#include <stdlib.h>
#include <string.h>

#include "agents/manager/manager_rules.h"
#include "unit.h"

#define TASK(more)                                                                                 \
    "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":5,"    \
    "\"modes\":[\"passive\"]}" more "}"
#define CHOSEN(name) ",\"agents\":[{\"agent\":\"" name "\",\"role\":\"" name "\"}]"
#define CRITERION(members)                                                                         \
    ",\"criteria\":[{\"id\":\"C1\",\"text\":\"t\",\"field\":\"f\"," members "}]"

struct plan {
    struct agent_task *task;
    struct scenarios *scenarios;
};

static struct plan plan_of(const char *line) {
    struct plan plan = {.scenarios = calloc(1, sizeof(*plan.scenarios))};
    assert_int_equal(agent_task_read(text_of(line), &plan.task, NULL), ERR_OK);
    assert_non_null(plan.scenarios);
    scenarios_make(plan.task, plan.scenarios);
    return plan;
}

static void plan_done(struct plan *plan) {
    free(plan->scenarios);
    agent_task_free(plan->task);
}

static const struct scenario *scenario_of(const struct plan *plan, const char *id) {
    for (size_t i = 0; i < plan->scenarios->count; i++)
        if (strcmp(plan->scenarios->items[i].id, id) == 0)
            return &plan->scenarios->items[i];
    return NULL;
}

static void only_the_chosen_are_planned_for(void **state) {
    (void)state;
    struct plan plan = plan_of(TASK(CHOSEN("performance")));
    assert_int_equal(plan.scenarios->count, 1);
    assert_non_null(scenario_of(&plan, "performance/PERF"));
    plan_done(&plan);
}

static void without_names_all_are_planned_for(void **state) {
    (void)state;
    struct plan plan = plan_of(TASK(""));
    assert_non_null(scenario_of(&plan, "security-compliance/SEC-TLS"));
    assert_non_null(scenario_of(&plan, "qa-analyst/ANA"));
    plan_done(&plan);
}

static void what_is_about_one_subject_is_one_scenario(void **state) {
    (void)state;
    struct plan plan = plan_of(TASK(CHOSEN("senior-qa")));
    assert_true(scenario_of(&plan, "senior-qa/A11Y-H")->count > 20);
    plan_done(&plan);
}

static void agents_of_others_plan_themselves(void **state) {
    (void)state;
    struct plan plan = plan_of(TASK(CHOSEN("sslscan")));
    assert_int_equal(plan.scenarios->count, 0);
    assert_int_equal(plan.scenarios->unplanned_count, 1);
    plan_done(&plan);
}

static void what_concerns_a_standard_of_the_task_is_more_urgent(void **state) {
    (void)state;
    struct plan plain = plan_of(TASK(CHOSEN("security-compliance")));
    struct plan asked = plan_of(TASK(CHOSEN("security-compliance") ",\"standards\":[\"gdpr\"]"));
    const char *id = "security-compliance/SEC-GDP";
    assert_true(scenario_of(&asked, id)->priority < scenario_of(&plain, id)->priority);
    plan_done(&plain);
    plan_done(&asked);
}

/* --- the order ------------------------------------------------------------------------- */

static void assert_judged(const char *line, const char *id, enum judgement_status expected) {
    struct plan plan = plan_of(line);
    struct order_facts facts = {plan.task, plan.scenarios, "task"};
    const struct rule *rule;
    for (size_t i = 0; (rule = manager_rules_get(i)) != NULL; i++) {
        struct judgement judgement;
        judgement_init(&judgement);
        manager_rules_judge(i, &facts, &judgement);
        if (strcmp(rule->id, id) == 0)
            assert_int_equal(judgement.status, expected);
        judgement_done(&judgement);
    }
    plan_done(&plan);
}

static void what_is_not_understood_is_named(void **state) {
    (void)state;
    assert_judged(TASK(""), "MGR-01", JUDGEMENT_SKIPPED);
    assert_judged(TASK(CRITERION("\"kind\":\"unmapped\"")), "MGR-01", JUDGEMENT_FAILED);
    assert_judged(TASK(CRITERION("\"kind\":\"limit\"")), "MGR-01", JUDGEMENT_PASSED);
}

static void what_no_chosen_agent_measures_is_named(void **state) {
    (void)state;
#define P95 CRITERION("\"kind\":\"metric\",\"metric\":\"perf.latency.p95_ms\"")
#define LINKS CRITERION("\"kind\":\"checks\",\"checks\":[\"FUN-04\"]")
    assert_judged(TASK(P95), "MGR-02", JUDGEMENT_PASSED);
    assert_judged(TASK(P95 CHOSEN("performance")), "MGR-02", JUDGEMENT_PASSED);
    assert_judged(TASK(P95 CHOSEN("junior-qa")), "MGR-02", JUDGEMENT_FAILED);
    assert_judged(TASK(LINKS CHOSEN("performance")), "MGR-02", JUDGEMENT_FAILED);
    assert_judged(
        TASK(CRITERION("\"kind\":\"standard\",\"standard\":\"GDPR\"") CHOSEN("junior-qa")),
        "MGR-02", JUDGEMENT_FAILED);
}

static void standards_that_no_check_concerns_are_named(void **state) {
    (void)state;
#define STANDARD(name) ",\"standards\":[\"" name "\"]"
    assert_judged(TASK(STANDARD("PCI DSS")), "MGR-03", JUDGEMENT_PASSED);
    assert_judged(TASK(STANDARD("PCI DSS") CHOSEN("performance")), "MGR-03", JUDGEMENT_FAILED);
    assert_judged(TASK(STANDARD("DIN 5008")), "MGR-03", JUDGEMENT_FAILED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_chosen_are_planned_for),
        cmocka_unit_test(without_names_all_are_planned_for),
        cmocka_unit_test(what_is_about_one_subject_is_one_scenario),
        cmocka_unit_test(agents_of_others_plan_themselves),
        cmocka_unit_test(what_concerns_a_standard_of_the_task_is_more_urgent),
        cmocka_unit_test(what_is_not_understood_is_named),
        cmocka_unit_test(what_no_chosen_agent_measures_is_named),
        cmocka_unit_test(standards_that_no_check_concerns_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
