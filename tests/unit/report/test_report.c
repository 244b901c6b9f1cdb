/* Finished tasks in every form: what each must say, and what no text in a finding may do. */
#include "agnostic/report/report.h"
#include "agnostic/task/outcome.h"

#include <string.h>

#include "json_help.h"

#define HOSTILE                                                                                    \
    "</script><script>alert(1)</script>]]>\\u202e${{7*7}}\\n::error::x | `code` @all <!-- --> "    \
    "\\\\ \\\""
#define CRITERIA                                                                                   \
    "[{\"id\":\"C1\",\"text\":\"p95 under 500 ms " HOSTILE                                         \
    "\",\"kind\":\"metric\",\"metric\":\"perf.p95\",\"op\":\"<=\",\"value\":500,"                  \
    "\"measured\":731.25,\"result\":\"failed\"},"                                                  \
    "{\"id\":\"C2\",\"text\":\"no "                                                                \
    "high\",\"kind\":\"findings\",\"severity\":\"high\",\"result\":\"met\"},"                      \
    "{\"id\":\"C3\",\"text\":\"TLS\",\"kind\":\"checks\",\"checks\":[\"SEC-TLS-\",\"X-1\"],"       \
    "\"result\":\"not_measured\"},"                                                                \
    "{\"id\":\"C4\",\"text\":\"nice\",\"kind\":\"unmapped\",\"result\":\"unmapped\"},"             \
    "{\"id\":\"C5\",\"text\":\"GDPR\",\"kind\":\"standard\",\"standard\":\"GDPR\",\"result\":"     \
    "\"met\"}]"
#define RECORD(status, result)                                                                     \
    "{\"task_id\":\"t-1\",\"session_id\":\"s-1\",\"status\":\"" status                             \
    "\",\"created_at\":\"2026-02-21T10:00:00.123456+00:00\","                                      \
    "\"updated_at\":\"2026-02-21T10:01:00.123456+00:00\",\"result\":" result "}"
#define RESULT(verdict, agents)                                                                    \
    "{\"session_id\":\"s-1\",\"status\":\"completed\",\"completed_at\":\"2026-02-21T10:01:00\","   \
    "\"verdict\":{\"status\":\"" verdict                                                           \
    "\",\"reasons\":[{\"code\":\"high_finding\",\"text\":\"" HOSTILE "\"}]},"                      \
    "\"criteria\":" CRITERIA ","                                                                   \
    "\"test_plan\":{\"target_url\":\"https://shop.example/?a=1&b=2\"},\"verification\":{},"        \
    "\"agent_results\":{" agents "}}"
#define FINDING(check, severity, title)                                                            \
    "{\"finding_id\":\"f_1\",\"check_id\":\"" check "\",\"title\":\"" title                        \
    "\",\"severity\":\"" severity                                                                  \
    "\",\"component\":\"https://shop.example\",\"category\":\"security\",\"cwe_id\":\"CWE-79\","   \
    "\"cvss_score\":7.4,\"fingerprint\":"                                                          \
    "\"sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","                 \
    "\"evidence\":{\"summary\":\"" title "\",\"instances\":[{\"url\":"                             \
    "\"https://shop.example/cart?id=1#x\"}],\"reproduce\":\"curl x\"}}"
#define SECURITY                                                                                   \
    "\"security-compliance\":{\"status\":\"completed\",\"summary\":\"1 high\",\"counts\":"         \
    "{\"critical\":0,\"high\":1,\"medium\":0,\"low\":1,\"info\":0},\"findings\":[" FINDING(        \
        "X-1", "high", HOSTILE) "," FINDING("X-2", "low",                                          \
                                            "light") "],\"metrics\":[],"                           \
                                                     "\"checks\":[{\"id\":\"X-1\",\"status\":"     \
                                                     "\"failed\",\"ms\":1500},{\"id\":\"X-2\","    \
                                                     "\"status\":\"failed\"},{\"id\":\"X-3\","     \
                                                     "\"status\":\"passed\"},"                     \
                                                     "{\"id\":\"X-4\",\"status\":\"not_tested\","  \
                                                     "\"reason\":\"no_page\"}]}"
#define BROKEN                                                                                     \
    "\"performance\":{\"status\":\"failed\",\"reason\":\"timeout\",\"summary\":\"It took too "     \
    "long\",\"counts\":{},\"findings\":[],\"metrics\":[]}"

