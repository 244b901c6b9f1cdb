/* Goal: criteria are judged by the agents' lines alone, and nothing counts as met that nobody
 * measured. */
#include "task/criterion_help.h"

#define METRIC(members) LINE("\"type\":\"metric\"," members)
#define CHECK(id, status) LINE("\"type\":\"check\",\"id\":\"" id "\",\"status\":\"" status "\"")

/* One agent that printed the lines, parted by newlines, and completed. */
static struct outcome *told(const char *lines, const char *result) {
    struct outcome *outcome = started();
    struct text rest = text_of(lines), line;
    while (rest.len > 0 && text_cut(&rest, '\n', &line))
        assert_int_equal(outcome_line(outcome, line), ERR_OK);
    feed(outcome, result);
    return outcome;
}

static const char *judged(const char *sentence, const char *lines, const char *result) {
    struct outcome *outcome = told(lines, result);
    const struct outcome *outcomes[] = {outcome};
    double measured;
    read_from("constraints", sentence);
    assert_int_equal(criteria.count, 1);
    const char *word =
        criterion_result_word(criterion_judge(&criteria.items[0], outcomes, 1, &measured));
    outcome_free(outcome);
    return word;
}

#define COMPLETED RESULT("\"status\":\"completed\"")
#define PARTIAL RESULT("\"status\":\"partial\"")
#define AT_RATE(rate) RESULT("\"status\":\"completed\",\"data\":{\"rate\":" rate "}")

static void a_metric_is_held_against_its_bound(void **state) {
    const char *line = METRIC("\"name\":\"perf.latency.p95_ms\",\"value\":400,\"n\":500");
    (void)state;
    assert_string_equal(judged("p95 under 500 ms", line, COMPLETED), "met");
    assert_string_equal(judged("p95 under 300 ms", line, COMPLETED), "failed");
    assert_string_equal(judged("p99 under 300 ms", line, COMPLETED), "not_measured");
}

static void a_share_needs_a_sample_that_can_show_it(void **state) {
    const char *few = METRIC("\"name\":\"perf.error_rate\",\"value\":0,\"n\":400"),
               *bad = METRIC("\"name\":\"perf.error_rate\",\"value\":0.5,\"n\":4");
    (void)state;
    assert_string_equal(judged("Error rate below 1 %", few, COMPLETED), "met");
    assert_string_equal(judged("99.9 % uptime", few, COMPLETED), "not_measured");
    assert_string_equal(judged("99.9 % uptime", bad, COMPLETED), "failed");
    const char *untold = METRIC("\"name\":\"perf.error_rate\",\"value\":0");
    assert_string_equal(judged("99.9 % uptime", untold, COMPLETED), "not_measured");
}

/* A load of 4 000 requests and the samples of a visit, either of which may be missing. */
static void an_availability_is_judged_by_a_load_and_by_samples(void **state) {
#define LOAD(rate) METRIC("\"name\":\"perf.error_rate\",\"value\":" rate ",\"n\":4000")
#define VISIT(rate) METRIC("\"name\":\"functional.error_rate\",\"value\":" rate ",\"n\":30")
    static const struct {
        const char *lines, *result;
    } ROWS[] = {{LOAD("0") "\n" VISIT("0"), "met"},
                {LOAD("0"), "met"},
                {LOAD("0.1") "\n" VISIT("0"), "failed"},
                {VISIT("0.1") "\n" LOAD("0"), "failed"},
                {VISIT("0.1"), "failed"},
                {VISIT("0"), "not_measured"},
                {VISIT("0.033"), "not_measured"}, /* one of thirty may be an accident */
                {VISIT("0.033") "\n" LOAD("0"), "met"},
                {"", "not_measured"}};
    (void)state;
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
        if (strcmp(judged("99.5 % availability", ROWS[i].lines, COMPLETED), ROWS[i].result) != 0)
            fail_msg("row %zu is not %s", i, ROWS[i].result);
    assert_string_equal(judged("Error rate below 1 %", VISIT("0.1"), COMPLETED), "not_measured");
}

static void the_figure_that_decided_is_shown(void **state) {
    struct outcome *outcome = told(LOAD("0.001") "\n" VISIT("0.1"), COMPLETED);
    const struct outcome *outcomes[] = {outcome};
    double measured;
    (void)state;
    read_from("constraints", "99.5 % availability");
    criterion_judge(&criteria.items[0], outcomes, 1, &measured);
    assert_float_equal(measured, 0.1, 1e-9);
    outcome_free(outcome);
}

/* A plug-in beside our own agent, and an agent that tells of several pages. */
static void whoever_measures_what_fails_decides(void **state) {
#define P95(value) METRIC("\"name\":\"perf.latency.p95_ms\",\"value\":" value)
    struct outcome *one = told(P95("100"), COMPLETED), *two = told(P95("900"), COMPLETED);
    const struct outcome *outcomes[] = {one, two};
    double measured;
    (void)state;
    assert_string_equal(judged("p95 under 500 ms", P95("100") "\n" P95("900"), COMPLETED),
                        "failed");
    read_from("constraints", "p95 under 500 ms");
    assert_int_equal(criterion_judge(&criteria.items[0], outcomes, 2, &measured), CRITERION_FAILED);
    assert_float_equal(measured, 900, 1e-9);
    outcome_free(one);
    outcome_free(two);
}

