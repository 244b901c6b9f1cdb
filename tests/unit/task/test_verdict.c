/* The verdict is what tests/data/verdict.tsv says, and always says why. */
#include "agnostic/task/result.h"
#include "agnostic/task/verdict.h"
#include "table.h"
#include "task/outcome_help.h"

enum { AGENTS_MAX = 8 };

static struct criteria criteria;

static struct json *judged(const struct outcome *const *outcomes, size_t count) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, 1 << 20);
    json_out_init(&out, &buf);
    verdict_put(&criteria, outcomes, count, &out);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    return root;
}

static struct request request;

static void wish(const char *constraints) {
    request.constraints = text_of(constraints);
    assert_int_equal(criteria_read(&request, &criteria), ERR_OK);
}

/* The stored result of these agents, its own verdict replaced by nonsense. */
static struct json *stored(const struct outcome *const *outcomes, size_t count) {
    static const char VERDICT[] = "\"verdict\":{\"status\":\"";
    struct buf buf;
    buf_init(&buf, 2 << 20);
    assert_int_equal(result_put(&buf, "s", "2026-02-21T10:00:00+00:00", &request, outcomes, count),
                     ERR_OK);
    char *word = strstr(buf.data, VERDICT);
    assert_non_null(word);
    word[sizeof(VERDICT) - 1] = 'X';
    struct json *result = json_of(buf_str(&buf));
    buf_done(&buf);
    return result;
}

/* The same verdict for the same reasons follows from the stored result. */
static void expect_again(const struct outcome *const *outcomes, size_t count, size_t line) {
    struct json *result = stored(outcomes, count);
    struct buf first, again;
    struct json_out out;
    enum verdict verdict;
    buf_init(&first, 1 << 20);
    buf_init(&again, 1 << 20);
    json_out_init(&out, &first);
    verdict_put(&criteria, outcomes, count, &out);
    json_out_init(&out, &again);
    assert_int_equal(verdict_again(result, &out, &verdict), ERR_OK);
    assert_int_equal(verdict, verdict_of(&criteria, outcomes, count));
    if (strcmp(buf_str(&first), buf_str(&again)) != 0)
        fail_msg("verdict.tsv:%zu: from the record %s", line, buf_str(&again));
    buf_done(&first);
    buf_done(&again);
    json_free(result);
}

/* What it says of its checks: "3:10", three of ten passed, "3:10:2", and two failed; NULL: nothing.
 */
static const char *counts_of(char *share, char *dst, size_t size) {
    char *passed = share != NULL ? strsep(&share, ":") : NULL;
    if (passed == NULL)
        return "{}";
    const char *checks = strsep(&share, ":");
    snprintf(dst, size, "{\"checks\":%s,\"passed\":%s,\"failed\":%s}", checks, passed,
             share != NULL ? share : "0");
    return dst;
}

/* cells: agents as "status/severity status/severity/passed:checks", constraints, verdict, codes of
 * the reasons.
 */
static void check_row(char **cells, size_t line) {
    const struct outcome *outcomes[AGENTS_MAX];
    size_t count = 0;
    char *rest = cells[0], *agent;
    struct buf codes;
    buf_init(&codes, 4096);
    wish(strcmp(cells[1], "-") == 0 ? "" : cells[1]);
    while (strcmp(cells[0], "-") != 0 && (agent = strsep(&rest, " ")) != NULL) {
        char name[16], counts[96], *status = strsep(&agent, "/"), *severity = strsep(&agent, "/");
        snprintf(name, sizeof(name), "agent-%zu", count);
        outcomes[count++] =
            ended_after(name, status, severity, counts_of(agent, counts, sizeof(counts)));
    }
    struct json *root = judged(outcomes, count);
    const struct json *reasons = json_get(root, "reasons");
    for (size_t i = 0; i < json_count(reasons); i++) {
        buf_puts(&codes, i > 0 ? " " : "");
        buf_puts(&codes, str_at(json_at(reasons, i), "code"));
        str_at(json_at(reasons, i), "text");
    }
    if (strcmp(verdict_word(verdict_of(&criteria, outcomes, count)), cells[2]) != 0 ||
        strcmp(str_at(root, "status"), cells[2]) != 0 || strcmp(buf_str(&codes), cells[3]) != 0)
        fail_msg("verdict.tsv:%zu: %s because of %s", line, str_at(root, "status"),
                 buf_str(&codes));
    expect_again(outcomes, count, line);
    buf_done(&codes);
    json_free(root);
    for (size_t i = 0; i < count; i++)
        outcome_free((struct outcome *)outcomes[i]);
}

