/* What an agent's lines add up to, whatever it prints. */
#include "agnostic/task/outcome.h"
#include "json_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE(members) "{\"v\":1," members "}"
#define FINDING(members)                                                                           \
    LINE("\"type\":\"finding\",\"check_id\":\"C1\",\"title\":\"T\",\"component\":\"/\"," members)
#define RESULT(members) LINE("\"type\":\"result\"," members)

enum { WORK_MAX = 64 << 20 };

static struct outcome *started(void) {
    struct outcome *outcome;
    assert_int_equal(outcome_new("security-compliance", ROLE_SECURITY_COMPLIANCE, &outcome),
                     ERR_OK);
    return outcome;
}

static void feed(struct outcome *outcome, const char *line) {
    if (outcome_line(outcome, text_of(line)) != ERR_OK)
        fail_msg("refused: %.300s", line);
}

static void feed_bad(struct outcome *outcome, const char *line) {
    size_t before = outcome_bad_lines(outcome);
    if (outcome_line(outcome, text_of(line)) != ERR_SYNTAX)
        fail_msg("accepted: %.300s", line);
    assert_int_equal(outcome_bad_lines(outcome), before + 1);
}

static struct json *printed(const struct outcome *outcome) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, WORK_MAX);
    json_out_init(&out, &buf);
    outcome_put(outcome, &out);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    return root;
}

/* The only finding of an agent that printed this line; json_free it. */
static struct json *finding_of(const char *line) {
    struct outcome *outcome = started();
    feed(outcome, line);
    assert_int_equal(outcome_findings(outcome), 1);
    char *copy = text_dup(outcome_finding(outcome, 0)->json);
    struct json *root = json_of(copy);
    free(copy);
    outcome_free(outcome);
    return root;
}

static void assert_stored(const char *line, const char *path, const char *expected) {
    struct json *root = finding_of(line);
    assert_string_equal(str_at(root, path), expected);
    json_free(root);
}

/* --- how it ends ------------------------------------------------------------------- */

static void a_whole_run_adds_up(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, LINE("\"type\":\"hello\",\"name\":\"x\""));
    feed(outcome, LINE("\"type\":\"check\",\"id\":\"C1\",\"status\":\"failed\""));
    feed(outcome, LINE("\"type\":\"check\",\"id\":\"C2\",\"status\":\"passed\""));
    feed(outcome, LINE("\"type\":\"check\",\"id\":\"C3\",\"status\":\"not_tested\""));
    feed(outcome, FINDING("\"severity\":\"medium\""));
    feed(outcome, LINE("\"type\":\"metric\",\"name\":\"p95\",\"value\":231.4,\"unit\":\"ms\""));
    feed(outcome, RESULT("\"status\":\"completed\",\"summary\":\"1 medium\","
                         "\"counts\":{\"checks\":99}"));
    outcome_close(outcome);
    assert_int_equal(outcome_status(outcome), OUTCOME_COMPLETED);
    assert_null(outcome_reason(outcome));
    struct json *root = printed(outcome);
    assert_string_equal(str_at(root, "status"), "completed");
    assert_string_equal(str_at(root, "summary"), "1 medium");
    assert_int_equal(int_at(root, "counts.checks"), 3);
    assert_int_equal(int_at(root, "counts.failed"), 1);
    assert_int_equal(int_at(root, "counts.not_tested"), 1);
    assert_int_equal(int_at(root, "counts.medium"), 1);
    assert_int_equal(json_count(json_get(root, "findings")), 1);
    const struct json *metric = json_at(json_get(root, "metrics"), 0);
    assert_string_equal(str_at(metric, "name"), "p95");
    assert_null(json_get(metric, "type"));
    assert_null(json_get(root, "protocol_errors"));
    json_free(root);
    outcome_free(outcome);
}