static const char DONE[] = RECORD("completed", RESULT("NO_GO", SECURITY "," BROKEN));
static const char LOST[] =
    RECORD("failed", "{\"error\":{\"code\":\"crashed\",\"message\":\"" HOSTILE "\"}}");

static struct buf written(const char *record, enum report_format format) {
    struct buf buf;
    buf_init(&buf, REPORT_MAX_BYTES);
    assert_int_equal(report_write(text_of(record),
                                  TEXT("Title "
                                       "<b>"),
                                  NULL, format, &buf),
                     ERR_OK);
    return buf;
}

static void expect_in(const char *record, enum report_format format, const char *part) {
    struct buf buf = written(record, format);
    if (strstr(buf_str(&buf), part) == NULL)
        fail_msg("%s lacks %s:\n%s", report_name(format), part, buf_str(&buf));
    buf_done(&buf);
}

static struct json *parsed(const char *record, enum report_format format) {
    struct buf buf = written(record, format);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    return root;
}

static void markup_in_findings_stays_text(void **state) {
    static const enum report_format MARKUP[] = {REPORT_HTML, REPORT_JUNIT};
    (void)state;
    for (size_t i = 0; i < sizeof(MARKUP) / sizeof(MARKUP[0]); i++) {
        struct buf buf = written(DONE, MARKUP[i]);
        assert_null(strstr(buf_str(&buf), "<script"));
        assert_null(strstr(buf_str(&buf), "]]>"));
        assert_null(strstr(buf_str(&buf), "<b>Title"));
        assert_null(strstr(buf_str(&buf), "\u202e"));
        buf_done(&buf);
    }
}

/* The end of the code span that begins at `at`. */
static const char *behind_code(const char *at) {
    size_t fence = strspn(at, "`");
    for (at += fence; *at != '\0'; at += strspn(at, "`")) {
        at += strcspn(at, "`");
        if (strspn(at, "`") == fence)
            return at + fence;
    }
    return at;
}

static void markdown_has_foreign_markup_in_code_spans_only(void **state) {
    struct buf buf = written(DONE, REPORT_MARKDOWN);
    (void)state;
    for (const char *at = buf_str(&buf); *at != '\0';) {
        assert_int_not_equal(strncmp(at, "<script", 7), 0);
        assert_int_not_equal(strncmp(at, "<b>T", 4), 0);
        assert_int_not_equal(strncmp(at, "@all", 4), 0);
        if (*at == '`')
            at = behind_code(at);
        else
            at += *at == '\\' && at[1] != '\0' ? 2 : 1;
    }
    buf_done(&buf);
}

static void a_message_cannot_begin_a_command_of_its_own(void **state) {
    (void)state;
    struct buf buf = written(DONE, REPORT_ANNOTATIONS);
    size_t lines = 0;
    for (const char *line = buf_str(&buf); *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_true(strncmp(line, "::error title=X-1", 17) == 0 ||
                    strncmp(line, "::notice title=X-2", 18) == 0 ||
                    strncmp(line, "::error title=C1%3A failed::p95", 31) == 0 ||
                    strncmp(line, "::warning title=C", 17) == 0 ||
                    strncmp(line, "::warning title=performance", 27) == 0);
        lines++;
    }
    assert_int_equal(lines, 6);
    buf_done(&buf);
}

static void junit_counts_what_it_holds_and_calls_our_trouble_an_error(void **state) {
    (void)state;
    expect_in(DONE, REPORT_JUNIT,
              "<testsuites name=\"Agnostic QA\" tests=\"10\" failures=\"2\" errors=\"1\">");
    expect_in(DONE, REPORT_JUNIT, "name=\"X-1\" time=\"1.500\">\n      <failure type=\"high\"");
    expect_in(DONE, REPORT_JUNIT, "name=\"X-2\" time=\"0.000\">\n      <system-out>[low]");
    expect_in(DONE, REPORT_JUNIT, "<skipped message=\"not_tested: no_page\"/>");
    expect_in(DONE, REPORT_JUNIT, "<error type=\"timeout\" message=\"It took too long\"/>");
    expect_in(LOST, REPORT_JUNIT, "errors=\"1\"");
}

