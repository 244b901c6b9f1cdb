/* Goal: each performance check fails by its threshold, and none of them when the generator was
 * late or nothing was measured. */
#include <stdlib.h>
#include <string.h>

#include "agents/performance/perf_rules.h"
#include "unit.h"

enum { RATE = 10, COUNT = 200 };

/* A load of COUNT answers that took `us` each, but every tenth `slow_us`. */
static struct perf_facts facts_of(int64_t us, int64_t slow_us) {
    static uint32_t samples[COUNT];
    struct perf_facts facts = {.url_text = "http://a.example/", .rate = RATE, .duration_s = 20};
    struct load *load = calloc(1, sizeof(*load));
    assert_non_null(load);
    facts.first = (struct perf_first){.asked = 10, .answered = 10, .status = 200};
    assert_int_equal(histogram_new(&load->response), ERR_OK);
    assert_int_equal(histogram_new(&load->service), ERR_OK);
    assert_int_equal(histogram_new(&load->lateness), ERR_OK);
    for (size_t i = 0; i < COUNT; i++) {
        samples[i] = (uint32_t)(i % 10 == 9 ? slow_us : us);
        histogram_record(load->response, samples[i]);
        histogram_record(load->lateness, 100);
    }
    load->offered = load->answered = load->satisfied = COUNT;
    load->span_us = (int64_t)facts.duration_s * 1000000;
    facts.load = load;
    assert_int_equal(blocks_new(samples, COUNT, RATE, &facts.blocks), ERR_OK);
    return facts;
}

static void facts_done(struct perf_facts *facts) {
    free(facts->baseline);
    blocks_free(facts->blocks);
    load_free(facts->load);
}

static size_t row_of(const char *id) {
    for (size_t i = 0; perf_rules_get(i) != NULL; i++)
        if (strcmp(perf_rules_get(i)->id, id) == 0)
            return i;
    fail_msg("no rule %s", id);
    return 0;
}

static const char *verdict_on(const struct perf_facts *facts, const char *id);

static const char *saturated(struct perf_facts facts, enum saturation_end end, int64_t sustained,
                             int64_t exceeded, int64_t recovered_s, const char *id) {
    facts.profile = PERF_SATURATION;
    facts.saturation =
        (struct saturation){.end = end, .sustained = sustained, .exceeded = exceeded};
    facts.recovery = (struct surge){.asked = exceeded > 0, .recovered_s = recovered_s};
    return verdict_on(&facts, id);
}

static const char *spiked(struct perf_facts facts, double errors, int64_t recovered_s) {
    facts.profile = PERF_SPIKE;
    facts.spike = (struct surge){.asked = true, .errors = errors, .recovered_s = recovered_s};
    return verdict_on(&facts, "PERF-12");
}

/* Status and, when it failed, the severity; or the reason. */
static const char *verdict_on(const struct perf_facts *facts, const char *id) {
    const struct rule *rule = perf_rules_get(row_of(id));
    struct judgement judgement;
    judgement_init(&judgement);
    perf_rules_judge(row_of(id), facts, &judgement);
    const char *word = judgement.status == JUDGEMENT_FAILED
                           ? severity_word(rule_severity(rule, judgement.variant))
                       : judgement.status == JUDGEMENT_PASSED ? "passed"
                                                              : judgement.reason;
    judgement_done(&judgement);
    return word;
}

/* The rules that judge the constant load. */
static const char *each_constant(size_t *index) {
    static const char *const OTHERS[] = {"PERF-06", "PERF-09", "PERF-11", "PERF-12",
                                         "PERF-13", "PERF-14", "PERF-15"};
    const struct rule *rule;
    while ((rule = perf_rules_get((*index)++)) != NULL) {
        bool is_other = false;
        for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++)
            is_other = is_other || strcmp(rule->id, OTHERS[i]) == 0;
        if (!is_other)
            return rule->id;
    }
    return NULL;
}

static void a_fast_target_passes_every_check(void **state) {
    (void)state;
    struct perf_facts facts = facts_of(10000, 12000);
    facts.baseline = calloc(1, sizeof(*facts.baseline));
    facts.comparison.state = BASELINE_STEADY;
    const char *id;
    for (size_t i = 0; (id = each_constant(&i)) != NULL;)
        assert_string_equal(verdict_on(&facts, id), "passed");
    facts_done(&facts);
}

static struct weight_part part_of(const char *url, int64_t bytes, bool compressed, bool kept) {
    return (struct weight_part){.url = (char *)url,
                                .status = 200,
                                .decoded = bytes,
                                .is_text = true,
                                .is_compressed = compressed,
                                .may_be_kept = kept};
}