static void counts_come_from_the_result_when_no_check_was_told(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, RESULT("\"status\":\"completed\",\"counts\":{\"checks\":58,\"passed\":55,"
                         "\"failed\":-3,\"skipped\":\"2\",\"evil\":1}"));
    struct json *root = printed(outcome);
    assert_int_equal(int_at(root, "counts.checks"), 58);
    assert_int_equal(int_at(root, "counts.passed"), 55);
    assert_int_equal(int_at(root, "counts.failed"), 0);
    assert_null(json_path(root, "counts.evil"));
    assert_string_equal(str_at(root, "summary"), "No findings.");
    json_free(root);
    outcome_free(outcome);
}

static void an_agent_that_counted_nothing_has_no_invented_counts(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, RESULT("\"status\":\"completed\""));
    struct json *root = printed(outcome);
    assert_null(json_path(root, "counts.checks"));
    assert_int_equal(int_at(root, "counts.critical"), 0);
    json_free(root);
    outcome_free(outcome);
}

static void an_agent_without_a_result_has_failed(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    assert_int_equal(outcome_status(outcome), OUTCOME_FAILED);
    feed(outcome, FINDING("\"severity\":\"high\""));
    outcome_close(outcome);
    assert_int_equal(outcome_status(outcome), OUTCOME_FAILED);
    assert_string_equal(outcome_reason(outcome), "no_result");
    assert_int_equal(outcome_findings(outcome), 1);
    outcome_free(outcome);
}

static void a_crash_outweighs_what_the_agent_said(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, RESULT("\"status\":\"completed\""));
    outcome_end(outcome, OUTCOME_FAILED, "agent_crashed", "Killed by signal 11.");
    outcome_close(outcome);
    assert_int_equal(outcome_status(outcome), OUTCOME_FAILED);
    assert_string_equal(outcome_reason(outcome), "agent_crashed");
    assert_string_equal(outcome_summary(outcome), "Killed by signal 11.");
    outcome_free(outcome);
}

static void each_status_word_has_a_reason_when_it_is_not_completed(void **unused) {
    (void)unused;
    static const struct {
        const char *result, *status, *reason;
    } CASES[] = {
        {RESULT("\"status\":\"partial\""), "partial", "partial"},
        {RESULT("\"status\":\"failed\",\"reason\":\"no_browser\""), "failed", "no_browser"},
        {RESULT("\"status\":\"refused\",\"reason\":\"Bad words!\""), "refused", "target_refused"},
        {RESULT("\"status\":\"not_available\",\"reason\":5"), "not_available", "not_available"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct outcome *outcome = started();
        feed(outcome, CASES[i].result);
        assert_string_equal(outcome_status_word(outcome_status(outcome)), CASES[i].status);
        assert_string_equal(outcome_reason(outcome), CASES[i].reason);
        outcome_free(outcome);
    }
}

static void the_first_result_wins_and_nothing_behind_it_counts(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, RESULT("\"status\":\"partial\""));
    feed(outcome, RESULT("\"status\":\"completed\""));
    feed(outcome, FINDING("\"severity\":\"critical\""));
    feed(outcome, "not even JSON");
    assert_int_equal(outcome_status(outcome), OUTCOME_PARTIAL);
    assert_int_equal(outcome_findings(outcome), 0);
    struct json *root = printed(outcome);
    assert_int_equal(int_at(root, "late_lines"), 3);
    json_free(root);
    outcome_free(outcome);
}

static void a_summary_is_made_when_there_is_none(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, FINDING("\"severity\":\"high\""));
    feed(outcome, LINE("\"type\":\"finding\",\"check_id\":\"C2\",\"title\":\"T\","
                       "\"component\":\"/\",\"severity\":\"low\""));
    feed(outcome, RESULT("\"status\":\"completed\""));
    assert_string_equal(outcome_summary(outcome), "2 findings: 1 high, 1 low.");
    outcome_free(outcome);
}

/* --- lines -------------------------------------------------------------------------- */