static void a_throughput_nobody_asked_for_is_not_measured(void **state) {
    const char *line = METRIC("\"name\":\"perf.throughput.rps\",\"value\":20,\"n\":400");
    (void)state;
    assert_string_equal(judged("Handle 50 rps", line, AT_RATE("20")), "not_measured");
    assert_string_equal(judged("Handle 50 rps", line, AT_RATE("50")), "failed");
    assert_string_equal(judged("Handle 20 rps", line, AT_RATE("20")), "met");
    const char *later = METRIC("\"name\":\"perf.throughput.rps\",\"value\":19.8,\"n\":400"),
               *less = METRIC("\"name\":\"perf.throughput.rps\",\"value\":18.9,\"n\":400");
    assert_string_equal(judged("Handle 20 rps", later, AT_RATE("20")), "met");
    assert_string_equal(judged("Handle 20 rps", less, AT_RATE("20")), "failed");
    assert_string_equal(judged("Handle 20 rps", later, COMPLETED), "failed");
}

static void findings_are_judged_by_severity_and_only_when_all_completed(void **state) {
    const char *medium = FINDING("\"severity\":\"medium\"");
    (void)state;
    assert_string_equal(judged("No high findings", medium, COMPLETED), "met");
    assert_string_equal(judged("No medium findings", medium, COMPLETED), "failed");
    assert_string_equal(judged("No medium findings", medium, PARTIAL), "failed");
    assert_string_equal(judged("No high findings", medium, PARTIAL), "not_measured");
}

static void an_advisory_finding_fails_no_criterion(void **state) {
    (void)state;
    assert_string_equal(
        judged("No high findings", FINDING("\"severity\":\"high\",\"weight\":0.25"), COMPLETED),
        "met");
}

static void a_standard_fails_by_a_finding_that_names_it(void **state) {
    const char *line =
        FINDING("\"severity\":\"medium\",\"standards\":[{\"std\":\"PCI\",\"id\":\"4.2.1\"}]");
    (void)state;
    assert_string_equal(judged("PCI DSS", line, COMPLETED), "failed");
    assert_string_equal(judged("GDPR", line, COMPLETED), "met");
    assert_string_equal(judged("GDPR", line, PARTIAL), "not_measured");
}

static void checks_must_have_run(void **state) {
    (void)state;
    assert_string_equal(judged("HSTS", CHECK("SEC-HDR-01", "passed"), COMPLETED), "met");
    assert_string_equal(judged("HSTS", CHECK("SEC-HDR-01", "failed"), COMPLETED), "failed");
    assert_string_equal(judged("HSTS", CHECK("SEC-HDR-01", "not_tested"), COMPLETED),
                        "not_measured");
    assert_string_equal(judged("HSTS", CHECK("SEC-HDR-02", "passed"), COMPLETED), "not_measured");
}

static void each_check_that_a_criterion_names_must_have_run(void **state) {
    const char *one = CHECK("SEC-TLS-01", "passed");
    const char *some = CHECK("SEC-TLS-01", "passed") "\n" CHECK("SEC-RED-01", "not_tested");
    const char *both = CHECK("SEC-TLS-01", "passed") "\n" CHECK("SEC-RED-01", "passed");
    const char *apt = CHECK("SEC-TLS-01", "passed") "\n" CHECK("SEC-RED-01", "skipped");
    const char *none = CHECK("SEC-TLS-01", "skipped") "\n" CHECK("SEC-RED-01", "skipped");
    (void)state;
    assert_string_equal(judged("HTTPS only", one, COMPLETED), "not_measured");
    assert_string_equal(judged("HTTPS only", some, COMPLETED), "not_measured");
    assert_string_equal(judged("HTTPS only", both, COMPLETED), "met");
    assert_string_equal(judged("HTTPS only", apt, COMPLETED), "met");
    assert_string_equal(judged("HTTPS only", none, COMPLETED), "not_measured");
}

/* More checks than are kept: one of those that are not may have failed. */
static void checks_that_were_not_kept_are_not_met(void **state) {
    struct outcome *outcome = started();
    const struct outcome *outcomes[] = {outcome};
    double measured;
    (void)state;
    for (int i = 0; i < 5000; i++)
        feed(outcome, CHECK("SEC-HDR-01", "passed"));
    feed(outcome, COMPLETED);
    read_from("constraints", "HSTS");
    assert_int_equal(criterion_judge(&criteria.items[0], outcomes, 1, &measured),
                     CRITERION_NOT_MEASURED);
    outcome_free(outcome);
}

static void what_is_not_understood_is_not_met(void **state) {
    (void)state;
    assert_string_equal(judged("Be nice", "", COMPLETED), "unmapped");
}

static void a_limit_that_was_kept_is_met(void **state) {
    (void)state;
    assert_string_equal(judged("Passive only", "", COMPLETED), "met");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metric_is_held_against_its_bound),
        cmocka_unit_test(a_share_needs_a_sample_that_can_show_it),
        cmocka_unit_test(an_availability_is_judged_by_a_load_and_by_samples),
        cmocka_unit_test(the_figure_that_decided_is_shown),
        cmocka_unit_test(whoever_measures_what_fails_decides),
        cmocka_unit_test(a_throughput_nobody_asked_for_is_not_measured),
        cmocka_unit_test(findings_are_judged_by_severity_and_only_when_all_completed),
        cmocka_unit_test(an_advisory_finding_fails_no_criterion),
        cmocka_unit_test(a_standard_fails_by_a_finding_that_names_it),
        cmocka_unit_test(checks_must_have_run),
        cmocka_unit_test(each_check_that_a_criterion_names_must_have_run),
        cmocka_unit_test(checks_that_were_not_kept_are_not_met),
        cmocka_unit_test(what_is_not_understood_is_not_met),
        cmocka_unit_test(a_limit_that_was_kept_is_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
