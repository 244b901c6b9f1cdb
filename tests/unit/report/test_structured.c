/* Sessions as typed results: what blocks a merge, what opens an issue, what stays null. */
#include "agnostic/report/structured.h"

#include <string.h>

#include "json_help.h"

enum { DOCUMENT_MAX = 1 << 20 };

#define SUMMARY(verdict, agents)                                                                   \
    "{\"session_id\":\"session_1\",\"task_id\":\"t-1\",\"completed_at\":\"2026-02-21T10:00:00"     \
    "+00:00\",\"verdict\":\"" verdict "\",\"agents\":{" agents "}}"
#define AGENT(role, members)                                                                       \
    "\"" role "\":{\"role\":\"" role "\",\"status\":\"completed\"," members "}"
#define FOUND(id, severity, more)                                                                  \
    "{\"fingerprint\":\"" id "\",\"check_id\":\"X-1\",\"title\":\"[a](b) @all\",\"severity\":"     \
    "\"" severity "\",\"component\":\"/\"" more "}"
#define SECURITY(findings) AGENT("security-compliance", "\"findings\":[" findings "]")
#define METRIC(name, value) "{\"name\":\"" name "\",\"value\":" value "}"

static struct json *told(const char *summary, const char *result, enum structured_type type) {
    struct json *session = json_of(summary), *ended = result != NULL ? json_of(result) : NULL;
    struct json_out out;
    struct buf buf;
    buf_init(&buf, DOCUMENT_MAX);
    json_out_init(&out, &buf);
    structured_put(session, ended, type, &out);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    json_free(session);
    json_free(ended);
    return root;
}

/* The reason of the action of that type ("" for another), or its title; NULL when there is none. */
static const struct json *action(const struct json *root, const char *type) {
    const struct json *actions = json_get(root, "actions");
    for (size_t i = 0; i < json_count(actions); i++)
        if (strcmp(str_at(json_at(actions, i), "type"), type) == 0)
            return json_at(actions, i);
    return NULL;
}

static void expect_reason(const char *summary, const char *reason) {
    struct json *root = told(summary, NULL, STRUCTURED_COMPREHENSIVE);
    const struct json *block = action(root, "block_merge");
    if (reason == NULL)
        assert_null(block);
    else
        assert_string_equal(json_str(json_get(block, "reason"), "(no block)"), reason);
    json_free(root);
}

static void grave_findings_block_critical_ones_as_well_as_high_ones(void **state) {
    (void)state;
    expect_reason(SUMMARY("NO_GO", SECURITY(FOUND("a", "high", ""))),
                  "Found 1 high-severity security issues");
    expect_reason(SUMMARY("NO_GO", SECURITY(FOUND("a", "critical", ""))),
                  "Found 1 critical and 0 high-severity security issues");
    expect_reason(SUMMARY("NO_GO", SECURITY(FOUND("a", "critical", "") "," FOUND("b", "high", ""))),
                  "Found 1 critical and 1 high-severity security issues");
    expect_reason(SUMMARY("GO_WITH_WARNINGS", SECURITY(FOUND("a", "medium", ""))), NULL);
}

static void an_advice_blocks_nothing(void **state) {
    (void)state;
    expect_reason(SUMMARY("GO", SECURITY(FOUND("a", "high", ",\"advisory\":true"))), NULL);
    expect_reason(SUMMARY("GO", SECURITY(FOUND("a", "high", ",\"weight\":0.25"))), NULL);
}

static void whatever_is_no_go_blocks(void **state) {
    (void)state;
    expect_reason(SUMMARY("NO_GO", ""), "The verdict of the session is NO_GO");
    expect_reason(SUMMARY("INCOMPLETE", ""), "The verdict of the session is INCOMPLETE");
    expect_reason(SUMMARY("nonsense", ""), "The verdict of the session is INCOMPLETE");
    expect_reason("{}", "The verdict of the session is INCOMPLETE");
    expect_reason("[7]", "The verdict of the session is INCOMPLETE");
}

