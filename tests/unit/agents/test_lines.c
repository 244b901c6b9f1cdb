/* Goal: what an agent says is numbered, counted and ends with the result; the report lets no
 * control character through. */
#include <stdio.h>
#include <string.h>

#include "agents/lines.h"
#include "agents/report.h"
#include "unit.h"

static const struct rule RULE = {
    .id = "X-1",
    .cwe = "CWE-1",
    .standards = "OWASP:A01:2021 GDPR:32",
    .description = "why",
    .remediation = "mend",
    .reference = "https://r.example/",
    .variants = {{"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", "grave"},
                 {"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:N", "light"}}};

enum { SAID_MAX = 32 };
struct said {
    struct json *lines[SAID_MAX];
    size_t count;
};

static void keep(void *ctx, struct text line) {
    struct said *said = ctx;
    assert_true(said->count < SAID_MAX);
    assert_int_equal(json_parse(line, &JSON_LIMITS_RESULT, &said->lines[said->count++], NULL),
                     ERR_OK);
}

static void forget(struct said *said) {
    while (said->count > 0)
        json_free(said->lines[--said->count]);
}

static const char *word(const struct said *said, size_t index, const char *path) {
    return json_str(json_path(said->lines[index], path), "");
}

static int64_t number(const struct said *said, size_t index, const char *path) {
    int64_t n = -1;
    json_int(json_path(said->lines[index], path), 0, INT64_MAX, &n);
    return n;
}

static void judge(struct lines *lines, enum judgement_status status, const char *note) {
    struct judgement judgement;
    judgement_init(&judgement);
    if (status == JUDGEMENT_PASSED)
        judgement_pass(&judgement);
    if (status == JUDGEMENT_FAILED) {
        judgement_fault(&judgement, 1, "http://a/", "light first");
        judgement_fault(&judgement, 0, "http://a/", "%s", note);
    }
    lines_judgement(lines, &RULE, &judgement, false);
    judgement_done(&judgement);
}

static void lines_are_numbered_counted_and_end_with_the_result(void **state) {
    const struct rule *planned[] = {&RULE, &RULE, &RULE};
    const struct lines_plan plan = {planned, 3, NULL, 0};
    struct said said = {0};
    struct lines *lines;
    (void)state;
    assert_int_equal(lines_new(keep, &said, &lines), ERR_OK);
    lines_plan(lines, &plan);
    judge(lines, JUDGEMENT_PASSED, NULL);
    judge(lines, JUDGEMENT_FAILED, "grave");
    judge(lines, JUDGEMENT_NOT_TESTED, NULL);
    lines_result(lines, LINES_COMPLETED, NULL, NULL, (struct text){NULL, 0});
    lines_log(lines, "warn", "too late");
    assert_int_equal(said.count, 6);
    for (size_t i = 0; i < said.count; i++)
        assert_int_equal(number(&said, i, "seq"), i + 1);
    assert_string_equal(word(&said, 3, "type"), "finding");
    assert_string_equal(word(&said, 5, "summary"), "1 high; 2 of 3 applicable checks measured");
    assert_int_equal(number(&said, 5, "counts.not_tested"), 1);
    forget(&said);
    lines_free(lines);
}

static void a_check_said_of_several_components_counts_as_often(void **state) {
    const struct rule *planned[] = {&RULE};
    const struct lines_plan plan = {planned, 1, NULL, 0};
    struct said said = {0};
    struct lines *lines;
    (void)state;
    assert_int_equal(lines_new(keep, &said, &lines), ERR_OK);
    lines_plan(lines, &plan);
    for (int i = 0; i < 3; i++) {
        struct judgement judgement;
        judgement_init(&judgement);
        judgement_skip(&judgement, "mode");
        lines_judgement(lines, &RULE, &judgement, false);
        judgement_done(&judgement);
    }
    judge(lines, JUDGEMENT_PASSED, NULL);
    lines_result(lines, LINES_COMPLETED, NULL, NULL, (struct text){NULL, 0});
    assert_string_equal(word(&said, 5, "summary"),
                        "Nothing found; 1 of 1 applicable checks measured");
    assert_int_equal(number(&said, 5, "counts.checks"), 4);
    forget(&said);
    lines_free(lines);
}

