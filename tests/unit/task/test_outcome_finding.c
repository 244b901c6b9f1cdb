/* Findings: what they must have, which are kept, and what of them is stored. */
#include "task/outcome_help.h"

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

static void a_score_of_zero_takes_no_word_back(void **unused) {
    (void)unused;
    assert_stored(FINDING("\"severity\":\"critical\",\"cvss_score\":0"), "severity", "critical");
    assert_stored(FINDING("\"severity\":\"high\",\"cvss_vector\":"
                          "\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N\""),
                  "severity", "high");
    assert_stored(FINDING("\"severity\":\"warning\",\"cvss_score\":0"), "severity", "info");
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

static void an_advisory_finding_never_hides_one_that_decides(void **unused) {
    (void)unused;
    struct outcome *outcome = started();
    feed(outcome, FINDING("\"severity\":\"medium\""));
    feed(outcome, FINDING("\"severity\":\"high\",\"weight\":0.25"));
    assert_int_equal(outcome_finding(outcome, 0)->severity, SEVERITY_MEDIUM);
    assert_false(outcome_finding(outcome, 0)->advisory);
    outcome_free(outcome);
}

static void a_weight_that_cannot_be_used_is_full(void **unused) {
    (void)unused;
    static const char *const WEIGHTS[] = {"0", "-1", "1", "7", "\"0.25\"", "null", "[]"};
    for (size_t i = 0; i < sizeof(WEIGHTS) / sizeof(WEIGHTS[0]); i++) {
        char line[256];
        struct outcome *outcome = started();
        snprintf(line, sizeof(line), FINDING("\"severity\":\"high\",\"weight\":%s"), WEIGHTS[i]);
        feed(outcome, line);
        assert_false(outcome_finding(outcome, 0)->advisory);
        outcome_free(outcome);
    }
}

static void feed_numbered(struct outcome *outcome, int number, const char *severity) {
    char line[256];
    snprintf(line, sizeof(line),
             LINE("\"type\":\"finding\",\"check_id\":\"C\",\"title\":\"T\",\"component\":\"/%d\","
                  "\"severity\":\"%s\""),
             number, severity);
    feed(outcome, line);
}

/* However grave they are called: they decide nothing. */
static void advisory_findings_give_way_to_those_that_decide(void **state) {
    char line[256];
    struct outcome *outcome = started();
    bool kept = false, disputed = false;
    (void)state;
    for (int i = 0; i < OUTCOME_FINDINGS_MAX; i++) {
        snprintf(
            line, sizeof(line),
            LINE("\"type\":\"finding\",\"check_id\":\"A\",\"title\":\"T\",\"component\":\"%d\","
                 "\"severity\":\"critical\",\"weight\":0.25"),
            i);
        feed(outcome, line);
    }
    feed(outcome, FINDING("\"severity\":\"medium\""));
    feed(outcome,
         LINE("\"type\":\"finding\",\"check_id\":\"C2\",\"title\":\"T\",\"component\":\"/\","
              "\"severity\":\"critical\",\"cvss_score\":2"));
    for (size_t i = 0; i < outcome_findings(outcome); i++)
        kept |= strcmp(outcome_finding(outcome, i)->check_id, "C1") == 0;
    disputed = outcome_disputed(outcome);
    assert_int_equal(outcome_findings(outcome), OUTCOME_FINDINGS_MAX);
    assert_true(kept && disputed);
    outcome_free(outcome);
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

/* An advisory one of a standard, with an array as that member; json_free it. */
static struct json *laden_finding(const char *member, int count, int width) {
    struct buf line;
    buf_init(&line, WORK_MAX);
    buf_printf(&line,
               "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C1\",\"component\":\"/\","
               "\"title\":\"T\",\"%s\":[0",
               member);
    for (int i = 0; i < count; i++)
        buf_printf(&line, ",\"%0*d\"", width, i);
    buf_puts(&line, "],\"severity\":\"critical\",\"weight\":0.25,"
                    "\"standards\":[{\"std\":\"GDPR\"}]}");
    struct json *root = finding_of(buf_str(&line));
    buf_done(&line);
    return root;
}

static void expect_rating(const struct json *finding) {
    double weight = 1;
    assert_string_equal(str_at(finding, "severity"), "critical");
    assert_true(json_number(json_get(finding, "weight"), &weight));
    assert_true(weight == 0.25);
}

static void a_huge_finding_is_kept_without_its_evidence(void **unused) {
    (void)unused;
    struct json *root = laden_finding("evidence", 30, 8000);
    expect_rating(root);
    assert_int_equal(json_kind(json_get(root, "evidence")), JSON_NULL);
    assert_int_equal(json_count(json_get(root, "standards")), 1);
    json_free(root);
}

static void a_finding_with_huge_extras_is_kept_without_them(void **unused) {
    (void)unused;
    struct json *root = laden_finding("extra", 30, 8000);
    expect_rating(root);
    assert_null(json_get(root, "extra"));
    json_free(root);
}

static void evidence_of_many_values_leaves_the_other_members(void **unused) {
    (void)unused;
    struct json *root = laden_finding("evidence", 2000, 1);
    expect_rating(root);
    assert_in_range(json_count(json_get(root, "evidence")), 900, 1000);
    assert_int_equal(json_count(json_get(root, "standards")), 1);
    json_free(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_lacks_none_of_the_mandatory_members),
        cmocka_unit_test(a_stored_finding_has_every_guaranteed_member),
        cmocka_unit_test(an_id_of_its_own_is_kept),
        cmocka_unit_test(the_severity_is_the_band_of_the_vector_then_of_the_score),
        cmocka_unit_test(a_score_of_zero_takes_no_word_back),
        cmocka_unit_test(the_same_check_on_the_same_component_is_one_finding_the_worst),
        cmocka_unit_test(an_advisory_finding_never_hides_one_that_decides),
        cmocka_unit_test(a_weight_that_cannot_be_used_is_full),
        cmocka_unit_test(advisory_findings_give_way_to_those_that_decide),
        cmocka_unit_test(a_flood_of_small_findings_does_not_hide_a_large_one),
        cmocka_unit_test(secrets_in_evidence_are_masked_wherever_they_stand),
        cmocka_unit_test(control_and_direction_characters_are_spelled_out),
        cmocka_unit_test(a_member_whose_name_is_dangerous_is_left_out),
        cmocka_unit_test(long_strings_are_cut_between_characters),
        cmocka_unit_test(a_huge_finding_is_kept_without_its_evidence),
        cmocka_unit_test(a_finding_with_huge_extras_is_kept_without_them),
        cmocka_unit_test(evidence_of_many_values_leaves_the_other_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
