/* Goal: cases, inlets and the model of a site are made as promised: the same seed gives the same
 * cases, values stand where they should, what was visited is counted. */
#include <stdlib.h>
#include <string.h>

#include "agents/senior/senior_rules.h"
#include "unit.h"

static struct url url_at(const char *text) {
    struct url url;
    assert_int_equal(url_parse(text_of(text), &url, NULL), ERR_OK);
    return url;
}

/* --- edges ------------------------------------------------------------------------------------ */

static void the_same_seed_gives_the_same_cases(void **state) {
    struct edges_case one, two, other;
    size_t differ = 0;
    (void)state;
    for (size_t n = 0; edges_case(7, 3, n, &one); n++) {
        struct buf a, b;
        buf_init(&a, 1 << 20);
        buf_init(&b, 1 << 20);
        assert_true(edges_case(7, 3, n, &two) && edges_case(8, 3, n, &other));
        edges_put(&one, &a);
        edges_put(&two, &b);
        assert_true(one.inlet == two.inlet && one.input == two.input);
        assert_true(text_eq(buf_text(&a), buf_text(&b)));
        differ += one.input != other.input;
        buf_done(&a);
        buf_done(&b);
    }
    assert_true(differ > 0);
}

static void each_inlet_gets_each_value_once(void **state) {
    size_t inputs = 0, seen[2][64] = {{0}};
    struct edges_case edge;
    (void)state;
    while (edges_input(inputs) != NULL)
        inputs++;
    for (size_t n = 0; edges_case(1, 2, n, &edge); n++)
        for (size_t i = 0; i < inputs; i++)
            seen[edge.inlet][i] += edge.input == edges_input(i);
    for (size_t i = 0; i < inputs; i++)
        assert_true(seen[0][i] == 1 && seen[1][i] == 1);
}

static void cases_are_bounded(void **state) {
    struct edges_case edge;
    size_t count = 0;
    (void)state;
    while (edges_case(1, INLETS_MAX, count, &edge))
        count++;
    assert_int_equal(count, EDGES_CASES_MAX);
    assert_false(edges_case(1, 0, 0, &edge));
}

static void values_are_fit_for_a_request_line(void **state) {
    struct edges_case edge;
    (void)state;
    for (size_t n = 0; edges_case(99, 1, n, &edge); n++) {
        struct buf value;
        buf_init(&value, 1 << 20);
        edges_put(&edge, &value);
        for (size_t i = 0; i < value.len; i++)
            assert_true(value.data[i] > ' ' && strchr("&#?/\"'<>", value.data[i]) == NULL);
        assert_false(value.failed);
        buf_done(&value);
    }
}

/* --- inlets ----------------------------------------------------------------------------------- */

static void assert_put(const struct inlet *inlet, struct text value, const char *expected) {
    struct buf buf;
    buf_init(&buf, 2 * URL_MAX_BYTES);
    inlet_put(inlet, value, &buf);
    assert_string_equal(buf_str(&buf), expected);
    buf_done(&buf);
}

static void values_stand_where_they_should(void **state) {
    struct inlets inlets = {0};
    struct url url = url_at("http://h/item/17/v2?a=1&b=2");
    (void)state;
    inlet_find(&inlets, &url);
    assert_int_equal(inlets.count, 3);
    assert_string_equal(inlets.items[0].name, "segment 2");
    assert_put(&inlets.items[0], TEXT("-1"), "http://h/item/-1/v2?a=1&b=2");
    assert_put(&inlets.items[0], text_make(NULL, 0), "http://h/item/v2?a=1&b=2");
    assert_put(&inlets.items[1], TEXT(""), "http://h/item/17/v2?a=&b=2");
    assert_put(&inlets.items[1], text_make(NULL, 0), "http://h/item/17/v2?b=2");
    assert_put(&inlets.items[2], TEXT("%FF"), "http://h/item/17/v2?a=1&b=%FF");
    inlet_done(&inlets);
}

static void an_inlet_of_a_series_is_one(void **state) {
    static const char *const URLS[] = {"http://h/item/1?page=1", "http://h/item/2?page=7",
                                       "http://h/other/550e8400-e29b-41d4-a716-446655440000",
                                       "http://h/v2/page3.html"};
    struct inlets inlets = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(URLS) / sizeof(URLS[0]); i++) {
        struct url url = url_at(URLS[i]);
        inlet_find(&inlets, &url);
    }
    assert_int_equal(inlets.count, 3);
    assert_string_equal(inlets.items[1].place, "/item/{n}?page page");
    assert_string_equal(inlets.items[2].place, "/other/{id} segment 2");
    inlet_done(&inlets);
}

/* --- the model -------------------------------------------------------------------------------- */

static void coverage_is_what_was_visited(void **state) {
    struct model *model = calloc(1, sizeof(*model));
    struct url home = url_at("http://h/"), item = url_at("http://h/item/1"),
               next = url_at("http://h/item/2"), out = url_at("http://h/logout"),
               form = url_at("http://h/item/3");
    (void)state;
    assert_non_null(model);
    model_visit(model, &home);
    model_visit(model, &item);
    model_lead(model, &home, &item, MODEL_LINK);
    model_lead(model, &home, &next, MODEL_LINK); /* the same state */
    model_lead(model, &home, &out, MODEL_LINK);
    model_lead(model, &item, &form, MODEL_SENDING);
    assert_int_equal(model->state_count, 4);
    assert_int_equal(model_visited(model), 2);
    assert_int_equal(model->step_count, 3);
    assert_int_equal(model_taken(model), 1);
    assert_true(model_share(1, 4) == 0.25 && model_share(0, 0) == 0);
    model_done(model);
    free(model);
}