static void lines_that_are_not_of_the_protocol_are_counted(void **unused) {
    (void)unused;
    static const char *const BAD[] = {
        "hello",
        "[]",
        "1",
        "{}",
        "{\"type\":\"log\"}",
        "{\"v\":2,\"type\":\"log\"}",
        "{\"v\":\"1\",\"type\":\"log\"}",
        "{\"v\":1}",
        "{\"v\":1,\"type\":7}",
        "{\"v\":1,\"type\":\"log\"}x",
        "{\"v\":1,\"v\":1,\"type\":\"log\"}",
        LINE("\"type\":\"check\",\"id\":\"C1\",\"status\":\"great\""),
        LINE("\"type\":\"check\",\"status\":\"passed\""),
        LINE("\"type\":\"metric\",\"name\":\"m\""),
        LINE("\"type\":\"metric\",\"name\":\"m\",\"value\":\"1\""),
        RESULT("\"status\":\"great\""),
        RESULT("\"summary\":\"x\""),
        "\xff\xfe",
    };
    struct outcome *outcome = started();
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        feed_bad(outcome, BAD[i]);
    struct json *root = printed(outcome);
    assert_int_equal(int_at(root, "protocol_errors"), sizeof(BAD) / sizeof(BAD[0]));
    json_free(root);
    outcome_free(outcome);
}

static void blank_lines_unknown_types_and_members_are_no_faults(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, "");
    feed(outcome, " \r");
    feed(outcome, LINE("\"type\":\"hologram\",\"x\":[1,2,{}]"));
    assert_int_equal(outcome_bad_lines(outcome), 0);
    outcome_free(outcome);
}

static void too_many_bad_lines_spoil_the_outcome_but_not_the_findings(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    for (int i = 0; i <= OUTCOME_BAD_LINES_MAX; i++)
        feed_bad(outcome, "x");
    feed(outcome, FINDING("\"severity\":\"critical\""));
    feed(outcome, RESULT("\"status\":\"completed\""));
    outcome_close(outcome);
    assert_int_equal(outcome_status(outcome), OUTCOME_FAILED);
    assert_string_equal(outcome_reason(outcome), "agent_protocol");
    assert_int_equal(outcome_findings(outcome), 1);
    outcome_free(outcome);
}

static void progress_is_a_percentage(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    assert_int_equal(outcome_percent(outcome), -1);
    feed(outcome, LINE("\"type\":\"progress\",\"done\":12,\"total\":58"));
    assert_int_equal(outcome_percent(outcome), 20);
    feed(outcome, LINE("\"type\":\"progress\",\"done\":12,\"total\":0"));
    feed(outcome, LINE("\"type\":\"progress\",\"done\":59,\"total\":58"));
    feed(outcome, LINE("\"type\":\"progress\",\"percent\":101"));
    assert_int_equal(outcome_percent(outcome), 20);
    feed(outcome, LINE("\"type\":\"progress\",\"percent\":100"));
    assert_int_equal(outcome_percent(outcome), 100);
    outcome_free(outcome);
}

/* --- findings ------------------------------------------------------------------------ */

static void a_finding_lacks_none_of_the_mandatory_members(void **unused) {
    (void)unused;
    static const char *const MEMBERS[] = {"\"check_id\":\"C1\"", "\"title\":\"T\"",
                                          "\"severity\":\"low\"", "\"component\":\"/\""};
    struct outcome *outcome = started();
    for (size_t left_out = 0; left_out < 4; left_out++) {
        struct buf buf;
        buf_init(&buf, 512);
        buf_puts(&buf, "{\"v\":1,\"type\":\"finding\"");
        for (size_t i = 0; i < 4; i++)
            buf_printf(&buf, "%s%s", i == left_out ? "" : ",", i == left_out ? "" : MEMBERS[i]);
        buf_putc(&buf, '}');
        feed_bad(outcome, buf_str(&buf));
        buf_done(&buf);
    }
    feed_bad(outcome, FINDING("\"severity\":\"awful\""));
    feed_bad(outcome, FINDING("\"severity\":5"));
    assert_int_equal(outcome_findings(outcome), 0);
    outcome_free(outcome);
}

