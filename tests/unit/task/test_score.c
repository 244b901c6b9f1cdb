/* Goal: scores and confidence follow from what agents told, by the figures of their headers. */
#include <math.h>

#include "agnostic/task/confidence.h"
#include "agnostic/task/score.h"
#include "task/outcome_help.h"

static struct outcome *told(enum role role, const char *const *lines) {
    struct outcome *outcome;
    assert_int_equal(outcome_new(role_name(role), role, &outcome), ERR_OK);
    for (size_t i = 0; lines[i] != NULL; i++)
        feed(outcome, lines[i]);
    return outcome;
}
#define TOLD(role, ...) told(role, (const char *const[]){__VA_ARGS__, NULL})
#define DONE RESULT("\"status\":\"completed\"")
#define COUNTED(counts) RESULT("\"status\":\"completed\",\"counts\":" counts)
#define FOUND(check, severity)                                                                     \
    LINE("\"type\":\"finding\",\"check_id\":\"" check "\",\"title\":\"T\",\"component\":\"/" check \
         "\",\"severity\":\"" severity "\"")

static void expect_score(struct outcome **outcomes, size_t count, double overall) {
    struct score score = score_of((const struct outcome *const *)outcomes, count);
    if (isnan(overall) ? !isnan(score.overall) : fabs(score.overall - overall) > 0.01)
        fail_msg("%.3f, not %.3f", score.overall, overall);
    for (size_t i = 0; i < count; i++)
        outcome_free(outcomes[i]);
}
#define EXPECT_SCORE(overall, ...)                                                                 \
    expect_score((struct outcome *[]){__VA_ARGS__},                                                \
                 sizeof((struct outcome *[]){__VA_ARGS__}) / sizeof(struct outcome *), overall)

static void findings_lower_a_score_by_their_severity(void **unused) {
    (void)unused;
    EXPECT_SCORE(100, TOLD(ROLE_PERFORMANCE, DONE));
    EXPECT_SCORE(80, TOLD(ROLE_PERFORMANCE, FOUND("A", "high"), DONE));
    EXPECT_SCORE(80 * .93, TOLD(ROLE_PERFORMANCE, FOUND("A", "high"), FOUND("B", "medium"), DONE));
}

static void agents_that_see_whether_things_work_are_scored_by_their_checks(void **unused) {
    (void)unused;
    EXPECT_SCORE(75, TOLD(ROLE_JUNIOR_QA, FOUND("A", "high"),
                          COUNTED("{\"checks\":5,\"passed\":3,\"failed\":1,\"skipped\":1}")));
}

static void roles_are_weighed_and_plans_weigh_nothing(void **unused) {
    (void)unused;
    EXPECT_SCORE((.30 * 60 + .20 * 100) / .50,
                 TOLD(ROLE_SECURITY_COMPLIANCE, FOUND("A", "critical"), DONE),
                 TOLD(ROLE_PERFORMANCE, DONE), TOLD(ROLE_QA_MANAGER, DONE));
}

static void a_role_is_as_good_as_its_worst_agent(void **unused) {
    (void)unused;
    EXPECT_SCORE(60, TOLD(ROLE_SECURITY_COMPLIANCE, DONE),
                 TOLD(ROLE_SECURITY_COMPLIANCE, FOUND("A", "critical"), DONE));
}

static void who_did_not_run_has_no_score(void **unused) {
    (void)unused;
    EXPECT_SCORE(NAN, TOLD(ROLE_PERFORMANCE, RESULT("\"status\":\"failed\"")));
}

/* --- confidence -------------------------------------------------------------------------- */