static void a_model_of_too_many_states_is_cut(void **state) {
    struct model *model = calloc(1, sizeof(*model));
    (void)state;
    assert_non_null(model);
    for (size_t i = 0; i < MODEL_STATES_MAX + 2; i++) {
        char text[] = "http://h/aa";
        text[9] = (char)('a' + i / 20);
        text[10] = (char)('a' + i % 20);
        struct url url = url_at(text);
        model_visit(model, &url);
    }
    assert_int_equal(model->state_count, MODEL_STATES_MAX);
    assert_int_equal(model->dropped, 2);
    model_done(model);
    free(model);
}

/* --- manners ---------------------------------------------------------------------------------- */

static void paths_are_written_in_other_ways(void **state) {
    static const struct {
        const char *url, *forms[FORM__COUNT];
    } PATHS[] = {
        {"http://h/a/page?q=1",
         {"//a/page?q=1", "/./a/page?q=1", "/qaprobe/%2e%2e/a/page?q=1", "/a/%70age?q=1",
          "/a/%2570age?q=1", "/a/page/?q=1", "/A/PAGE?q=1"}},
        {"http://h/a/", {"//a/", "/./a/", "/qaprobe/%2e%2e/a/", "/a/", "/a/", "/a", "/A/"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(PATHS) / sizeof(PATHS[0]); i++) {
        struct url url = url_at(PATHS[i].url);
        for (int form = 0; form < FORM__COUNT; form++) {
            struct buf buf;
            buf_init(&buf, CONDUCT_TARGET_SIZE);
            conduct_form_put((enum conduct_form)form, &url, &buf);
            assert_string_equal(buf_str(&buf), PATHS[i].forms[form]);
            buf_done(&buf);
        }
    }
}

static void tokens_and_numbers_change_no_body(void **state) {
    (void)state;
    assert_true(reply_steady(TEXT("a 1 b")) == reply_steady(TEXT("a 22 b")));
    assert_true(reply_steady(TEXT("v: 0123456789abcdef01 x")) ==
                reply_steady(TEXT("v: fedcba98765432101234 x")));
    assert_true(reply_steady(TEXT("v: one")) != reply_steady(TEXT("v: two")));
    assert_true(reply_steady(TEXT("v: averyveryverylongword")) != reply_steady(TEXT("v: ")));
}

/* --- the table -------------------------------------------------------------------------------- */

static void rows_lack_nothing(void **state) {
    const struct rule *rule;
    (void)state;
    for (size_t i = 0; (rule = senior_rules_get(i)) != NULL; i++) {
        int above = 100;
        if (rule->category == RULE_ACCESSIBILITY)
            continue; /* test_access.c */
        assert_memory_equal(rule->cwe, "CWE-", 4);
        assert_memory_equal(rule->reference, "https://", 8);
        assert_true(rule->description[0] != '\0' && rule->remediation[0] != '\0');
        assert_true(rule_variant_count(rule) > 0);
        for (size_t v = 0; v < rule_variant_count(rule); v++) {
            assert_true(rule_rated(rule, v) && rule_score(rule, v) <= above);
            above = rule_score(rule, v);
        }
    }
}

static void nothing_is_said_of_what_was_not_seen(void **state) {
    struct senior_facts *facts = calloc(1, sizeof(*facts));
    (void)state;
    assert_non_null(facts);
    assert_int_equal(access_new(&facts->access), ERR_OK);
    for (size_t i = 0; senior_rules_get(i) != NULL; i++) {
        struct judgement judgement;
        judgement_init(&judgement);
        senior_rules_judge(i, facts, &judgement);
        assert_int_equal(judgement.status, JUDGEMENT_NOT_TESTED);
        judgement_done(&judgement);
    }
    memcpy(facts->terrain.spots[SPOT_HOME], "http://h/", 10);
    for (size_t i = 0; senior_rules_get(i) != NULL; i++) {
        struct judgement judgement;
        judgement_init(&judgement);
        senior_rules_judge(i, facts, &judgement);
        assert_true(judgement.status == JUDGEMENT_NOT_TESTED ||
                    judgement.status == JUDGEMENT_SKIPPED);
        judgement_done(&judgement);
    }
    access_free(facts->access);
    free(facts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_cases),
        cmocka_unit_test(each_inlet_gets_each_value_once),
        cmocka_unit_test(cases_are_bounded),
        cmocka_unit_test(values_are_fit_for_a_request_line),
        cmocka_unit_test(values_stand_where_they_should),
        cmocka_unit_test(an_inlet_of_a_series_is_one),
        cmocka_unit_test(coverage_is_what_was_visited),
        cmocka_unit_test(a_model_of_too_many_states_is_cut),
        cmocka_unit_test(paths_are_written_in_other_ways),
        cmocka_unit_test(tokens_and_numbers_change_no_body),
        cmocka_unit_test(rows_lack_nothing),
        cmocka_unit_test(nothing_is_said_of_what_was_not_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
