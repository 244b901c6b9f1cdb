/* The result of a finished task: its members, its numbers and its size. */
#include "agnostic/task/record.h"
#include "agnostic/task/result.h"
#include "task/outcome_help.h"

#include <string.h>

#define DONE "2026-02-21T10:00:00.123456+00:00"

static const struct request REQUEST = {
    .title = TEXT("t"), .description = TEXT("d"), .target_url = TEXT("https://shop.test/")};

static bool visit_name(void *ctx, struct text name, const struct json *value) {
    (void)value;
    struct buf *names = ctx;
    buf_puts(names, names->len > 0 ? " " : "");
    buf_puttext(names, name);
    return true;
}

static void the_members_come_in_the_documented_order(void **unused) {
    (void)unused;
    struct outcome *outcomes[] = {ended("junior-qa", "completed", "medium"),
                                  ended("tool", "not_available", NULL)};
    struct buf buf, names;
    buf_init(&buf, WORK_MAX);
    buf_init(&names, WORK_MAX);
    assert_int_equal(
        result_put(&buf, "session_1", DONE, &REQUEST, (const struct outcome *const *)outcomes, 2),
        ERR_OK);
    struct json *root = json_of(buf_str(&buf));
    json_each(root, visit_name, &names);
    assert_string_equal(buf_str(&names),
                        "session_id status completed_at verdict criteria test_plan "
                        "verification agent_results");
    assert_string_equal(str_at(root, "session_id"), "session_1");
    assert_string_equal(str_at(root, "status"), "completed");
    assert_string_equal(str_at(root, "completed_at"), DONE);
    assert_string_equal(str_at(root, "verdict.status"), "GO_WITH_WARNINGS");
    assert_string_equal(str_at(root, "agent_results.junior-qa.status"), "completed");
    assert_string_equal(str_at(root, "agent_results.tool.reason"), "not_available");
    json_free(root);
    buf_done(&buf);
    buf_done(&names);
    outcome_free(outcomes[0]);
    outcome_free(outcomes[1]);
}

static void plan_and_verification_hold_what_the_agents_told(void **unused) {
    (void)unused;
    struct outcome *outcomes[2];
    struct buf buf;
    assert_int_equal(outcome_new("one", ROLE_PERFORMANCE, &outcomes[0]), ERR_OK);
    feed(outcomes[0], "{\"v\":1,\"type\":\"plan\",\"checks\":[\"C1\",5,\"C2\"]}");
    feed(outcomes[0], "{\"v\":1,\"type\":\"check\",\"id\":\"C1\",\"status\":\"passed\"}");
    feed(outcomes[0], "{\"v\":1,\"type\":\"check\",\"id\":\"C2\",\"status\":\"not_tested\"}");
    feed(outcomes[0], "{\"v\":1,\"type\":\"result\",\"status\":\"completed\"}");
    outcomes[1] = ended("two", "failed", "low");
    buf_init(&buf, WORK_MAX);
    assert_int_equal(
        result_put(&buf, "s", DONE, &REQUEST, (const struct outcome *const *)outcomes, 2), ERR_OK);
    struct json *root = json_of(buf_str(&buf));
    const struct json *plan = json_path(root, "test_plan.agents");
    assert_string_equal(str_at(root, "test_plan.target_url"), "https://shop.test/");
    assert_string_equal(str_at(json_at(plan, 0), "role"), "performance");
    assert_string_equal(str_at(json_at(plan, 0), "title"), "Performance");
    assert_int_equal(json_count(json_get(json_at(plan, 0), "checks")), 2);
    assert_int_equal(json_count(json_get(json_at(plan, 1), "checks")), 0);
    assert_int_equal(int_at(root, "verification.checks.checks"), 2);
    assert_int_equal(int_at(root, "verification.checks.not_tested"), 1);
    assert_int_equal(int_at(root, "verification.findings.low"), 1);
    assert_int_equal(int_at(root, "verification.findings.total"), 1);
    assert_int_equal(json_count(json_path(root, "verification.agents_completed")), 1);
    assert_int_equal(json_count(json_path(root, "verification.agents_not_completed")), 1);
    assert_int_equal(json_count(json_path(root, "verification.agents_without_counts")), 1);
    json_free(root);
    buf_done(&buf);
    outcome_free(outcomes[0]);
    outcome_free(outcomes[1]);
}

/* An agent with so many large findings, every hundredth of them critical, the others of this
 * severity. */
static struct outcome *verbose(const char *name, int findings, const char *others) {
    struct outcome *outcome;
    assert_int_equal(outcome_new(name, ROLE_JUNIOR_QA, &outcome), ERR_OK);
    for (int i = 0; i < findings; i++) {
        char line[4096];
        snprintf(line, sizeof(line),
                 "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C\",\"title\":\"T\","
                 "\"component\":\"/%d\",\"severity\":%s,\"evidence\":\"%01500d\"}",
                 i, i % 100 == 99 ? "\"critical\"" : others, 0);
        feed(outcome, line);
    }
    feed(outcome, "{\"v\":1,\"type\":\"result\",\"status\":\"completed\"}");
    return outcome;
}

static size_t count_severity(const struct json *findings, const char *severity) {
    size_t count = 0;
    for (size_t i = 0; i < json_count(findings); i++)
        count += strcmp(str_at(json_at(findings, i), "severity"), severity) == 0;
    return count;
}