static void the_gravest_fault_names_the_finding(void **state) {
    struct said said = {0};
    struct lines *lines;
    (void)state;
    assert_int_equal(lines_new(keep, &said, &lines), ERR_OK);
    judge(lines, JUDGEMENT_FAILED, "grave one");
    assert_string_equal(word(&said, 1, "title"), "grave");
    assert_string_equal(word(&said, 1, "severity"), "high");
    assert_string_equal(word(&said, 1, "evidence.summary"), "grave one");
    assert_int_equal(json_count(json_path(said.lines[1], "evidence.instances")), 2);
    forget(&said);
    lines_free(lines);
}

/* The weight a finding of that category says, 1 when it says none. */
static double weight_of(enum rule_category category, bool non_public) {
    struct rule rule = RULE;
    struct judgement judgement;
    struct said said = {0};
    struct lines *lines;
    double weight = 1;
    rule.category = category;
    assert_int_equal(lines_new(keep, &said, &lines), ERR_OK);
    judgement_init(&judgement);
    judgement_fault(&judgement, 0, "http://a/", "x");
    lines_judgement(lines, &rule, &judgement, non_public);
    (void)json_number(json_path(said.lines[1], "weight"), &weight);
    judgement_done(&judgement);
    forget(&said);
    lines_free(lines);
    return weight;
}

static void what_only_a_public_target_can_have_weighs_a_quarter_elsewhere(void **state) {
    (void)state;
    assert_true(weight_of(RULE_SECURITY_PUBLIC, true) == 0.25);
    assert_true(weight_of(RULE_SECURITY_PUBLIC, false) == 1);
    assert_true(weight_of(RULE_SECURITY, true) == 1);
}

static void a_status_never_outdoes_a_fault(void **state) {
    struct judgement judgement;
    (void)state;
    judgement_init(&judgement);
    assert_int_equal(judgement.status, JUDGEMENT_NOT_TESTED);
    judgement_fault(&judgement, 0, "http://a/", "x");
    judgement_pass(&judgement);
    judgement_skip(&judgement, "later");
    assert_int_equal(judgement.status, JUDGEMENT_FAILED);
    judgement_done(&judgement);
}

static void commands_are_quoted_for_a_shell(void **state) {
    struct judgement judgement;
    (void)state;
    judgement_init(&judgement);
    judgement_reproduce_curl(&judgement, "http://a/'$(x)", "Origin: null");
    assert_string_equal(buf_str(&judgement.reproduce),
                        "curl -gsk -o /dev/null -D - -H 'Origin: null' 'http://a/'\\''$(x)'");
    judgement_done(&judgement);
}

static void into_report(void *ctx, struct text line) {
    (void)report_line(ctx, line);
}

static void the_report_is_plain_text(void **state) {
    struct report *report;
    struct lines *lines;
    struct buf page;
    (void)state;
    buf_init(&page, 1 << 16);
    assert_int_equal(report_new("Title", "http://a/", false, &report), ERR_OK);
    assert_int_equal(lines_new(into_report, report, &lines), ERR_OK);
    judge(lines, JUDGEMENT_FAILED, "bad \033[31m\r\a \xc2\x9b\xe2\x80\xae ok");
    judge(lines, JUDGEMENT_NOT_TESTED, NULL);
    lines_result(lines, LINES_PARTIAL, "stopped", "It\033 stopped\xc2\x9b", (struct text){NULL, 0});
    report_put(report, &page);
    for (size_t i = 0; i < page.len; i++)
        assert_true((unsigned char)page.data[i] >= 0x20 || page.data[i] == '\n');
    assert_non_null(strstr(buf_str(&page), "bad \\u001b[31m\\u000d\\u0007 \\u009b\\u202e ok"));
    assert_non_null(strstr(buf_str(&page), "not_measured: X-1"));
    assert_non_null(strstr(buf_str(&page), "partial: It? stopped?"));
    buf_done(&page);
    lines_free(lines);
    report_free(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_numbered_counted_and_end_with_the_result),
        cmocka_unit_test(a_check_said_of_several_components_counts_as_often),
        cmocka_unit_test(the_gravest_fault_names_the_finding),
        cmocka_unit_test(what_only_a_public_target_can_have_weighs_a_quarter_elsewhere),
        cmocka_unit_test(a_status_never_outdoes_a_fault),
        cmocka_unit_test(commands_are_quoted_for_a_shell),
        cmocka_unit_test(the_report_is_plain_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