static void a_stored_finding_has_every_guaranteed_member(void **unused) {
    (void)unused;
    struct json *root =
        finding_of(FINDING("\"severity\":\"low\",\"seq\":4,\"ts\":\"x\",\"extra\":1"));
    static const char *const NULLS[] = {"cwe_id", "cvss_score", "evidence"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(json_kind(json_get(root, NULLS[i])), JSON_NULL);
    assert_string_equal(str_at(root, "check_id"), "C1");
    assert_string_equal(str_at(root, "severity"), "low");
    /* sha256 of "C1\n/", by sha256sum */
    assert_string_equal(str_at(root, "fingerprint"),
                        "sha256:3a7a94fd1c56fbf867d7f708c4b6f16faa3f6c02eb43c1d78ffe3a5265a3886c");
    assert_string_equal(str_at(root, "finding_id"), "f_3a7a94fd1c56fbf8");
    assert_int_equal(int_at(root, "extra"), 1);
    assert_null(json_get(root, "seq"));
    assert_null(json_get(root, "type"));
    json_free(root);
}

static void an_id_of_its_own_is_kept(void **unused) {
    (void)unused;
    assert_stored(FINDING("\"severity\":\"low\",\"finding_id\":\"f_9\""), "finding_id", "f_9");
    assert_stored(FINDING("\"severity\":\"low\",\"fingerprint\":\"zap:1\""), "fingerprint",
                  "zap:1");
}

static void the_severity_is_the_band_of_the_vector_then_of_the_score(void **unused) {
    (void)unused;
    assert_stored(FINDING("\"severity\":\"low\",\"cvss_vector\":"
                          "\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\",\"cvss_score\":1"),
                  "severity", "critical");
    assert_stored(FINDING("\"severity\":\"info\",\"cvss_score\":7.4"), "severity", "high");
    assert_stored(FINDING("\"severity\":\"info\",\"cvss_score\":7.4"), "severity_claimed", "info");
    assert_stored(FINDING("\"severity\":\"warning\",\"cvss_score\":5"), "severity", "medium");
    assert_stored(FINDING("\"severity\":\"high\",\"cvss_vector\":\"nonsense\""), "severity",
                  "high");
    assert_stored(FINDING("\"severity\":\"high\",\"cvss_score\":11"), "severity", "high");
    assert_stored(FINDING("\"severity\":\"high\",\"cvss_score\":\"2\""), "severity", "high");
    assert_stored(FINDING("\"severity\":\"low\",\"cwe_id\":79"), "cwe_id", "CWE-79");
}

static void the_same_check_on_the_same_component_is_one_finding_the_worst(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, FINDING("\"severity\":\"low\""));
    feed(outcome, FINDING("\"severity\":\"high\""));
    feed(outcome, FINDING("\"severity\":\"medium\""));
    assert_int_equal(outcome_findings(outcome), 1);
    assert_int_equal(outcome_finding(outcome, 0)->severity, SEVERITY_HIGH);
    assert_int_equal(outcome_dropped(outcome), 0);
    outcome_free(outcome);
}

static void feed_numbered(struct outcome *outcome, int number, const char *severity) {
    char line[256];
    snprintf(line, sizeof(line),
             LINE("\"type\":\"finding\",\"check_id\":\"C\",\"title\":\"T\",\"component\":\"/%d\","
                  "\"severity\":\"%s\""),
             number, severity);
    feed(outcome, line);
}

static void a_flood_of_small_findings_does_not_hide_a_large_one(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    for (int i = 0; i < OUTCOME_FINDINGS_MAX + 5; i++)
        feed_numbered(outcome, i, "low");
    assert_int_equal(outcome_findings(outcome), OUTCOME_FINDINGS_MAX);
    assert_int_equal(outcome_dropped(outcome), 5);
    feed_numbered(outcome, 9999, "critical");
    assert_int_equal(outcome_dropped(outcome), 6);
    enum severity worst = SEVERITY_INFO;
    for (size_t i = 0; i < outcome_findings(outcome); i++) {
        if (outcome_finding(outcome, i)->severity < worst)
            worst = outcome_finding(outcome, i)->severity;
    }
    assert_int_equal(worst, SEVERITY_CRITICAL);
    struct json *root = printed(outcome);
    assert_int_equal(int_at(root, "findings_omitted"), 6);
    assert_int_equal(int_at(root, "counts.low"), OUTCOME_FINDINGS_MAX + 5);
    json_free(root);
    outcome_free(outcome);
}

/* --- what strangers print ----------------------------------------------------------------- */

