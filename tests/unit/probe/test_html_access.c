/* Goal: what keeps people out of a page is found as tests/data/html_access.tsv says, and nothing
 * else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/html_access.h"
#include "table.h"

enum { RULES_MAX = 64 };

struct seen {
    const char *rules[RULES_MAX];
    size_t count;
};

static void note(void *ctx, enum html_access rule, const char *tag) {
    struct seen *seen = ctx;
    assert_true(tag[0] == '<' && strlen(tag) < HTML_ACCESS_TAG_SIZE);
    assert_true(seen->count < RULES_MAX);
    seen->rules[seen->count++] = html_access_word(rule);
}

static int by_word(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void look(const char *page, struct seen *seen) {
    struct html *html;
    assert_int_equal(html_parse(text_of(page), &html), ERR_OK);
    *seen = (struct seen){.count = 0};
    assert_int_equal(html_access(html, note, seen), ERR_OK);
    html_free(html);
    qsort(seen->rules, seen->count, sizeof(seen->rules[0]), by_word);
}

static void check_row(char **cells, size_t line) {
    struct seen seen;
    struct buf page, words;
    bool whole = strncmp(cells[0], "<!doctype", 9) == 0;
    buf_init(&page, 1 << 16);
    buf_init(&words, 1 << 16);
    buf_puts(&page, whole ? "" : "<!doctype html><html lang=en><title>T</title><main>");
    buf_puts(&page, cells[0]);
    look(buf_str(&page), &seen);
    for (size_t i = 0; i < seen.count; i++)
        buf_printf(&words, "%s%s", i > 0 ? " " : "", seen.rules[i]);
    if (strcmp(seen.count > 0 ? buf_str(&words) : "-", cells[1]) != 0)
        fail_msg("html_access.tsv:%zu: %s: %s", line, cells[0], buf_str(&words));
    buf_done(&page);
    buf_done(&words);
}

static void pages_break_the_rules_that_the_table_says(void **state) {
    (void)state;
    assert_true(table_each("html_access.tsv", 2, check_row) >= 80);
}

static void rules_that_scripts_may_keep_wait_for_a_browser(void **state) {
    (void)state;
    struct html *html;
    assert_int_equal(html_parse(TEXT("<script>x()</script><p>a"), &html), ERR_OK);
    assert_true(html_access_needs_browser(html, HTML_ACCESS_MAIN));
    assert_false(html_access_needs_browser(html, HTML_ACCESS_IMAGE));
    html_free(html);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_break_the_rules_that_the_table_says),
        cmocka_unit_test(rules_that_scripts_may_keep_wait_for_a_browser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
