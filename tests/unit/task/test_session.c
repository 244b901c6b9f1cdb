/* What is remembered of a run, and what changed between two. */
#include "agnostic/task/session.h"
#include "task/outcome_help.h"

#include <string.h>

static const struct request REQUEST = {
    .title = TEXT("t"), .description = TEXT("d"), .target_url = TEXT("https://Shop.test:443/a")};

#define CHECK(id, component, status)                                                               \
    LINE("\"type\":\"check\",\"id\":\"" id "\",\"component\":\"" component                         \
         "\",\"status\":\"" status "\",\"duration_ms\":7")

/* The summary of one agent's run. */
static struct json *summary(struct outcome *outcome) {
    const struct session session = {.session_id = "session_1",
                                    .task_id = "t-1",
                                    .completed_iso = "2026-02-21T10:00:00+00:00",
                                    .parameters = "p",
                                    .request = &REQUEST,
                                    .outcomes = (const struct outcome *const *)&outcome,
                                    .count = 1};
    struct buf buf;
    buf_init(&buf, SESSION_MAX_BYTES);
    assert_int_equal(session_put(&session, &buf), ERR_OK);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    outcome_free(outcome);
    return root;
}

static struct json *diff(struct json *base, struct json *compare) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, WORK_MAX);
    json_out_init(&out, &buf);
    assert_int_equal(session_diff_put(base, compare, &out), ERR_OK);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    json_free(base);
    json_free(compare);
    return root;
}

static int64_t number(const struct json *root, const char *path) {
    int64_t n = -1;
    assert_true(json_int(json_path(root, path), 0, INT32_MAX, &n));
    return n;
}

static const char *of_first(const struct json *root, const char *list, const char *member) {
    return json_str(json_get(json_at(json_get(root, list), 0), member), "(none)");
}

static void a_summary_tells_advice_from_what_decides(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, FINDING("\"severity\":\"high\",\"weight\":0.25"));
    struct json *root = summary(outcome);
    const struct json *agent = json_path(root, "agents.security-compliance");
    assert_string_equal(str_at(agent, "role"), "security-compliance");
    assert_true(json_bool(json_get(json_at(json_get(agent, "findings"), 0), "advisory"), false));
    json_free(root);
}

static void a_summary_holds_checks_findings_and_metrics(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, CHECK("C1", "/", "failed"));
    feed(outcome, FINDING("\"severity\":\"high\""));
    feed(outcome, LINE("\"type\":\"metric\",\"name\":\"m\",\"value\":3"));
    struct json *root = summary(outcome);
    const struct json *agent = json_path(root, "agents.security-compliance");
    assert_string_equal(of_first(agent, "checks", "status"), "failed");
    assert_int_equal(number(json_at(json_get(agent, "checks"), 0), "ms"), 7);
    assert_string_equal(of_first(agent, "findings", "severity"), "high");
    assert_true(text_starts(text_of(of_first(agent, "findings", "fingerprint")), TEXT("sha256:")));
    assert_string_equal(of_first(agent, "metrics", "name"), "m");
    assert_string_equal(json_str(json_get(root, "target"), ""), "https://Shop.test:443/a");
    json_free(root);
}

static void the_least_severe_findings_are_left_out_first(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    char line[1024], path[512];
    memset(path, 'p', sizeof(path));
    for (int i = 0; i < 600; i++) {
        snprintf(
            line, sizeof(line),
            LINE("\"type\":\"finding\",\"check_id\":\"C%d\",\"title\":\"T\",\"severity\":\"%s\","
                 "\"component\":\"/%.400s\""),
            i, i % 2 ? "low" : "high", path);
        feed(outcome, line);
    }
    struct json *root = summary(outcome);
    const struct json *agent = json_path(root, "agents.security-compliance");
    const struct json *findings = json_get(agent, "findings");
    size_t kept = json_count(findings);
    assert_in_range(kept, 301, 599);
    assert_int_equal(number(agent, "findings_omitted"), 600 - (int64_t)kept);
    for (size_t i = 0; i < 300; i++)
        assert_string_equal(json_str(json_get(json_at(findings, i), "severity"), ""), "high");
    json_free(root);
}