static void people_see_what_became_of_each_criterion(void **state) {
    static const struct {
        enum report_format format;
        const char *part;
    } ROWS[] = {
        {REPORT_TEXT, "  - C1 failed: p95 under 500 ms"},
        {REPORT_TEXT, "[perf.p95 <= 500; measured 731.25]\n"},
        {REPORT_TEXT, "  - C2 met: no high [no finding of severity high or worse]\n"},
        {REPORT_TEXT, "  - C3 not_measured: TLS [checks pass: SEC-TLS-\u2026, X-1]\n"},
        {REPORT_TEXT, "  - C4 unmapped: nice\n"},
        {REPORT_TEXT, "  - C5 met: GDPR [no finding that concerns GDPR]\n"},
        {REPORT_MARKDOWN, "| perf.p95 &lt;= 500 | 731.25 | failed |\n"},
        {REPORT_MARKDOWN, "| C3 | TLS | checks pass: SEC-TLS-\u2026, X-1 |  | not\\_measured |\n"},
        {REPORT_HTML, "<td>perf.p95 &lt;= 500<br>measured: 731.25</td><td>failed</td>"},
        {REPORT_HTML, "<td>C4: nice</td><td></td><td>unmapped</td>"},
        {REPORT_JUNIT, "<testsuite name=\"acceptance-criteria\" tests=\"5\" failures=\"1\" "
                       "errors=\"0\" skipped=\"2\""},
        {REPORT_JUNIT, "wanted: perf.p95 &lt;= 500\nmeasured: 731.25</failure>"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
        expect_in(DONE, ROWS[i].format, ROWS[i].part);
}

static void a_comment_with_many_long_criteria_stays_a_comment(void **state) {
    static const char CRITERION[] = "{\"id\":\"C\",\"text\":\"\\u0022<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
                                    "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
                                    "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
                                    "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\","
                                    "\"kind\":\"unmapped\",\"result\":\"unmapped\"},";
    struct buf record;
    (void)state;
    buf_init(&record, 1 << 20);
    buf_puts(&record, "{\"task_id\":\"t-1\",\"session_id\":\"s-1\",\"status\":\"completed\","
                      "\"created_at\":\"x\",\"updated_at\":\"y\",\"result\":{\"criteria\":[");
    for (int i = 0; i < 63; i++)
        buf_puts(&record, CRITERION);
    buf_puts(&record, "{}]}}");
    struct buf comment = written(buf_str(&record), REPORT_MARKDOWN);
    assert_in_range(comment.len, 1000, 65535);
    assert_non_null(strstr(buf_str(&comment), " more criteria are in the full report."));
    buf_done(&comment);
    buf_done(&record);
}

static void sarif_names_rules_places_and_fingerprints(void **state) {
    struct json *root = parsed(DONE, REPORT_SARIF);
    const struct json *run = json_at(json_get(root, "runs"), 0);
    const struct json *result = json_at(json_get(run, "results"), 0);
    const struct json *rule = json_at(json_path(run, "tool.driver.rules"), 0);
    (void)state;
    assert_string_equal(str_at(root, "version"), "2.1.0");
    assert_string_equal(str_at(result, "ruleId"), str_at(rule, "id"));
    assert_string_equal(str_at(result, "level"), "error");
    assert_string_equal(str_at(rule, "defaultConfiguration.level"), "error");
    assert_string_equal(str_at(json_at(json_get(run, "invocations"), 0), "startTimeUtc"),
                        "2026-02-21T10:00:00.123456Z");
    assert_int_equal(json_count(json_path(run, "properties.criteria")), 5);
    assert_string_equal(str_at(rule, "properties.security-severity"), "7.4");
    assert_string_equal(json_str(json_path(json_at(json_get(result, "locations"), 0),
                                           "physicalLocation.artifactLocation.uri"),
                                 ""),
                        "shop.example/cart");
    assert_non_null(json_get(json_get(result, "partialFingerprints"), "checkAndComponent/v1"));
    assert_false(
        json_bool(json_get(json_at(json_get(run, "invocations"), 0), "executionSuccessful"), true));
    json_free(root);
}

/* The last of as many as a task can have. */
static void no_agent_is_left_out_of_a_report(void **state) {
    struct buf record;
    (void)state;
    buf_init(&record, 1 << 20);
    buf_puts(&record, "{\"task_id\":\"t-1\",\"session_id\":\"s-1\",\"status\":\"completed\","
                      "\"created_at\":\"2026-02-21T10:00:00.123456+00:00\","
                      "\"updated_at\":\"2026-02-21T10:01:00.123456+00:00\","
                      "\"result\":{\"agent_results\":{");
    for (int i = 1; i < OUTCOME_AGENTS_MAX; i++)
        buf_printf(&record, "\"a-%d\":{\"status\":\"completed\",\"findings\":[]},", i);
    buf_puts(&record, SECURITY "}}}");
    expect_in(buf_str(&record), REPORT_SARIF, "\"ruleId\":\"X-1\"");
    buf_done(&record);
}

#define STATE(check, state)                                                                        \
    "{\"agent\":\"security-compliance\",\"check_id\":\"" check "\",\"state\":\"" state             \
    "\",\"fingerprint\":"                                                                          \
    "\"sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"}"
#define ANALYST(baseline, states)                                                                  \
    "\"qa-analyst\":{\"status\":\"completed\",\"counts\":{},\"findings\":[],\"metrics\":[],"       \
    "\"data\":{" baseline "\"own_findings\":[],\"findings\":[" states "]}}"
#define BEFORE "\"baseline\":{\"session_id\":\"s-0\"},"

static size_t states_in(const char *record) {
    struct buf buf = written(record, REPORT_SARIF);
    size_t count = 0;
    for (const char *at = buf_str(&buf); (at = strstr(at, "\"baselineState\"")) != NULL; at++)
        count++;
    buf_done(&buf);
    return count;
}

/* SARIF 2.1.0, 3.27.24: on every result, or on none. */
static void sarif_tells_of_a_comparison_that_is_whole(void **state) {
    static const char WHOLE[] = RECORD(
        "completed", RESULT("NO_GO", SECURITY "," ANALYST(BEFORE, STATE("X-1", "updated") "," STATE(
                                                                      "X-2", "not_compared"))));
    (void)state;
    assert_int_equal(states_in(WHOLE), 2);
    expect_in(WHOLE, REPORT_SARIF, "\"baselineState\":\"updated\"");
    expect_in(WHOLE, REPORT_SARIF, "\"baselineState\":\"new\"");
    assert_int_equal(
        states_in(RECORD("completed",
                         RESULT("NO_GO", SECURITY "," ANALYST(BEFORE, STATE("X-1", "new"))))),
        0);
    assert_int_equal(
        states_in(RECORD("completed",
                         RESULT("NO_GO", SECURITY "," ANALYST(BEFORE, STATE("X-1", "new") "," STATE(
                                                                          "X-2", "absent"))))),
        0);
    assert_int_equal(
        states_in(RECORD("completed",
                         RESULT("NO_GO", SECURITY
                                "," ANALYST("", STATE("X-1", "new") "," STATE("X-2", "new"))))),
        0);
    assert_int_equal(states_in(DONE), 0);
}

static void a_failed_check_without_a_finding_is_a_failure(void **state) {
    static const char CUT[] = RECORD(
        "completed", RESULT("NO_GO", "\"x\":{\"status\":\"completed\",\"findings_omitted\":1,"
                                     "\"findings\":[],\"checks\":[{\"id\":\"X-9\","
                                     "\"status\":\"failed\"}]}"));
    (void)state;
    expect_in(CUT, REPORT_JUNIT, "<testsuite name=\"x\" tests=\"1\" failures=\"1\"");
    expect_in(CUT, REPORT_JUNIT, "<failure type=\"failed\" message=\"");
}

static void a_scan_with_a_failed_agent_is_no_success_for_gitlab(void **state) {
    static const char WHOLE[] = RECORD("completed", RESULT("NO_GO", SECURITY));
    (void)state;
    expect_in(WHOLE, REPORT_DAST, "\"status\":\"success\",\"messages\":[]");
    expect_in(DONE, REPORT_DAST,
              "\"status\":\"failure\",\"messages\":[{\"level\":\"fatal\",\"value\":"
              "\"performance: It took too long\"}]");
    expect_in(LOST, REPORT_DAST, "\"status\":\"failure\",\"messages\":[{\"level\":\"fatal\"");
}

static void gitlab_gets_its_own_words(void **state) {
    struct json *quality = parsed(DONE, REPORT_CODEQUALITY), *dast = parsed(DONE, REPORT_DAST);
    const struct json *vulnerability = json_at(json_get(dast, "vulnerabilities"), 0);
    (void)state;
    assert_string_equal(str_at(json_at(quality, 0), "severity"), "critical");
    assert_string_equal(str_at(vulnerability, "severity"), "High");
    assert_string_equal(str_at(vulnerability, "id"), "00112233-4455-6677-8899-aabbccddeeff");
    assert_string_equal(str_at(vulnerability, "location.hostname"), "https://shop.example");
    assert_string_equal(str_at(dast, "scan.start_time"), "2026-02-21T10:00:00");
    json_free(quality);
    json_free(dast);
}

static void each_form_tells_the_verdict_or_why_there_is_none(void **state) {
    static const enum report_format SAYING[] = {REPORT_MARKDOWN, REPORT_TEXT, REPORT_HTML};
    (void)state;
    for (size_t i = 0; i < sizeof(SAYING) / sizeof(SAYING[0]); i++) {
        expect_in(DONE, SAYING[i], SAYING[i] == REPORT_MARKDOWN ? "NO\\_GO" : "NO_GO");
        expect_in(LOST, SAYING[i], "failed");
    }
    expect_in(DONE, REPORT_JSON, "\"verdict\"");
}

static void a_task_that_runs_has_no_report(void **state) {
    struct buf buf;
    (void)state;
    buf_init(&buf, REPORT_MAX_BYTES);
    assert_int_equal(
        report_write(text_of(RECORD("running", "null")), TEXT(""), NULL, REPORT_TEXT, &buf),
        ERR_INVALID);
    assert_int_equal(report_write(TEXT("{}"), TEXT(""), NULL, REPORT_TEXT, &buf), ERR_DAMAGED);
    buf_done(&buf);
}

static void what_the_original_stored_is_a_report_too(void **state) {
    static const char THEIRS[] =
        RECORD("completed", "{\"agent_results\":{\"x\":[1]},\"verdict\":7}");
    (void)state;
    for (int format = 0; format < REPORT__COUNT; format++) {
        struct buf buf = written(THEIRS, (enum report_format)format);
        buf_done(&buf);
    }
}

static void the_form_is_negotiated(void **state) {
    static const struct {
        const char *accept;
        int format; /* -1: none */
    } CASES[] = {
        {"", REPORT_JSON},
        {"*/*", REPORT_JSON},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", REPORT_HTML},
        {"application/sarif+json", REPORT_SARIF},
        {"Application/XML", REPORT_JUNIT},
        {"text/*", REPORT_MARKDOWN},
        {"text/plain;q=0.5, text/markdown;q=0.4", REPORT_TEXT},
        {"application/json;q=0, */*;q=0.1", REPORT_SARIF},
        {"text/html;q=0", -1},
        {"image/png", -1},
        {"*/*;q=nonsense", REPORT_JSON},
        {",,;,", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        enum report_format format = REPORT__COUNT;
        bool found = report_negotiate(text_of(CASES[i].accept), &format);
        if (found != (CASES[i].format >= 0) || (found && (int)format != CASES[i].format))
            fail_msg("%s: %d", CASES[i].accept, found ? (int)format : -1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_in_findings_stays_text),
        cmocka_unit_test(markdown_has_foreign_markup_in_code_spans_only),
        cmocka_unit_test(a_message_cannot_begin_a_command_of_its_own),
        cmocka_unit_test(junit_counts_what_it_holds_and_calls_our_trouble_an_error),
        cmocka_unit_test(people_see_what_became_of_each_criterion),
        cmocka_unit_test(a_comment_with_many_long_criteria_stays_a_comment),
        cmocka_unit_test(sarif_names_rules_places_and_fingerprints),
        cmocka_unit_test(no_agent_is_left_out_of_a_report),
        cmocka_unit_test(sarif_tells_of_a_comparison_that_is_whole),
        cmocka_unit_test(a_failed_check_without_a_finding_is_a_failure),
        cmocka_unit_test(a_scan_with_a_failed_agent_is_no_success_for_gitlab),
        cmocka_unit_test(gitlab_gets_its_own_words),
        cmocka_unit_test(each_form_tells_the_verdict_or_why_there_is_none),
        cmocka_unit_test(a_task_that_runs_has_no_report),
        cmocka_unit_test(what_the_original_stored_is_a_report_too),
        cmocka_unit_test(the_form_is_negotiated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