static void a_page_is_judged_by_how_its_parts_are_sent(void **state) {
    (void)state;
    struct perf_facts facts = {.url_text = "https://h/", .url = {.tls = true}};
    struct weight *weight = &facts.weight;
    assert_string_equal(verdict_on(&facts, "PERF-09"), "no_answer");
    weight->known = true;
    weight->parts[weight->count++] = part_of("https://h/", 1024, false, false);
    assert_string_equal(verdict_on(&facts, "PERF-09"), "passed"); /* too little to care */
    assert_string_equal(verdict_on(&facts, "PERF-13"), "loads_nothing");
    weight->parts[weight->count++] = part_of("https://h/a", 90000, false, true);
    assert_string_equal(verdict_on(&facts, "PERF-09"), "info");
    assert_string_equal(verdict_on(&facts, "PERF-13"), "passed");
    weight->parts[weight->count++] = part_of("https://h/b", 20000, false, false);
    assert_string_equal(verdict_on(&facts, "PERF-09"), "low");
    assert_string_equal(verdict_on(&facts, "PERF-13"), "info");
    weight->parts[1].is_compressed = weight->parts[2].is_compressed = true;
    assert_string_equal(verdict_on(&facts, "PERF-09"), "passed");
}

static void redirects_and_the_version_are_judged(void **state) {
    (void)state;
    struct perf_facts facts = {.url_text = "https://h/", .url = {.tls = true}};
    facts.weight.known = true;
    facts.first = (struct perf_first){.answered = 1, .version = 20};
    assert_string_equal(verdict_on(&facts, "PERF-15"), "passed");
    facts.weight.redirects = 1;
    assert_string_equal(verdict_on(&facts, "PERF-15"), "info");
    facts.weight.redirects = 3;
    assert_string_equal(verdict_on(&facts, "PERF-15"), "low");
    assert_string_equal(verdict_on(&facts, "PERF-14"), "passed");
    facts.first.version = 11;
    assert_string_equal(verdict_on(&facts, "PERF-14"), "info");
    facts.version_fixed = true;
    assert_string_equal(verdict_on(&facts, "PERF-14"), "not_asked");
}

static void a_regression_is_graded_by_how_sure_it_is(void **state) {
    (void)state;
    struct perf_facts facts = facts_of(10000, 12000);
    assert_string_equal(verdict_on(&facts, "PERF-07"), "no_history");
    facts.baseline = calloc(1, sizeof(*facts.baseline));
    assert_string_equal(verdict_on(&facts, "PERF-07"), "no_comparable_session");
    facts.comparison = (struct baseline_verdict){.state = BASELINE_IMPROVED, .against = "s"};
    assert_string_equal(verdict_on(&facts, "PERF-07"), "passed");
    facts.comparison.state = BASELINE_SUSPECTED;
    assert_string_equal(verdict_on(&facts, "PERF-07"), "low");
    facts.comparison.state = BASELINE_CONFIRMED;
    assert_string_equal(verdict_on(&facts, "PERF-07"), "high");
    facts_done(&facts);
}

static void slowness_is_graded(void **state) {
    (void)state;
    struct perf_facts facts = facts_of(10000, 1500000);
    assert_string_equal(verdict_on(&facts, "PERF-01"), "medium");
    facts_done(&facts);
    facts = facts_of(10000, 2500000);
    assert_string_equal(verdict_on(&facts, "PERF-01"), "high");
    facts_done(&facts);
}

static void errors_and_satisfaction_are_graded(void **state) {
    (void)state;
    struct perf_facts facts = facts_of(10000, 12000);
    facts.load->server_errors = COUNT / 50;
    assert_string_equal(verdict_on(&facts, "PERF-04"), "medium");
    facts.load->dropped = COUNT / 10;
    assert_string_equal(verdict_on(&facts, "PERF-04"), "high");
    facts.load->satisfied = COUNT * 8 / 10;
    assert_string_equal(verdict_on(&facts, "PERF-05"), "low");
    facts.load->satisfied = COUNT * 6 / 10;
    assert_string_equal(verdict_on(&facts, "PERF-05"), "medium");
    facts.load->satisfied = COUNT * 4 / 10;
    assert_string_equal(verdict_on(&facts, "PERF-05"), "high");
    facts_done(&facts);
}

static void a_lag_and_a_stall_are_found(void **state) {
    (void)state;
    struct perf_facts facts = facts_of(10000, 12000);
    facts.load->silence_us = 1500000;
    assert_string_equal(verdict_on(&facts, "PERF-08"), "low");
    facts.load->span_us += 5000000;
    assert_string_equal(verdict_on(&facts, "PERF-03"), "medium");
    facts.load->end = LOAD_ASKED_TO_GO;
    assert_string_equal(verdict_on(&facts, "PERF-03"), "retry_after");
    facts_done(&facts);
}