static void checks_beyond_their_room_are_counted(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    for (int i = 0; i < 2000; i++)
        feed(outcome, CHECK("C1", "/a/component/of/some/length", "passed"));
    struct json *root = summary(outcome);
    const struct json *agent = json_path(root, "agents.security-compliance");
    int64_t omitted = number(agent, "checks_omitted");
    assert_in_range(omitted, 1, 1999);
    assert_int_equal(json_count(json_get(agent, "checks")), 2000 - omitted);
    json_free(root);
}

static void an_agent_without_room_is_named(void **unused) {
    (void)unused;
    enum { AGENTS = 6 };
    struct outcome *outcomes[AGENTS];
    char name[16];
    for (int i = 0; i < AGENTS; i++) {
        snprintf(name, sizeof(name), "agent-%d", i);
        assert_int_equal(outcome_new(name, ROLE_JUNIOR_QA, &outcomes[i]), ERR_OK);
        for (int k = 0; k < 1000; k++)
            feed(outcomes[i], CHECK("C1", "/a/component/of/some/length", "passed"));
    }
    const struct session session = {.session_id = "s",
                                    .task_id = "t",
                                    .completed_iso = "",
                                    .parameters = "",
                                    .request = &REQUEST,
                                    .outcomes = (const struct outcome *const *)outcomes,
                                    .count = AGENTS};
    struct buf buf;
    buf_init(&buf, SESSION_MAX_BYTES);
    assert_int_equal(session_put(&session, &buf), ERR_OK);
    struct json *root = json_of(buf_str(&buf));
    assert_false(json_bool(json_path(root, "agents.agent-0.omitted"), false));
    assert_true(json_bool(json_path(root, "agents.agent-5.omitted"), false));
    json_free(root);
    buf_done(&buf);
    for (int i = 0; i < AGENTS; i++)
        outcome_free(outcomes[i]);
}

static void a_target_is_known_by_any_spelling_of_its_url(void **unused) {
    (void)unused;
    char a[SECURE_HEX_SIZE], b[SECURE_HEX_SIZE], c[SECURE_HEX_SIZE];
    assert_int_equal(session_target(TEXT("https://Shop.test:443/a"), a), ERR_OK);
    assert_int_equal(session_target(TEXT("https://shop.test/a"), b), ERR_OK);
    assert_int_equal(session_target(TEXT("https://shop.test/b"), c), ERR_OK);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    assert_int_equal(session_target(TEXT("ftp://shop.test/"), a), ERR_SYNTAX);
}

static void other_constraints_are_other_parameters(void **unused) {
    (void)unused;
    char a[SECURE_HEX_SIZE], b[SECURE_HEX_SIZE], c[SECURE_HEX_SIZE];
    struct request other = REQUEST;
    assert_int_equal(session_parameters(&REQUEST, a), ERR_OK);
    other.title = TEXT("another title");
    assert_int_equal(session_parameters(&other, b), ERR_OK);
    other.constraints = TEXT("p95 under 100 ms");
    assert_int_equal(session_parameters(&other, c), ERR_OK);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
}

static void only_names_of_sessions_are_session_ids(void **unused) {
    (void)unused;
    assert_true(session_id_ok(TEXT("session_20260221_100000_ab12")));
    assert_false(session_id_ok(TEXT("")));
    assert_false(session_id_ok(TEXT("a:b")));
    assert_false(session_id_ok(TEXT("a b")));
}

static void what_passed_and_fails_now_has_regressed(void **unused) {
    (void)unused;
    struct outcome *before = started(), *after = started();
    feed(before, CHECK("C1", "/", "passed"));
    feed(after, CHECK("C1", "/", "failed"));
    feed(after, FINDING("\"severity\":\"low\""));
    struct json *root = diff(summary(before), summary(after));
    assert_int_equal(number(root, "summary.regressions"), 1);
    assert_string_equal(of_first(root, "regressions", "test_id"), "C1@/");
    assert_string_equal(of_first(root, "regressions", "error_message"), "T");
    assert_string_equal(of_first(root, "regressions", "base_status"), "passed");
    assert_true(json_bool(json_get(root, "has_regressions"), false));
    json_free(root);
}

