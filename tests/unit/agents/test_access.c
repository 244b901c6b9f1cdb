/* Goal: faults of many pages are one judgement a rule, and what a browser must see is not passed.
 */
#include "agents/senior/access.h"

#include <stdio.h>

#include "agents/senior/access_rules.h"
#include "unit.h"

static struct access *access_of(const char *const *pages) {
    struct access *access;
    assert_int_equal(access_new(&access), ERR_OK);
    for (size_t i = 0; pages[i] != NULL; i++) {
        struct html *html;
        assert_int_equal(html_parse(text_of(pages[i]), &html), ERR_OK);
        assert_int_equal(access_read(access, "http://x/", html), ERR_OK);
        html_free(html);
    }
    return access;
}

static void expect(const char *const *pages, enum html_access rule, enum judgement_status status,
                   size_t faults) {
    struct access *access = access_of(pages);
    struct judgement judgement;
    judgement_init(&judgement);
    access_judge(access, rule, &judgement);
    assert_int_equal(judgement.status, status);
    assert_int_equal(judgement.fault_count, faults);
    judgement_done(&judgement);
    access_free(access);
}
#define EXPECT(rule, status, faults, ...)                                                          \
    expect((const char *const[]){__VA_ARGS__, NULL}, rule, status, faults)

static void faults_of_all_pages_are_counted(void **state) {
    (void)state;
    EXPECT(HTML_ACCESS_IMAGE, JUDGEMENT_FAILED, 3, "<img src=a><img src=b>", "<img src=c>", "<p>");
    EXPECT(HTML_ACCESS_IMAGE, JUDGEMENT_PASSED, 0, "<p>", "<img alt=x src=a>");
}

static void more_than_are_kept_are_counted(void **state) {
    (void)state;
    char page[4096];
    struct buf buf;
    buf_init(&buf, sizeof(page));
    for (int i = 0; i < JUDGEMENT_INSTANCES_MAX + 5; i++)
        buf_puts(&buf, "<img src=a>");
    text_copy(buf_text(&buf), page, sizeof(page));
    buf_done(&buf);
    EXPECT(HTML_ACCESS_IMAGE, JUDGEMENT_FAILED, JUDGEMENT_INSTANCES_MAX + 5, page);
}

static void nothing_read_is_nothing_tested(void **state) {
    (void)state;
    EXPECT(HTML_ACCESS_IMAGE, JUDGEMENT_NOT_TESTED, 0, NULL);
    EXPECT(HTML_ACCESS_MAIN, JUDGEMENT_NOT_TESTED, 0, "<script>x()</script>");
}

static void every_rule_has_its_row(void **state) {
    (void)state;
    char id[64];
    for (size_t i = 0; i < HTML_ACCESS__COUNT; i++) {
        const struct rule *rule = access_rules_get(i);
        snprintf(id, sizeof(id), "A11Y-H-%s", html_access_word((enum html_access)i));
        assert_string_equal(rule->id, id);
        assert_true(rule_variant_count(rule) == 1);
    }
    assert_null(access_rules_get(HTML_ACCESS__COUNT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_of_all_pages_are_counted),
        cmocka_unit_test(more_than_are_kept_are_counted),
        cmocka_unit_test(nothing_read_is_nothing_tested),
        cmocka_unit_test(every_rule_has_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
