/* Goal: the table itself: vectors are complete, variants fall in severity, scores are those of
 * the catalogue, nothing a finding needs is left out. */
#include <string.h>

#include "agents/security/rules.h"
#include "unit.h"

#define EACH_RULE(rule) (size_t rule##_at = 0; ((rule) = rules_get(rule##_at)) != NULL; rule##_at++)

static void vectors_are_complete_and_fall(void **state) {
    const struct rule *rule;
    (void)state;
    for
        EACH_RULE(rule) {
            int above = 100, tenths = 0;
            assert_true(rule_variant_count(rule) > 0);
            for (size_t v = 0; v < rule_variant_count(rule); v++) {
                assert_true(cvss_score(text_of(rule->variants[v].vector), &tenths));
                assert_true(tenths <= above);
                assert_int_equal(tenths, rule_score(rule, v));
                assert_true(rule->variants[v].title[0] != '\0');
                above = tenths;
            }
        }
}

static void rows_lack_nothing(void **state) {
    const struct rule *rule;
    (void)state;
    for
        EACH_RULE(rule) {
            assert_memory_equal(rule->id, "SEC-", 4);
            assert_memory_equal(rule->cwe, "CWE-", 4);
            assert_memory_equal(rule->reference, "https://", 8);
            assert_true(rule->description[0] != '\0' && rule->remediation[0] != '\0');
        }
}

static void ids_are_unique(void **state) {
    const struct rule *rule, *other;
    (void)state;
    for
        EACH_RULE(rule) {
            size_t same = 0;
            for
                EACH_RULE(other)
            same += strcmp(rule->id, other->id) == 0;
            assert_int_equal(same, 1);
        }
}

static void scores_are_those_of_the_catalogue(void **state) {
    static const struct {
        const char *id;
        int tenths[RULE_VARIANTS_MAX];
    } SCORES[] = {
        {"SEC-TLS-01", {74}},     {"SEC-TLS-02", {74}},    {"SEC-TLS-05", {91}},
        {"SEC-TLS-06", {59}},     {"SEC-TLS-07", {59}},    {"SEC-TLS-09", {37}},
        {"SEC-TLS-20", {37}},     {"SEC-TLS-21", {53}},    {"SEC-TLS-03", {65}},
        {"SEC-TLS-04", {0, 0}},   {"SEC-TLS-08", {37, 0}}, {"SEC-TLS-10", {74, 59}},
        {"SEC-TLS-17", {0}},      {"SEC-TLS-18", {48}},    {"SEC-TLS-19", {37}},
        {"SEC-TLS-11", {74}},     {"SEC-TLS-12", {74}},    {"SEC-TLS-13", {74}},
        {"SEC-TLS-14", {53, 37}}, {"SEC-TLS-15", {74}},    {"SEC-TLS-16", {59}},
        {"SEC-RED-01", {53}},     {"SEC-RED-02", {31}},    {"SEC-RED-03", {53}},
        {"SEC-HDR-01", {31}},     {"SEC-HDR-03", {42}},    {"SEC-HDR-04", {43}},
        {"SEC-HDR-06", {31, 0}},  {"SEC-CSP-01", {42}},    {"SEC-CSP-06", {42, 31}},
        {"SEC-COO-01", {53}},     {"SEC-COO-02", {42}},    {"SEC-COO-03", {31}},
        {"SEC-COR-01", {82}},     {"SEC-COR-02", {43}},    {"SEC-COR-03", {82, 43}},
        {"SEC-COR-04", {82}},     {"SEC-COR-05", {31, 0}}, {"SEC-INF-01", {37, 0}},
        {"SEC-INF-02", {37}},     {"SEC-INF-05", {37}},    {"SEC-INF-06", {53, 0}},
        {"SEC-INF-07", {75}},     {"SEC-INF-08", {75}},    {"SEC-INF-10", {75}},
        {"SEC-CON-01", {68}},     {"SEC-CON-02", {31}},    {"SEC-CON-03", {47}},
        {"SEC-CON-04", {68}},     {"SEC-CON-05", {93}},    {"SEC-CON-06", {68}},
        {"SEC-CON-07", {43}},     {"SEC-CON-08", {31}},    {"SEC-CON-09", {53}},
        {"SEC-CON-10", {61}},     {"SEC-CON-11", {74}},    {"SEC-COO-08", {31, 0}},
        {"SEC-COO-09", {53}},     {"SEC-CSP-09", {42}},    {"SEC-GDP-01", {31}},
        {"SEC-GDP-02", {31, 0}},  {"SEC-GDP-03", {31, 0}}, {"SEC-GDP-04", {68}},
        {"SEC-GDP-05", {0}},      {"SEC-PCI-01", {47, 0}}, {"SEC-PCI-03", {0}},
    };
    const struct rule *rule;
    (void)state;
    for (size_t s = 0; s < sizeof(SCORES) / sizeof(SCORES[0]); s++)
        for
            EACH_RULE(rule)
    for (size_t v = 0; strcmp(rule->id, SCORES[s].id) == 0 && v < rule_variant_count(rule); v++)
        assert_int_equal(rule_score(rule, v), SCORES[s].tenths[v]);
}

/* It judges what those before it found. */
static void the_row_that_sums_up_comes_last(void **state) {
    size_t count = 0;
    (void)state;
    while (rules_get(count) != NULL)
        count++;
    assert_string_equal(rules_get(count - 1)->id, "SEC-PCI-03");
}

static void standards_are_read_as_pairs(void **state) {
    struct text rest = TEXT("OWASP:A02:2021  GDPR:32(1)(a)"), name, id;
    (void)state;
    assert_true(rule_standard_next(&rest, &name, &id));
    assert_true(text_is(name, "OWASP") && text_is(id, "A02:2021"));
    assert_true(rule_standard_next(&rest, &name, &id));
    assert_true(text_is(name, "GDPR") && text_is(id, "32(1)(a)"));
    assert_false(rule_standard_next(&rest, &name, &id));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_complete_and_fall),
        cmocka_unit_test(rows_lack_nothing),
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(scores_are_those_of_the_catalogue),
        cmocka_unit_test(the_row_that_sums_up_comes_last),
        cmocka_unit_test(standards_are_read_as_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