static void nothing_is_concluded_when_the_generator_was_late(void **state) {
    (void)state;
    struct perf_facts facts = facts_of(10000, 2500000);
    facts.load->server_errors = COUNT;
    for (size_t i = 0; i < COUNT; i++)
        histogram_record(facts.load->lateness, 20000);
    const char *id;
    for (size_t i = 0; (id = each_constant(&i)) != NULL;)
        if (strcmp(id, "PERF-00") != 0)
            assert_string_equal(verdict_on(&facts, id), "generator_saturated");
    facts_done(&facts);
}

static void without_a_load_only_single_requests_are_judged(void **state) {
    (void)state;
    struct perf_facts facts = {.url_text = "http://a.example/", .rate = RATE, .duration_s = 20};
    facts.first = (struct perf_first){.asked = 2, .answered = 0};
    assert_string_equal(verdict_on(&facts, "PERF-00"), "medium");
    facts.first = (struct perf_first){.asked = 10, .answered = 10, .status = 404};
    assert_string_equal(verdict_on(&facts, "PERF-00"), "info");
    assert_string_equal(verdict_on(&facts, "PERF-01"), "no_load");
}

static void rows_are_complete(void **state) {
    const struct rule *rule;
    int tenths;
    (void)state;
    for (size_t i = 0; (rule = perf_rules_get(i)) != NULL; i++) {
        assert_memory_equal(rule->id, "PERF-", 5);
        assert_int_equal(rule->category, RULE_PERFORMANCE);
        for (size_t v = 0; v < rule_variant_count(rule); v++) {
            assert_true(cvss_score(text_of(rule->variants[v].vector), &tenths));
            assert_true(v == 0 || tenths <= rule_score(rule, v - 1));
        }
    }
}

static void saturation_below_what_was_asked_for_is_a_finding(void **state) {
    struct perf_facts facts = facts_of(1000, 1000);
    (void)state;
    assert_string_equal(saturated(facts, SATURATION_FOUND, RATE - 2, RATE - 1, 0, "PERF-06"),
                        "medium");
    assert_string_equal(saturated(facts, SATURATION_FOUND, RATE, RATE + 1, 0, "PERF-06"), "passed");
    assert_string_equal(saturated(facts, SATURATION_CAPPED, RATE, 0, 0, "PERF-06"), "passed");
    assert_string_equal(saturated(facts, SATURATION_OWN, 0, 0, 0, "PERF-06"),
                        "generator_saturated");
    facts_done(&facts);
}

static void an_overload_that_goes_on_hurting_is_a_finding(void **state) {
    struct perf_facts facts = facts_of(1000, 1000);
    (void)state;
    assert_string_equal(saturated(facts, SATURATION_FOUND, RATE, RATE + 1, -1, "PERF-11"),
                        "medium");
    assert_string_equal(saturated(facts, SATURATION_FOUND, RATE, RATE + 1, 3, "PERF-11"), "passed");
    assert_string_equal(saturated(facts, SATURATION_CAPPED, RATE, 0, 0, "PERF-11"),
                        "not_overloaded");
    facts_done(&facts);
}

static void a_spike_must_be_survived(void **state) {
    struct perf_facts facts = facts_of(1000, 1000);
    (void)state;
    assert_string_equal(spiked(facts, 0.01, 0), "passed");
    assert_string_equal(spiked(facts, 0.06, 0), "medium");
    assert_string_equal(spiked(facts, 0, -1), "medium");
    facts_done(&facts);
}

static void profiles_nobody_asked_for_are_skipped(void **state) {
    struct perf_facts facts = facts_of(1000, 1000);
    (void)state;
    assert_string_equal(verdict_on(&facts, "PERF-06"), "not_asked");
    assert_string_equal(verdict_on(&facts, "PERF-12"), "not_asked");
    facts.profile = PERF_SPIKE;
    facts.no_profile = "not_permitted";
    assert_string_equal(verdict_on(&facts, "PERF-12"), "not_permitted");
    facts_done(&facts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fast_target_passes_every_check),
        cmocka_unit_test(a_page_is_judged_by_how_its_parts_are_sent),
        cmocka_unit_test(redirects_and_the_version_are_judged),
        cmocka_unit_test(a_regression_is_graded_by_how_sure_it_is),
        cmocka_unit_test(slowness_is_graded),
        cmocka_unit_test(errors_and_satisfaction_are_graded),
        cmocka_unit_test(a_lag_and_a_stall_are_found),
        cmocka_unit_test(nothing_is_concluded_when_the_generator_was_late),
        cmocka_unit_test(without_a_load_only_single_requests_are_judged),
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(saturation_below_what_was_asked_for_is_a_finding),
        cmocka_unit_test(an_overload_that_goes_on_hurting_is_a_finding),
        cmocka_unit_test(a_spike_must_be_survived),
        cmocka_unit_test(profiles_nobody_asked_for_are_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