static void secrets_in_evidence_are_masked_wherever_they_stand(void **unused) {
    (void)unused;
    static const char *const EVIDENCE[] = {
        "\"Authorization: Bearer hunter2\"",
        "{\"headers\":{\"Authorization\":\"Bearer hunter2\"}}",
        "{\"set_cookie\":[\"sid=hunter2; Path=/\",\"b=hunter2\"]}",
        "[{\"name\":\"X-API-Key\",\"value\":\"hunter2\"}]",
        "{\"cookie\":{\"name\":\"sid\",\"value\":\"hunter2\"}}",
        "[[[\"GET / HTTP/1.1\\r\\nCookie: sid=hunter2\\r\\n\"]]]",
    };
    for (size_t i = 0; i < sizeof(EVIDENCE) / sizeof(EVIDENCE[0]); i++) {
        char line[512];
        struct outcome *outcome = started();
        snprintf(line, sizeof(line), FINDING("\"severity\":\"low\",\"evidence\":%s"), EVIDENCE[i]);
        feed(outcome, line);
        if (text_find(outcome_finding(outcome, 0)->json, TEXT("hunter2")) >= 0)
            fail_msg("not masked: %s", EVIDENCE[i]);
        outcome_free(outcome);
    }
    assert_stored(FINDING("\"severity\":\"low\",\"evidence\":{\"cookie\":\"sid\"}"),
                  "evidence.cookie", "sid");
    assert_stored(FINDING("\"severity\":\"low\",\"evidence\":{\"set-cookie\":\"sid=1; Path=/\"}"),
                  "evidence.set-cookie", "sid=***; Path=/");
}

static void control_and_direction_characters_are_spelled_out(void **unused) {
    (void)unused;
    assert_stored(
        FINDING("\"severity\":\"low\",\"evidence\":\"a\\u001b[31m\\u202eb\\u0085\\tc\\nd\""),
        "evidence", "a\\u001b[31m\\u202eb\\u0085\tc\nd");
}

static void a_member_whose_name_is_dangerous_is_left_out(void **unused) {
    (void)unused;
    struct json *root = finding_of(FINDING("\"severity\":\"low\",\"a\\u001bb\":1,\"evidence\":"
                                           "{\"x\\u202e\":1,\"y\":2}"));
    assert_int_equal(json_count(json_get(root, "evidence")), 1);
    json_free(root);
}

static void long_strings_are_cut_between_characters(void **unused) {
    (void)unused;
    struct buf line;
    buf_init(&line, WORK_MAX);
    buf_puts(&line, "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C1\",\"component\":\"/\","
                    "\"severity\":\"low\",\"title\":\"a");
    for (int i = 0; i < OUTCOME_STRING_MAX; i++)
        buf_puts(&line, "\xc3\xa9");
    buf_puts(&line, "\"}");
    struct json *root = finding_of(buf_str(&line));
    struct text title = text_of(str_at(root, "title"));
    assert_in_range(title.len, OUTCOME_STRING_MAX - 4, OUTCOME_STRING_MAX);
    assert_true(text_is_utf8(title));
    json_free(root);
    buf_done(&line);
}

static void a_huge_finding_is_kept_without_its_extras(void **unused) {
    (void)unused;
    struct buf line;
    buf_init(&line, WORK_MAX);
    buf_puts(&line, "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C1\",\"component\":\"/\","
                    "\"severity\":\"critical\",\"title\":\"T\",\"evidence\":[0");
    for (int i = 0; i < 30; i++)
        buf_printf(&line, ",\"%08000d\"", i);
    buf_puts(&line, "]}");
    struct json *root = finding_of(buf_str(&line));
    assert_string_equal(str_at(root, "severity"), "critical");
    assert_int_equal(json_kind(json_get(root, "evidence")), JSON_NULL);
    json_free(root);
    buf_done(&line);
}

/* --- the log ---------------------------------------------------------------------------- */

static struct json *stamped(const char *line) {
    struct buf buf;
    buf_init(&buf, WORK_MAX);
    outcome_stamp(text_of(line), "junior-qa", "session_1", 7, INT64_C(1771668000123000), &buf);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    return root;
}