static void verdicts_are_as_the_table_says(void **unused) {
    (void)unused;
    assert_true(table_each("verdict.tsv", 4, check_row) >= 40);
}

static void a_reason_names_agent_and_finding(void **unused) {
    (void)unused;
    wish("");
    struct outcome *outcomes[] = {ended("junior-qa", "partial", "high")};
    struct json *root = judged((const struct outcome *const *)outcomes, 1);
    const struct json *finding = json_at(json_get(root, "reasons"), 0),
                      *agent = json_at(json_get(root, "reasons"), 1);
    assert_string_equal(str_at(finding, "agent"), "junior-qa");
    assert_string_equal(str_at(finding, "check_id"), "C-high");
    assert_string_equal(str_at(finding, "finding_id"), outcome_finding(outcomes[0], 0)->finding_id);
    assert_string_equal(str_at(finding, "text"), "Found");
    assert_string_equal(str_at(agent, "agent"), "junior-qa");
    assert_string_equal(str_at(agent, "status"), "partial");
    assert_string_equal(str_at(agent, "reason"), "partial");
    json_free(root);
    outcome_free(outcomes[0]);
}

static void a_reason_names_the_criterion(void **unused) {
    (void)unused;
    wish("Be lovely");
    struct outcome *outcomes[] = {ended("junior-qa", "completed", NULL)};
    struct json *root = judged((const struct outcome *const *)outcomes, 1);
    const struct json *reason = json_at(json_get(root, "reasons"), 0);
    assert_string_equal(str_at(reason, "criterion_id"), "C1");
    assert_string_equal(str_at(reason, "text"), "Be lovely");
    json_free(root);
    outcome_free(outcomes[0]);
}

static void reasons_are_bounded_and_the_rest_is_counted(void **unused) {
    wish("");
    (void)unused;
    struct outcome *outcome;
    assert_int_equal(outcome_new("a", ROLE_JUNIOR_QA, &outcome), ERR_OK);
    for (int i = 0; i < 205; i++) {
        char line[256];
        snprintf(line, sizeof(line),
                 "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C\",\"title\":\"T\","
                 "\"component\":\"/%d\",\"severity\":\"%s\"}",
                 i, i == 204 ? "critical" : "medium");
        assert_int_equal(outcome_line(outcome, text_of(line)), ERR_OK);
    }
    struct json *root = judged((const struct outcome *const *)&outcome, 1);
    const struct json *reasons = json_get(root, "reasons");
    assert_string_equal(str_at(json_at(reasons, 0), "code"), "critical_finding");
    assert_string_equal(str_at(json_at(reasons, 200), "code"), "more_findings");
    assert_string_equal(str_at(json_at(reasons, 200), "text"),
                        "5 more findings, none of them weightier.");
    json_free(root);
    outcome_free(outcome);
}

/* Metrics, rates, checks, standards and roles come back too. */
static void measurements_are_judged_again_from_the_record(void **unused) {
    static const char *const LINES[] = {
        LINE("\"type\":\"metric\",\"name\":\"perf.latency.p95_ms\",\"value\":120.5,\"n\":400"),
        LINE("\"type\":\"metric\",\"name\":\"perf.throughput.rps\",\"value\":49,\"n\":400"),
        LINE("\"type\":\"metric\",\"name\":\"perf.error_rate\",\"value\":0.001,\"n\":50"),
        LINE("\"type\":\"check\",\"id\":\"SEC-HDR-01\",\"status\":\"passed\""),
        FINDING("\"severity\":\"low\",\"standards\":[{\"std\":\"GDPR\",\"req\":\"32\"}]"),
        RESULT("\"status\":\"completed\",\"data\":{\"rate\":50}"),
    };
    struct outcome *outcome = started();
    (void)unused;
    wish("p95 under 100 ms; p95 under 200 ms; handle 50 requests per second; error rate below 1 %; "
         "HSTS; GDPR; PCI; no high findings; Be lovely");
    for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++)
        feed(outcome, LINES[i]);
    expect_again((const struct outcome *const *)&outcome, 1, 0);
    outcome_free(outcome);
}