static void expect_confidence(struct outcome *outcome, const char *wish, double expected,
                              const char *because) {
    struct request request = {.constraints = text_of(wish)};
    struct criteria criteria;
    struct buf buf;
    struct json_out out;
    double value = -1;
    buf_init(&buf, 1 << 16);
    json_out_init(&out, &buf);
    assert_int_equal(criteria_read(&request, &criteria), ERR_OK);
    confidence_put(&criteria, (const struct outcome *const *)&outcome, 1, &out);
    struct json *root = json_of(buf_str(&buf));
    assert_true(json_number(json_get(root, "value"), &value));
    if (fabs(value - expected) > 0.001)
        fail_msg("%s", buf_str(&buf));
    assert_string_equal(
        json_str(json_get(json_at(json_get(root, "because"), 0), "code"), "nothing"), because);
    json_free(root);
    buf_done(&buf);
    outcome_free(outcome);
}

static void a_verdict_rests_on_the_checks_that_ran(void **unused) {
    (void)unused;
    expect_confidence(TOLD(ROLE_JUNIOR_QA, COUNTED("{\"checks\":10,\"passed\":8,\"skipped\":2}")),
                      "", 1, "nothing");
    expect_confidence(TOLD(ROLE_JUNIOR_QA, COUNTED("{\"checks\":10,\"passed\":4,\"failed\":1}")),
                      "", 0.5, "checks_not_run");
    expect_confidence(TOLD(ROLE_JUNIOR_QA, DONE), "", 0.7, "no_checks_told");
    expect_confidence(TOLD(ROLE_JUNIOR_QA, RESULT("\"status\":\"failed\"")), "", 0,
                      "agent_not_completed");
}

static void what_was_planned_and_never_told_did_not_run(void **unused) {
    (void)unused;
    expect_confidence(TOLD(ROLE_JUNIOR_QA,
                           LINE("\"type\":\"plan\",\"checks\":[\"A\",\"B\",\"C\",\"D\"]"),
                           LINE("\"type\":\"check\",\"id\":\"A\",\"status\":\"passed\""), DONE),
                      "", 0.25, "checks_not_run");
}

static void criteria_without_an_answer_lower_it(void **unused) {
    (void)unused;
    expect_confidence(TOLD(ROLE_JUNIOR_QA, COUNTED("{\"checks\":1,\"passed\":1}")),
                      "No high findings; be lovely", 0.5, "criteria_not_answered");
}

static void a_load_of_few_requests_shows_little(void **unused) {
    (void)unused;
    expect_confidence(TOLD(ROLE_PERFORMANCE,
                           LINE("\"type\":\"metric\",\"name\":\"perf.latency.p95_ms\","
                                "\"value\":5,\"n\":100"),
                           COUNTED("{\"checks\":1,\"passed\":1}")),
                      "", 0.25, "few_samples");
}

static void less_than_no_request_shows_nothing(void **unused) {
    (void)unused;
    expect_confidence(TOLD(ROLE_PERFORMANCE,
                           LINE("\"type\":\"metric\",\"name\":\"perf.latency.p95_ms\","
                                "\"value\":5,\"n\":-400"),
                           COUNTED("{\"checks\":1,\"passed\":1}")),
                      "", 0, "few_samples");
}

static void one_that_contradicts_itself_is_not_quite_believed(void **unused) {
    (void)unused;
    expect_confidence(TOLD(ROLE_JUNIOR_QA, FINDING("\"severity\":\"high\",\"cvss_score\":2"),
                           COUNTED("{\"checks\":1,\"passed\":1}")),
                      "", 0.4, "severity_disputed");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_lower_a_score_by_their_severity),
        cmocka_unit_test(agents_that_see_whether_things_work_are_scored_by_their_checks),
        cmocka_unit_test(roles_are_weighed_and_plans_weigh_nothing),
        cmocka_unit_test(a_role_is_as_good_as_its_worst_agent),
        cmocka_unit_test(who_did_not_run_has_no_score),
        cmocka_unit_test(a_verdict_rests_on_the_checks_that_ran),
        cmocka_unit_test(what_was_planned_and_never_told_did_not_run),
        cmocka_unit_test(criteria_without_an_answer_lower_it),
        cmocka_unit_test(a_load_of_few_requests_shows_little),
        cmocka_unit_test(less_than_no_request_shows_nothing),
        cmocka_unit_test(one_that_contradicts_itself_is_not_quite_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
