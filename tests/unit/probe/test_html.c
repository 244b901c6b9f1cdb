/* Goal: the few things read from a page are read as a browser would, and no page is too hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "page.h"

static void assert_meta(const char *page, const char *attribute, const char *value, size_t index,
                        const char *expected) {
    struct html *html = parsed(page);
    struct text content = html_meta(html, attribute, value, index);
    if (expected) {
        assert_non_null(content.ptr);
        assert_true(text_is(content, expected));
    } else {
        assert_null(content.ptr);
    }
    html_free(html);
}

static void metas_of_the_head_are_found_by_attribute(void **state) {
    (void)state;
    static const char page[] =
        "<!doctype html><html><head><META HTTP-EQUIV='content-security-policy' content='a&amp;b'>"
        "<meta name=referrer content=no-referrer>"
        "<meta http-equiv=Content-Security-Policy content=second></head><body></body></html>";
    assert_meta(page, "http-equiv", "Content-Security-Policy", 0, "a&b");
    assert_meta(page, "http-equiv", "Content-Security-Policy", 1, "second");
    assert_meta(page, "http-equiv", "Content-Security-Policy", 2, NULL);
    assert_meta(page, "name", "Referrer", 0, "no-referrer");
    assert_meta(page, "name", "viewport", 0, NULL);
}

static void a_meta_outside_the_head_does_not_count(void **state) {
    (void)state;
    assert_meta("<body><p>x<meta http-equiv=Content-Security-Policy content=late>", "http-equiv",
                "Content-Security-Policy", 0, NULL);
    assert_meta("<!-- <meta name=referrer content=x> -->", "name", "referrer", 0, NULL);
    assert_meta("<script>'<meta name=referrer content=x>'</script>", "name", "referrer", 0, NULL);
}

static void a_meta_without_content_is_there_but_empty(void **state) {
    (void)state;
    assert_meta("<meta name=referrer>", "name", "referrer", 0, "");
}

static bool has_password(const char *page) {
    struct html *html = parsed(page);
    bool has = html_has_password_form(html);
    html_free(html);
    return has;
}

static void a_password_field_is_found_wherever_it_stands(void **state) {
    (void)state;
    assert_true(has_password("<form><div><input type=password></div></form>"));
    assert_true(has_password("<INPUT TYPE=' PassWord '>"));
    assert_false(has_password("<input type=text name=password>"));
    assert_false(has_password("<textarea><input type=password></textarea>"));
    assert_false(has_password("<!-- <input type=password> -->"));
}

static void no_page_is_nothing_and_no_error(void **state) {
    (void)state;
    static const char *const pages[] = {"", "<", "</", "<!", "<!--", "<a", "<a b='", "\xff\xfe<p>"};
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        html_free(parsed(pages[i]));
    struct html *html = NULL;
    assert_int_equal(html_parse(text_make("a\0<p>\0", 6), &html), ERR_OK);
    html_free(html);
}

static enum err parse_of(const char *prefix, const char *part, size_t count, const char *suffix) {
    char *page = page_of(prefix, part, count, suffix);
    struct html *html = NULL;
    enum err err = html_parse(text_of(page), &html);
    if (err == ERR_OK)
        html_free(html);
    free(page);
    return err;
}

static void depth_has_an_exact_limit(void **state) {
    (void)state;
    assert_int_equal(parse_of("", "<div>", HTML_MAX_DEPTH, "x"), ERR_OK);
    assert_int_equal(parse_of("", "<div>", HTML_MAX_DEPTH + 1, "x"), ERR_TOO_LARGE);
}

static void every_kind_of_nesting_bomb_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *prefix, *part;
    } bombs[] = {
        {"", "<div>"},
        {"", "<span></i>"},
        {"", "<unknown-element-with-a-very-long-name>"},
        {"", "<b>"},
        {"", "<p><b id=x>"},
        {"", "<div><font></div>"},
        {"", "<table><tr><td>"},
        {"", "<ul><li>"},
        {"", "<rt>"},
        {"", "<optgroup>"},
        {"<svg>", "<g>"},
        {"<svg><title>", "<g>"},
        {"<svg><style>", "<g>"},
        {"<svg><foreignObject>", "<x/>"},
        {"<svg><div></div>", "<x/>"},
        {"<svg><p>", "<x/>"},
        {"<select><title></select>", "<div>"},
        {"", "<x/>"},
        {"", "<div a='>'>"},
        {"<a x== \">", "<div>"}, /* the quote is the name of an attribute */
        {"<a b='c'=\">", "<div>"},
        {"<svg>", "<g a=b/>"}, /* the slash is part of the value */
        {"<svg>", "<g a=/>"},
    };
    for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++)
        assert_int_equal(parse_of(bombs[i].prefix, bombs[i].part, 50000, ""), ERR_TOO_LARGE);
}

/* A parser compares each attribute of a tag with all before it: a million take it a quarter hour.
 */