static void what_is_no_result_is_not_judged(void **unused) {
    static const char *const BAD[] = {
        "{}",
        "[]",
        "{\"error\":{\"code\":\"crashed\"}}",
        "{\"agent_results\":{\"a\":7}}",
        "{\"agent_results\":{\"a\":{\"status\":\"splendid\"}}}",
        "{\"agent_results\":{\"a\":{\"status\":\"completed\",\"findings\":[{\"title\":\"T\"}]}}}",
        "{\"agent_results\":{},\"criteria\":[{\"text\":\"x\",\"kind\":\"wish\"}]}",
        "{\"agent_results\":{},\"criteria\":[{\"text\":\"x\",\"kind\":\"metric\"}]}",
        "{\"agent_results\":{},\"criteria\":[{\"text\":\"x\",\"kind\":\"checks\",\"checks\":[1]}]}",
        "{\"agent_results\":{},\"criteria\":[{\"text\":\"x\",\"kind\":\"standard\"}]}",
    };
    (void)unused;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct json *result = json_of(BAD[i]);
        struct json_out out;
        struct buf buf;
        enum verdict verdict = VERDICT_INCOMPLETE;
        buf_init(&buf, 4096);
        json_out_init(&out, &buf);
        if (verdict_again(result, &out, &verdict) != ERR_DAMAGED)
            fail_msg("judged: %s", BAD[i]);
        buf_done(&buf);
        json_free(result);
    }
}

/* One of those that the record has no room for may have failed. */
static void checks_that_a_record_leaves_out_are_not_met_again(void **unused) {
    static const char RECORD[] =
        "{\"agent_results\":{\"security-compliance\":{\"status\":\"completed\",\"findings\":[],"
        "\"checks\":[{\"id\":\"SEC-HDR-01\",\"status\":\"passed\"}],\"checks_omitted\":%s}},"
        "\"criteria\":[{\"text\":\"HSTS\",\"kind\":\"checks\",\"checks\":[\"SEC-HDR-01\"]}]}";
    static const enum verdict EXPECTED[] = {VERDICT_GO, VERDICT_GO_WITH_WARNINGS};
    (void)unused;
    for (int omitted = 0; omitted < 2; omitted++) {
        struct json_out out;
        struct buf buf;
        enum verdict verdict;
        char text[512];
        snprintf(text, sizeof(text), RECORD, omitted ? "true" : "false");
        struct json *result = json_of(text);
        buf_init(&buf, 1 << 16);
        json_out_init(&out, &buf);
        assert_int_equal(verdict_again(result, &out, &verdict), ERR_OK);
        assert_int_equal(verdict, EXPECTED[omitted]);
        buf_done(&buf);
        json_free(result);
    }
}

/* 64 that are installed, those that are not, and one for each role that nobody has. */
static void every_agent_that_a_task_can_have_is_judged_again(void **unused) {
    struct outcome *outcomes[OUTCOME_AGENTS_MAX];
    char name[32];
    (void)unused;
    wish("");
    for (size_t i = 0; i < OUTCOME_AGENTS_MAX; i++) {
        snprintf(name, sizeof(name), "agent-%zu", i);
        outcomes[i] = ended(name, "completed", i + 1 == OUTCOME_AGENTS_MAX ? "high" : "-");
    }
    expect_again((const struct outcome *const *)outcomes, OUTCOME_AGENTS_MAX, 0);
    for (size_t i = 0; i < OUTCOME_AGENTS_MAX; i++)
        outcome_free(outcomes[i]);
}

static void words_and_exit_statuses_are_the_documented_ones(void **unused) {
    (void)unused;
    static const struct {
        const char *word;
        int exit_status;
    } EXPECTED[] = {{"GO", 0}, {"NO_GO", 1}, {"GO_WITH_WARNINGS", 2}, {"INCOMPLETE", 3}};
    enum verdict verdict;
    for (size_t i = 0; i < VERDICT__COUNT; i++) {
        assert_true(verdict_read(text_of(EXPECTED[i].word), &verdict));
        assert_string_equal(verdict_word(verdict), EXPECTED[i].word);
        assert_int_equal(verdict_exit(verdict), EXPECTED[i].exit_status);
    }
    assert_false(verdict_read(TEXT("go"), &verdict));
    assert_false(verdict_read(TEXT(""), &verdict));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_are_as_the_table_says),
        cmocka_unit_test(a_reason_names_agent_and_finding),
        cmocka_unit_test(a_reason_names_the_criterion),
        cmocka_unit_test(reasons_are_bounded_and_the_rest_is_counted),
        cmocka_unit_test(measurements_are_judged_again_from_the_record),
        cmocka_unit_test(what_is_no_result_is_not_judged),
        cmocka_unit_test(checks_that_a_record_leaves_out_are_not_met_again),
        cmocka_unit_test(every_agent_that_a_task_can_have_is_judged_again),
        cmocka_unit_test(words_and_exit_statuses_are_the_documented_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