static void each_test_is_in_the_list_it_belongs_to(void **unused) {
    (void)unused;
    struct outcome *before = started(), *after = started();
    feed(before, CHECK("FIXED", "/", "failed"));
    feed(before, CHECK("GONE", "/", "passed"));
    feed(before, CHECK("SAME", "/", "passed"));
    feed(after, CHECK("NEW", "/", "failed"));
    feed(after, CHECK("SAME", "/", "passed"));
    feed(after, CHECK("FIXED", "/", "passed"));
    struct json *root = diff(summary(before), summary(after));
    assert_string_equal(of_first(root, "fixes", "test_name"), "FIXED");
    assert_string_equal(of_first(root, "new_tests", "test_id"), "NEW@/");
    assert_string_equal(json_str(json_at(json_get(root, "removed_tests"), 0), ""), "GONE@/");
    assert_int_equal(number(root, "summary.stable"), 1);
    assert_false(json_bool(json_get(root, "has_regressions"), true));
    json_free(root);
}

static void a_test_that_ran_twice_is_what_it_came_to_at_worst(void **unused) {
    (void)unused;
    struct outcome *before = started(), *after = started();
    feed(before, CHECK("C1", "/", "passed"));
    feed(after, CHECK("C1", "/", "failed"));
    feed(after, CHECK("C1", "/", "passed"));
    struct json *root = diff(summary(before), summary(after));
    assert_int_equal(number(root, "summary.compare_total"), 1);
    assert_int_equal(number(root, "summary.regressions"), 1);
    json_free(root);
}

static void without_any_outcome_there_is_no_rate(void **unused) {
    (void)unused;
    struct json *root = diff(summary(started()), summary(started()));
    assert_int_equal(json_kind(json_path(root, "summary.base_pass_rate")), JSON_NULL);
    assert_int_equal(json_kind(json_path(root, "summary.pass_rate_delta")), JSON_NULL);
    json_free(root);
}

static void what_an_agent_wants_to_be_told_again_is_kept(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, RESULT("\"status\":\"completed\",\"memo\":{\"p95\":[1.5,2]}"));
    struct json *root = summary(outcome);
    const struct json *memo = json_path(root, "agents.security-compliance.memo");
    double value;
    assert_true(json_number(json_at(json_get(memo, "p95"), 0), &value) && value > 1.4);
    json_free(root);
}

static void a_memo_without_bounds_is_left_out(void **unused) {
    (void)unused;
    struct buf line;
    buf_init(&line, WORK_MAX);
    buf_puts(&line, "{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"memo\":{\"a\":[1");
    for (int i = 0; i < 600; i++)
        buf_puts(&line, ",1");
    buf_puts(&line, "]}}");
    struct outcome *outcome = started();
    feed(outcome, buf_str(&line));
    struct json *root = summary(outcome);
    assert_int_equal(json_kind(json_path(root, "agents.security-compliance.memo")), JSON_NONE);
    json_free(root);
    buf_done(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_summary_tells_advice_from_what_decides),
        cmocka_unit_test(a_summary_holds_checks_findings_and_metrics),
        cmocka_unit_test(what_an_agent_wants_to_be_told_again_is_kept),
        cmocka_unit_test(a_memo_without_bounds_is_left_out),
        cmocka_unit_test(the_least_severe_findings_are_left_out_first),
        cmocka_unit_test(checks_beyond_their_room_are_counted),
        cmocka_unit_test(an_agent_without_room_is_named),
        cmocka_unit_test(a_target_is_known_by_any_spelling_of_its_url),
        cmocka_unit_test(other_constraints_are_other_parameters),
        cmocka_unit_test(only_names_of_sessions_are_session_ids),
        cmocka_unit_test(what_passed_and_fails_now_has_regressed),
        cmocka_unit_test(each_test_is_in_the_list_it_belongs_to),
        cmocka_unit_test(a_test_that_ran_twice_is_what_it_came_to_at_worst),
        cmocka_unit_test(without_any_outcome_there_is_no_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
