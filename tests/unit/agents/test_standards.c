/* Goal: sums by standard never say more than was measured, and the score is the sum of its
 * deductions. */
#include <string.h>

#include "agents/requirement.h"
#include "agents/security/rules.h"
#include "agents/standards.h"
#include "unit.h"

#define HIGH "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N"
#define MEDIUM "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N"

static const struct rule RULE = {.id = "X-1",
                                 .standards = "OWASP:A01:2021 GDPR:32 GDPR:25",
                                 .variants = {{HIGH, "grave"}, {MEDIUM, "less"}}};
static const struct rule OTHER = {
    .id = "X-2", .standards = "GDPR:32", .variants = {{HIGH, "grave"}}};

static void note(struct tally *tally, const struct rule *rule, enum judgement_status status) {
    struct judgement judgement;
    judgement_init(&judgement);
    judgement.status = status;
    tally_add(tally, rule, &judgement, false);
    judgement_done(&judgement);
}

/* What standards_put writes for the wanted names. */
static struct json *sum_up(const char *wanted, const struct tally *tally) {
    struct json *names, *sum;
    struct json_out out;
    struct buf buf;
    buf_init(&buf, 1 << 16);
    json_out_init(&out, &buf);
    assert_int_equal(json_parse(text_of(wanted), &JSON_LIMITS_RESULT, &names, NULL), ERR_OK);
    standards_put(names, tally, &out);
    assert_int_equal(json_parse(buf_text(&buf), &JSON_LIMITS_RESULT, &sum, NULL), ERR_OK);
    json_free(names);
    buf_done(&buf);
    return sum;
}

/* The status of requirement id in the first sum. */
static const char *status_of(const struct json *sum, const char *id) {
    const struct json *all = json_get(json_at(sum, 0), "requirements");
    for (size_t i = 0; i < json_count(all); i++)
        if (strcmp(json_str(json_get(json_at(all, i), "id"), ""), id) == 0)
            return json_str(json_get(json_at(all, i), "status"), "");
    return "absent";
}

static void expect_status(const char *wanted, enum judgement_status first,
                          enum judgement_status second, const char *status) {
    struct tally tally = {0};
    note(&tally, &RULE, first);
    note(&tally, &OTHER, second);
    struct json *sum = sum_up(wanted, &tally);
    assert_string_equal(status_of(sum, "32"), status);
    json_free(sum);
}

static void a_requirement_fails_with_any_check_and_passes_only_when_measured(void **state) {
    (void)state;
    expect_status("[\"GDPR\"]", JUDGEMENT_FAILED, JUDGEMENT_PASSED, "fail");
    expect_status("[\"gdpr\"]", JUDGEMENT_PASSED, JUDGEMENT_FAILED, "fail");
    expect_status("[\"G-D P_R\"]", JUDGEMENT_PASSED, JUDGEMENT_NOT_TESTED, "pass");
    expect_status("[\"gdpr\"]", JUDGEMENT_SKIPPED, JUDGEMENT_NOT_TESTED, "not_tested");
}

static void what_an_organisation_does_is_named_and_lowers_the_coverage(void **state) {
    struct tally tally = {0};
    double score = 0, coverage = 1;
    int64_t outside = 0;
    (void)state;
    note(&tally, &RULE, JUDGEMENT_PASSED);
    struct json *sum = sum_up("[\"GDPR\"]", &tally);
    assert_string_equal(status_of(sum, "30"), "not_testable_externally");
    assert_true(json_number(json_get(json_at(sum, 0), "score"), &score));
    assert_true(json_number(json_get(json_at(sum, 0), "coverage"), &coverage));
    assert_true(json_int(json_get(json_at(sum, 0), "not_testable_externally"), 1, 100, &outside));
    assert_true(score == 1);
    assert_true(coverage == 2.0 / (2.0 + (double)outside));
    json_free(sum);
}

static void without_a_measurement_there_is_no_score(void **state) {
    struct tally tally = {0};
    (void)state;
    tally_add(&tally, &RULE, NULL, false);
    struct json *sum = sum_up("[\"OWASP Top-10\"]", &tally);
    assert_int_equal(json_kind(json_get(json_at(sum, 0), "score")), JSON_NULL);
    json_free(sum);
}

static void an_unknown_standard_is_said_to_be_unknown(void **state) {
    const struct tally tally = {0};
    struct json *sum = sum_up("[\"FIPS\", \"gdpr\"]", &tally);
    (void)state;
    assert_string_equal(json_str(json_get(json_at(sum, 0), "asked"), ""), "FIPS");
    assert_string_equal(json_str(json_get(json_at(sum, 0), "status"), ""), "not_supported");
    assert_string_equal(json_str(json_get(json_at(sum, 1), "standard"), ""), "GDPR");
    json_free(sum);
}

static bool rule_maps_to(const struct rule *rule, const struct requirement_row *row) {
    struct text rest = text_of(rule->standards), standard, id;
    while (rule_standard_next(&rest, &standard, &id))
        if (text_is(standard, row->standard) && text_is(id, row->id))
            return true;
    return false;
}

static void no_check_claims_a_requirement_that_cannot_be_seen(void **state) {
    const struct requirement_row *row;
    const struct rule *rule;
    (void)state;
    for (size_t i = 0; (row = requirement_at(i)) != NULL; i++)
        for (size_t r = 0; (rule = rules_get(r)) != NULL; r++)
            if (rule_maps_to(rule, row))
                fail_msg("%s maps to %s %s", rule->id, row->standard, row->id);
}

static void the_score_is_one_less_the_deductions_by_weight(void **state) {
    static const struct rule OF_PUBLIC = {
        .standards = "", .variants = {{HIGH, "x"}}, .category = RULE_SECURITY_PUBLIC};
    struct tally tally = {0};
    struct judgement failed;
    (void)state;
    assert_true(tally_score(&tally) == 1);
    note(&tally, &RULE, JUDGEMENT_PASSED);
    note(&tally, &RULE, JUDGEMENT_FAILED);
    assert_true(tally_score(&tally) == .9);
    judgement_init(&failed);
    judgement_fault(&failed, 0, "http://a/", "x");
    tally_add(&tally, &OF_PUBLIC, &failed, true);
    assert_true(tally_score(&tally) == .875);
    for (int i = 0; i < 20; i++)
        tally_add(&tally, &RULE, &failed, true);
    assert_true(tally_score(&tally) == 0);
    judgement_done(&failed);
}

static void the_risk_is_banded_as_the_original_does(void **state) {
    (void)state;
    assert_string_equal(tally_level(.9), "low");
    assert_string_equal(tally_level(.89), "medium");
    assert_string_equal(tally_level(.5), "high");
    assert_string_equal(tally_level(0), "critical");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_requirement_fails_with_any_check_and_passes_only_when_measured),
        cmocka_unit_test(what_an_organisation_does_is_named_and_lowers_the_coverage),
        cmocka_unit_test(without_a_measurement_there_is_no_score),
        cmocka_unit_test(an_unknown_standard_is_said_to_be_unknown),
        cmocka_unit_test(no_check_claims_a_requirement_that_cannot_be_seen),
        cmocka_unit_test(the_score_is_one_less_the_deductions_by_weight),
        cmocka_unit_test(the_risk_is_banded_as_the_original_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