static void a_critical_finding_opens_an_issue_whose_body_is_harmless(void **state) {
    struct json *root =
        told(SUMMARY("NO_GO", SECURITY(FOUND("a", "critical", ""))), NULL, STRUCTURED_SECURITY);
    const struct json *issue = action(root, "create_issue");
    (void)state;
    assert_string_equal(str_at(issue, "priority"), "highest");
    assert_string_equal(str_at(issue, "title"), "[CRITICAL] Security scan found 1 critical issues");
    assert_string_equal(str_at(issue, "body"), "- \\[a\\]\\(b\\) @\u200Ball at ` / `\n");
    assert_string_equal(json_str(json_at(json_get(issue, "labels"), 1), ""), "critical");
    assert_string_equal(json_str(json_at(json_get(action(root, "block_merge"), "findings"), 0), ""),
                        "a");
    json_free(root);
}

static void security_has_the_members_that_clients_read(void **state) {
    struct json *root = told(
        SUMMARY("NO_GO", ""),
        "{\"test_plan\":{\"agents\":[{\"agent\":\"scanner\",\"role\":\"security-compliance\"}]},"
        "\"agent_results\":{\"scanner\":{\"status\":\"completed\",\"data\":{\"security_score\":"
        "0.4,\"risk_level\":\"critical\"},\"findings\":[{\"finding_id\":\"f_1\",\"check_id\":"
        "\"X-1\",\"title\":\"T\",\"severity\":\"gruesome\",\"cvss_score\":7.5}]}}}",
        STRUCTURED_COMPREHENSIVE);
    const struct json *security = json_path(root, "action.results.security");
    const struct json *finding = json_at(json_get(security, "findings"), 0);
    double score = 0;
    (void)state;
    assert_true(json_number(json_get(security, "overall_score"), &score) && score == 0.4);
    assert_string_equal(str_at(security, "risk_level"), "critical");
    assert_string_equal(str_at(security, "scan_id"), "t-1");
    assert_string_equal(str_at(finding, "finding_id"), "f_1");
    assert_string_equal(str_at(finding, "severity"),
                        "info"); /* one of five words, whatever it says */
    assert_int_equal(json_kind(json_get(finding, "cwe_id")), JSON_NULL);
    assert_null(json_path(root, "action.results.performance"));
    json_free(root);
}

static void slow_and_failing_targets_are_acted_upon(void **state) {
    struct json *root = told(
        SUMMARY("GO_WITH_WARNINGS", ""),
        "{\"agent_results\":{" AGENT(
            "performance",
            "\"metrics\":[" METRIC("perf.latency.p95_ms", "500") "," METRIC(
                "perf.error_rate",
                "0.0625") "],\"data\":{\"previous_score\":200,\"regression_detected\":true}") "}}",
        STRUCTURED_PERFORMANCE);
    double rate = 0;
    (void)state;
    assert_string_equal(str_at(action(root, "block_merge"), "reason"),
                        "p95 went from 200 to 500 ms");
    assert_string_equal(str_at(action(root, "create_issue"), "title"),
                        "[PERFORMANCE] Error rate above threshold: 6.2%");
    assert_true(json_number(json_path(root, "action.results.performance.error_rate"), &rate));
    assert_true(rate == 6.25);
    assert_string_equal(str_at(root, "report_type"), "performance");
    json_free(root);
}

static void failed_tests_are_named(void **state) {
    struct json *root =
        told(SUMMARY("GO_WITH_WARNINGS",
                     AGENT("junior-qa", "\"checks\":[{\"id\":\"A\",\"status\":\"failed\"},{\"id\":"
                                        "\"B\",\"status\":\"flaky\"},{\"id\":\"C\",\"status\":"
                                        "\"passed\"}]")),
             NULL, STRUCTURED_COMPREHENSIVE);
    const struct json *block = action(root, "block_merge");
    (void)state;
    assert_string_equal(str_at(block, "reason"), "1 tests failed");
    assert_string_equal(json_str(json_at(json_get(block, "failed_tests"), 0), ""), "A");
    assert_string_equal(str_at(action(root, "create_issue"), "title"), "[FLAKY] 1 flaky tests");
    assert_int_equal(int_at(root, "action.results.test_execution.total_tests"), 3);
    json_free(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grave_findings_block_critical_ones_as_well_as_high_ones),
        cmocka_unit_test(an_advice_blocks_nothing),
        cmocka_unit_test(whatever_is_no_go_blocks),
        cmocka_unit_test(a_critical_finding_opens_an_issue_whose_body_is_harmless),
        cmocka_unit_test(security_has_the_members_that_clients_read),
        cmocka_unit_test(slow_and_failing_targets_are_acted_upon),
        cmocka_unit_test(failed_tests_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