static void a_result_that_is_too_large_loses_the_least_severe_findings(void **unused) {
    (void)unused;
    struct outcome *outcomes[] = {verbose("one", 600, "\"low\""), verbose("two", 600, "\"low\"")};
    struct buf buf;
    buf_init(&buf, WORK_MAX);
    assert_int_equal(
        result_put(&buf, "s", DONE, &REQUEST, (const struct outcome *const *)outcomes, 2), ERR_OK);
    assert_in_range(buf.len, RECORD_RESULT_MAX_BYTES - ADVICE_MAX_BYTES - 4096,
                    RECORD_RESULT_MAX_BYTES - ADVICE_MAX_BYTES);
    struct json *root = json_of(buf_str(&buf));
    const struct json *one = json_path(root, "agent_results.one.findings"),
                      *two = json_path(root, "agent_results.two.findings");
    assert_int_equal(count_severity(one, "critical"), 6);
    assert_int_equal(count_severity(two, "critical"), 6);
    int64_t omitted = int_at(root, "agent_results.two.findings_omitted");
    assert_int_equal(json_count(two) + (size_t)omitted, 600);
    assert_int_equal(int_at(root, "verification.findings.total"), 1200);
    json_free(root);
    buf_done(&buf);
    outcome_free(outcomes[0]);
    outcome_free(outcomes[1]);
}

static void a_result_that_is_too_large_keeps_what_decides_before_what_is_graver(void **unused) {
    (void)unused;
    struct outcome *outcomes[] = {verbose("one", 800, "\"critical\",\"weight\":0.25"),
                                  ended("two", "completed", "high")};
    struct buf buf;
    buf_init(&buf, WORK_MAX);
    assert_int_equal(
        result_put(&buf, "s", DONE, &REQUEST, (const struct outcome *const *)outcomes, 2), ERR_OK);
    struct json *root = json_of(buf_str(&buf));
    const struct json *one = json_path(root, "agent_results.one.findings");
    size_t advisory = 0;
    for (size_t i = 0; i < json_count(one); i++)
        advisory += json_get(json_at(one, i), "weight") != NULL;
    assert_in_range(advisory, 500, 791);
    assert_int_equal(json_count(one) - advisory, 8);
    assert_int_equal(json_count(json_path(root, "agent_results.two.findings")), 1);
    json_free(root);
    buf_done(&buf);
    outcome_free(outcomes[0]);
    outcome_free(outcomes[1]);
}

/* An agent with a finding and a document of about 60 KB. */
static struct outcome *with_document(const char *name) {
    struct outcome *outcome;
    struct buf line;
    buf_init(&line, WORK_MAX);
    assert_int_equal(outcome_new(name, ROLE_JUNIOR_QA, &outcome), ERR_OK);
    feed(outcome, FINDING("\"severity\":\"low\""));
    buf_puts(&line, "{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"data\":{\"all\":[0");
    for (int i = 0; i < 9000; i++)
        buf_puts(&line, ",12345");
    buf_puts(&line, "]}}");
    feed(outcome, buf_str(&line));
    buf_done(&line);
    return outcome;
}

static void a_result_that_is_too_large_loses_the_documents_before_findings(void **unused) {
    (void)unused;
    enum { COUNT = 20 };
    struct outcome *outcomes[COUNT];
    struct buf buf;
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof(name), "agent-%d", i);
        outcomes[i] = with_document(name);
    }
    buf_init(&buf, WORK_MAX);
    assert_int_equal(
        result_put(&buf, "s", DONE, &REQUEST, (const struct outcome *const *)outcomes, COUNT),
        ERR_OK);
    struct json *root = json_of(buf_str(&buf));
    const struct json *last = json_path(root, "agent_results.agent-19");
    assert_true(json_bool(json_get(last, "data_omitted"), false));
    assert_null(json_get(last, "data"));
    assert_int_equal(json_count(json_get(last, "findings")), 1);
    json_free(root);
    buf_done(&buf);
    for (int i = 0; i < COUNT; i++)
        outcome_free(outcomes[i]);
}

static void two_agents_of_one_name_are_refused(void **unused) {
    (void)unused;
    struct outcome *outcomes[] = {ended("a", "completed", NULL), ended("a", "completed", NULL)};
    struct buf buf;
    buf_init(&buf, WORK_MAX);
    assert_int_equal(
        result_put(&buf, "s", DONE, &REQUEST, (const struct outcome *const *)outcomes, 2),
        ERR_INTERNAL);
    buf_done(&buf);
    outcome_free(outcomes[0]);
    outcome_free(outcomes[1]);
}

static void a_task_that_could_not_be_carried_out_says_why(void **unused) {
    (void)unused;
    struct buf buf;
    buf_init(&buf, WORK_MAX);
    result_put_error(&buf, "runner_lost", "Three runners died.", 3);
    assert_string_equal(buf_str(&buf), "{\"error\":{\"code\":\"runner_lost\","
                                       "\"message\":\"Three runners died.\",\"attempt\":3}}");
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_members_come_in_the_documented_order),
        cmocka_unit_test(plan_and_verification_hold_what_the_agents_told),
        cmocka_unit_test(a_result_that_is_too_large_loses_the_least_severe_findings),
        cmocka_unit_test(a_result_that_is_too_large_keeps_what_decides_before_what_is_graver),
        cmocka_unit_test(a_result_that_is_too_large_loses_the_documents_before_findings),
        cmocka_unit_test(two_agents_of_one_name_are_refused),
        cmocka_unit_test(a_task_that_could_not_be_carried_out_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