static void a_stored_line_has_what_the_agent_left_out(void **unused) {
    (void)unused;
    struct json *root = stamped("{\"v\":1,\"type\":\"hello\",\"agent\":\"root\",\"session_id\":9}");
    assert_string_equal(str_at(root, "type"), "hello");
    assert_string_equal(str_at(root, "ts"), "2026-02-21T10:00:00.123Z");
    assert_int_equal(int_at(root, "seq"), 7);
    assert_string_equal(str_at(root, "agent"), "junior-qa");
    assert_string_equal(str_at(root, "session_id"), "session_1");
    json_free(root);
}

static void what_the_agent_said_of_time_and_order_is_kept(void **unused) {
    (void)unused;
    struct json *root = stamped(
        LINE("\"type\":\"log\",\"ts\":\"2026-01-01T00:00:00Z\",\"seq\":3,\"message\":\"m\""));
    assert_string_equal(str_at(root, "ts"), "2026-01-01T00:00:00Z");
    assert_int_equal(int_at(root, "seq"), 3);
    assert_string_equal(str_at(root, "message"), "m");
    json_free(root);
}

static void a_line_that_is_not_json_is_stored_as_a_log(void **unused) {
    (void)unused;
    struct json *root = stamped("Traceback: \x1b[0m Cookie: a=b");
    assert_string_equal(str_at(root, "type"), "log");
    assert_string_equal(str_at(root, "level"), "warn");
    assert_string_equal(str_at(root, "message"), "Traceback: \\u001b[0m Cookie: ***");
    json_free(root);
    json_free(stamped("\xff\xe2\x1b"));
    json_free(stamped("[1]"));
    struct buf buf;
    buf_init(&buf, WORK_MAX);
    outcome_stamp(text_make("a\0b", 3), "a", "s", 1, 0, &buf);
    root = json_of(buf_str(&buf));
    assert_string_equal(str_at(root, "message"), "a\\u0000b");
    json_free(root);
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_run_adds_up),
        cmocka_unit_test(counts_come_from_the_result_when_no_check_was_told),
        cmocka_unit_test(an_agent_that_counted_nothing_has_no_invented_counts),
        cmocka_unit_test(an_agent_without_a_result_has_failed),
        cmocka_unit_test(a_crash_outweighs_what_the_agent_said),
        cmocka_unit_test(each_status_word_has_a_reason_when_it_is_not_completed),
        cmocka_unit_test(the_first_result_wins_and_nothing_behind_it_counts),
        cmocka_unit_test(a_summary_is_made_when_there_is_none),
        cmocka_unit_test(lines_that_are_not_of_the_protocol_are_counted),
        cmocka_unit_test(blank_lines_unknown_types_and_members_are_no_faults),
        cmocka_unit_test(too_many_bad_lines_spoil_the_outcome_but_not_the_findings),
        cmocka_unit_test(progress_is_a_percentage),
        cmocka_unit_test(a_finding_lacks_none_of_the_mandatory_members),
        cmocka_unit_test(a_stored_finding_has_every_guaranteed_member),
        cmocka_unit_test(an_id_of_its_own_is_kept),
        cmocka_unit_test(the_severity_is_the_band_of_the_vector_then_of_the_score),
        cmocka_unit_test(the_same_check_on_the_same_component_is_one_finding_the_worst),
        cmocka_unit_test(a_flood_of_small_findings_does_not_hide_a_large_one),
        cmocka_unit_test(secrets_in_evidence_are_masked_wherever_they_stand),
        cmocka_unit_test(control_and_direction_characters_are_spelled_out),
        cmocka_unit_test(a_member_whose_name_is_dangerous_is_left_out),
        cmocka_unit_test(long_strings_are_cut_between_characters),
        cmocka_unit_test(a_huge_finding_is_kept_without_its_extras),
        cmocka_unit_test(a_stored_line_has_what_the_agent_left_out),
        cmocka_unit_test(what_the_agent_said_of_time_and_order_is_kept),
        cmocka_unit_test(a_line_that_is_not_json_is_stored_as_a_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
