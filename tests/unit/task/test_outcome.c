/* What an agent's lines add up to, whatever it prints. */
#include "task/outcome_help.h"

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

static void a_finding_that_cannot_be_read_keeps_the_work_from_being_complete(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed_bad(outcome, FINDING("\"severity\":\"CRITICAL\""));
    feed(outcome, RESULT("\"status\":\"completed\",\"summary\":\"fine\""));
    outcome_close(outcome);
    assert_int_equal(outcome_status(outcome), OUTCOME_PARTIAL);
    assert_string_equal(outcome_reason(outcome), "agent_protocol");
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

static void the_document_of_the_result_is_kept(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome,
         RESULT("\"status\":\"completed\",\"data\":{\"score\":0.5,\"by\":[\"x\\u001b[1m\"],"
                "\"Authorization\":\"Bearer abc\"}"));
    struct json *root = printed(outcome);
    double score = 0;
    assert_true(json_number(json_path(root, "data.score"), &score) && score == 0.5);
    assert_string_equal(json_str(json_at(json_path(root, "data.by"), 0), ""), "x\\u001b[1m");
    assert_null(strstr(json_str(json_path(root, "data.Authorization"), ""), "abc"));
    json_free(root);
    outcome_free(outcome);
}

static void a_document_that_is_too_large_is_left_out_and_said_so(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    struct buf line;
    buf_init(&line, WORK_MAX);
    buf_puts(&line, "{\"v\":1,\"type\":\"result\",\"status\":\"completed\",\"data\":{\"all\":[0");
    for (int i = 0; i < 15000; i++)
        buf_puts(&line, ",12345");
    buf_puts(&line, "]}}");
    feed(outcome, buf_str(&line));
    struct json *root = printed(outcome);
    assert_null(json_get(root, "data"));
    assert_true(json_bool(json_get(root, "data_omitted"), false));
    json_free(root);
    buf_done(&line);
    outcome_free(outcome);
}

static void files_have_plain_names_and_known_types_and_are_told_once_they_are_kept(void **unused) {
    (void)unused;
    static const char *const BAD[] = {"\"name\":\"../x\",\"media_type\":\"text/plain\"",
                                      "\"name\":\"a..b\",\"media_type\":\"text/plain\"",
                                      "\"name\":\".x\",\"media_type\":\"text/plain\"",
                                      "\"name\":\"\",\"media_type\":\"text/plain\"",
                                      "\"name\":\"x\",\"media_type\":\"text/html\"",
                                      "\"name\":\"x\"",
                                      "\"name\":\"series.json\",\"media_type\":\"text/plain\""};
    struct outcome *outcome = started();
    char line[256];
    feed(outcome, LINE("\"type\":\"artifact\",\"name\":\"series.json\","
                       "\"media_type\":\"application/json\""));
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        snprintf(line, sizeof(line), "{\"v\":1,\"type\":\"artifact\",%s}", BAD[i]);
        feed_bad(outcome, line);
    }
    struct json *root = printed(outcome);
    assert_int_equal(json_count(json_get(root, "artifacts")), 0);
    json_free(root);
    outcome_artifact(outcome, 0)->kept = true;
    root = printed(outcome);
    assert_string_equal(str_at(json_at(json_get(root, "artifacts"), 0), "name"),
                        "security-compliance.series.json");
    json_free(root);
    outcome_free(outcome);
}

static void no_agent_leaves_more_files_than_so_many(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    char line[256];
    for (int i = 0; i <= OUTCOME_ARTIFACTS_MAX; i++) {
        snprintf(line, sizeof(line),
                 "{\"v\":1,\"type\":\"artifact\",\"name\":\"f%d\",\"media_type\":\"text/plain\"}",
                 i);
        if (i < OUTCOME_ARTIFACTS_MAX)
            feed(outcome, line);
        else
            feed_bad(outcome, line);
    }
    outcome_free(outcome);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_of_the_result_is_kept),
        cmocka_unit_test(a_document_that_is_too_large_is_left_out_and_said_so),
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
        cmocka_unit_test(a_finding_that_cannot_be_read_keeps_the_work_from_being_complete),
        cmocka_unit_test(too_many_bad_lines_spoil_the_outcome_but_not_the_findings),
        cmocka_unit_test(progress_is_a_percentage),
        cmocka_unit_test(files_have_plain_names_and_known_types_and_are_told_once_they_are_kept),
        cmocka_unit_test(no_agent_leaves_more_files_than_so_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