static void attributes_of_a_tag_have_an_exact_limit(void **state) {
    static const struct {
        const char *prefix, *part, *suffix;
    } wide[] = {
        {"<div", " a", ">"},          {"</div", " a", ">"},
        {"<svg", "\ta=b", ">"},       {"<p", " a= 'b c'", ">"},
        {"<p ", "a='b'", ">"},        {"<p", "/a", ">"},
        {"<p x", " = =", "> again"},  {"", "<body a>", "x"},
        {"<html a>", "<body a>", ""}, {"<body>", "<html a><body>", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        assert_int_equal(parse_of(wide[i].prefix, wide[i].part, 100000, wide[i].suffix),
                         ERR_TOO_LARGE);
        assert_int_equal(parse_of(wide[i].prefix, wide[i].part, 200, wide[i].suffix), ERR_OK);
    }
    assert_int_equal(parse_of("<p", " a", HTML_MAX_ATTRIBUTES, ">x"), ERR_OK);
    assert_int_equal(parse_of("<p", " a", HTML_MAX_ATTRIBUTES + 1, ">x"), ERR_TOO_LARGE);
    assert_int_equal(parse_of("", "<p a='b c d' e = f/ g>", 1000, ""), ERR_OK);
}

static void long_but_flat_pages_are_read(void **state) {
    (void)state;
    static const struct {
        const char *prefix, *part;
    } pages[] = {
        {"", "<p>text "},
        {"<ul>", "<li>x"},
        {"<table>", "<tr><td>x<td>y"},
        {"<select>", "<option>x"},
        {"<dl>", "<dt>x<dd>y"},
        {"", "<br><img src=x><input>"},
        {"", "<div>x</div>"},
        {"<svg>", "<path d='M0 0'/><g><circle/></g>"},
        {"", "<script>if (a<b) {'<div>'}</script>"},
        {"", "<!-- <div> -->"},
        {"", "1 < 2 <3 "},
    };
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        assert_int_equal(parse_of(pages[i].prefix, pages[i].part, 5000, ""), ERR_OK);
}

static void size_has_a_limit(void **state) {
    (void)state;
    assert_int_equal(parse_of("", "x", HTML_MAX_BYTES, ""), ERR_OK);
    assert_int_equal(parse_of("", "x", HTML_MAX_BYTES + 1, ""), ERR_TOO_LARGE);
}

static void a_page_that_grows_in_the_parser_is_stopped(void **state) {
    (void)state;
    /* Each paragraph opens every formatting element again: some hundred nodes for three bytes. */
    char prefix[8192] = "<p>";
    for (int i = 0, at = 3; i < 300; i++)
        at += snprintf(prefix + at, sizeof(prefix) - (size_t)at, "<b a%d=>", i);
    assert_int_equal(parse_of(prefix, "<p>x", 200000, ""), ERR_TOO_LARGE);
}

static void many_metas_are_read_up_to_their_limit(void **state) {
    (void)state;
    char *page = page_of("<head>", "<meta name=m content=c>", HTML_MAX_META + 10, "");
    struct html *html = parsed(page);
    assert_non_null(html_meta(html, "name", "m", HTML_MAX_META - 1).ptr);
    assert_null(html_meta(html, "name", "m", HTML_MAX_META).ptr);
    html_free(html);
    free(page);
}

static void the_document_itself_is_read(void **state) {
    (void)state;
    static const char PAGE[] = "<!doctype html><title> A </title><p id=x><a name=y id=z></a>"
                               "<a name=x></a><svg><title>b</title></svg>";
    size_t count;
    struct html *html = parsed(PAGE);
    assert_true(text_is(html_title(html), "A") && html_has_doctype(html));
    const struct html_id *ids = html_ids(html, &count);
    assert_int_equal(count, 4);
    assert_true(text_is(ids[0].value, "x") && ids[0].is_id && text_is(ids[2].value, "y") &&
                !ids[2].is_id && text_is(ids[3].value, "x") && !ids[3].is_id);
    html_free(html);
    html = parsed("<p>x");
    assert_true(html_title(html).ptr == NULL && !html_has_doctype(html));
    html_free(html);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metas_of_the_head_are_found_by_attribute),
        cmocka_unit_test(a_meta_outside_the_head_does_not_count),
        cmocka_unit_test(a_meta_without_content_is_there_but_empty),
        cmocka_unit_test(a_password_field_is_found_wherever_it_stands),
        cmocka_unit_test(no_page_is_nothing_and_no_error),
        cmocka_unit_test(depth_has_an_exact_limit),
        cmocka_unit_test(every_kind_of_nesting_bomb_is_refused),
        cmocka_unit_test(attributes_of_a_tag_have_an_exact_limit),
        cmocka_unit_test(long_but_flat_pages_are_read),
        cmocka_unit_test(size_has_a_limit),
        cmocka_unit_test(a_page_that_grows_in_the_parser_is_stopped),
        cmocka_unit_test(the_document_itself_is_read),
        cmocka_unit_test(many_metas_are_read_up_to_their_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
