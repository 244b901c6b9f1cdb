/* Goal: what a page leads to, loads, asks for and says is read as a browser would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "page.h"

/* --- links ---------------------------------------------------------------------------------- */

static const char *const KINDS[] = {"anchor", "action", "refresh", "script", "stylesheet", "frame",
                                    "object", "image",  "media",   "hint",   "related"};

/* "kind url" of every link, a line each. */
static void assert_links(const char *page, const char *expected) {
    char seen[2048] = "";
    size_t count, len = 0;
    struct html *html = parsed(page);
    const struct html_link *links = html_links(html, &count);
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(seen + len, sizeof(seen) - len, "%s %.*s\n", KINDS[links[i].kind],
                                TEXT_ARG(links[i].url));
    assert_string_equal(seen, expected);
    html_free(html);
}

static void every_url_is_listed_with_what_it_is_for(void **state) {
    (void)state;
    assert_links("<a href=' /a '>x</a><map><area href=/b></map>", "anchor /a\nanchor /b\n");
    assert_links("<form action=/f><button formaction=/g>x</button><input formaction=/h></form>",
                 "action /f\naction /g\naction /h\n");
    assert_links("<meta http-equiv=Refresh content=\"5; URL='/next'\">", "refresh /next\n");
    assert_links("<meta http-equiv=refresh content=5><meta name=x content='url=/no'>", "");
    assert_links("<script src=a.js></script><script>location='b'</script>", "script a.js\n");
    assert_links("<iframe src=f></iframe><object data=o></object><embed src=e>",
                 "frame f\nobject o\nobject e\n");
    assert_links(
        "<img src=i><video src=v poster=p><source src=s><track src=t></video><audio src=u>",
        "image i\nimage p\nmedia v\nmedia s\nmedia t\nmedia u\n");
    assert_links("<svg><image href=i /></svg><input type=image src=j>", "image i\nimage j\n");
}

static void what_a_link_element_is_for_stands_in_its_rel(void **state) {
    (void)state;
    assert_links("<link rel='StyleSheet' href=s><link rel='shortcut icon' href=i>"
                 "<link rel=preload href=p><link rel=canonical href=c><link href=n>",
                 "stylesheet s\nimage i\nhint p\nrelated c\nrelated n\n");
}

static void every_candidate_of_a_srcset_is_listed(void **state) {
    (void)state;
    assert_links("<img srcset='a.png, b,c.png 2x ,d.png 100w,e.png'>",
                 "image a.png\nimage b,c.png\nimage d.png\nimage e.png\n");
    assert_links("<picture><source srcset='data:image/png;base64,AA 1x, f 2x'></picture>",
                 "image data:image/png;base64,AA\nimage f\n");
    assert_links("<img srcset=' , ,'>", "");
}

static void urls_in_styles_are_listed(void **state) {
    (void)state;
    assert_links("<style>@import 'a.css'; @IMPORT url( \"b.css\" );"
                 "/* url(no) @import 'no' */ i{background:URL( c.png )}"
                 "i::after{content:'url(no)'}</style>",
                 "stylesheet a.css\nstylesheet b.css\nimage c.png\n");
    assert_links("<p style=\"background:url('d.png')\">", "image d.png\n");
    assert_links("<style>@import", "");
    assert_links("<style>a{b:url(</style>", "");
    assert_links("<style>a{b:'x\\</style>", "");
}

static void what_is_not_on_the_page_is_not_listed(void **state) {
    (void)state;
    assert_links("<!-- <a href=a> --><script>'<a href=b>'</script><textarea><a href=c></textarea>"
                 "<template><a href=d><script src=e></script></template><a>f</a><img src=''>"
                 "<noscript><iframe src=g></iframe><img src=h srcset=i></noscript>"
                 "<script type=text/plain src=j></script>",
                 "");
}

static struct html_link first_link(struct html *html) {
    size_t count;
    const struct html_link *links = html_links(html, &count);
    assert_true(count > 0);
    return links[0];
}

static void links_for_people_without_scripts_are_listed(void **state) {
    (void)state;
    assert_links("<noscript><a href=a>x</a><form action=b></form><img src=c></noscript>",
                 "anchor a\naction b\n");
    assert_links("<p><noscript><img src=a></noscript><noscript><img src=b></NOSCRIPT><img src=c>",
                 "image c\n");
    assert_links("<img src=a><noscript><img src=b>", "image a\n");
}

static void what_guards_a_link_is_told(void **state) {
    (void)state;
    struct html *html = parsed("<script src=a integrity='sha256-x' crossorigin></script>");
    assert_true(text_is(first_link(html).integrity, "sha256-x"));
    assert_non_null(first_link(html).crossorigin.ptr);
    html_free(html);
    html = parsed("<a href=a target=_blank rel='x opener'>");
    assert_true(text_is(first_link(html).target, "_blank"));
    assert_true(text_is(first_link(html).rel, "x opener"));
    assert_null(first_link(html).integrity.ptr);
    html_free(html);
}

static void assert_words(const char *page, const char *expected) {
    struct html *html = parsed(page);
    assert_true(text_is(first_link(html).words, expected));
    html_free(html);
}

static void the_words_of_an_anchor_are_what_people_read(void **state) {
    (void)state;
    assert_words("<a href=a> Privacy\n <b>policy</b> </a> more", "Privacy policy");
    assert_words("<a href=a aria-label=label title=title></a>", "label");
    assert_words("<a href=a><img alt=picture></a>", "picture");
    assert_words("<a href=a><script>x</script></a>", "");
}

/* --- resolving ------------------------------------------------------------------------------ */

static void assert_resolved(const char *page, const char *reference, const char *expected) {
    struct html *html = parsed(page);
    struct url url;
    struct buf buf;
    buf_init(&buf, URL_MAX_BYTES);
    assert_int_equal(url_parse(TEXT("https://shop.test/a/b?q"), &url, NULL), ERR_OK);
    enum err err = html_resolve(html, &url, text_of(reference), &buf);
    assert_int_equal(err, expected != NULL ? ERR_OK : ERR_SYNTAX);
    if (expected != NULL)
        assert_string_equal(buf_str(&buf), expected);
    buf_done(&buf);
    html_free(html);
}

static void references_are_resolved_as_browsers_do(void **state) {
    (void)state;
    assert_resolved("", "c", "https://shop.test/a/c");
    assert_resolved("", "", "https://shop.test/a/b?q");
    assert_resolved("", "//cdn.test/x", "https://cdn.test/x");
    assert_resolved("", " ht\ntp://x.test/a b?c\\d#e ", "http://x.test/a%20b?c%5Cd");
    assert_resolved("", "\\\\x.test\\y", "https://x.test/y");
    assert_resolved("", "javascript:alert(1)", NULL);
    assert_resolved("", "data:,x", NULL);
    assert_resolved("", "http:/one-slash", NULL);
}

static void the_first_base_moves_what_is_relative(void **state) {
    (void)state;
    assert_resolved("<base target=_top><base href=/x/><base href=/y/>", "c",
                    "https://shop.test/x/c");
    assert_resolved("<base href=//cdn.test/z/>", "c", "https://cdn.test/z/c");
    assert_resolved("<base href=data:,x>", "c", "https://shop.test/a/c");
}

/* --- forms ---------------------------------------------------------------------------------- */

static void fields_know_their_form(void **state) {
    (void)state;
    struct html *html = parsed("<input name=outside><form id=f action=/x method=POST>"
                               "<div><input name=a type=' Hidden ' value=v></div></form>"
                               "<form><textarea name=b></textarea><select name=c></select></form>"
                               "<input name=d form=f autocomplete=cc-number><input form=none>"
                               "<button>Go <i>on</i></button>");
    static const struct {
        int form;
        const char *name, *type;
    } expected[] = {{HTML_NO_FORM, "outside", "text"},
                    {0, "a", "Hidden"},
                    {1, "b", "textarea"},
                    {1, "c", "select"},
                    {0, "d", "text"},
                    {HTML_NO_FORM, "", "text"},
                    {HTML_NO_FORM, "", "submit"}};
    size_t forms, count;
    assert_true(text_is(html_forms(html, &forms)[0].method, "POST"));
    assert_null(html_forms(html, &forms)[1].action.ptr);
    assert_int_equal(forms, 2);
    const struct html_field *fields = html_fields(html, &count);
    assert_int_equal(count, 7);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(fields[i].form, expected[i].form);
        assert_true(text_is(fields[i].name, expected[i].name));
        assert_true(text_is(fields[i].type, expected[i].type));
    }
    assert_true(text_is(fields[1].value, "v"));
    assert_true(text_is(fields[4].autocomplete, "cc-number"));
    assert_true(text_is(fields[6].words, "Go on"));
    html_free(html);
}

/* --- texts ---------------------------------------------------------------------------------- */

static void texts_are_told_apart(void **state) {
    (void)state;
    struct html *html = parsed("<!-- one --><title>T</title><p>Some <b>bold</b> text</p><style>s{}"
                               "</style><script>var a = '<b>';</script><script src=x>no</script>"
                               "<template>no</template></html><!--two-->");
    size_t count;
    assert_true(text_is(html_text(html), "T\nSome \nbold\n text\n"));
    assert_true(text_is(html_scripts(html, &count)[0], "var a = '<b>';"));
    assert_int_equal(count, 1);
    assert_true(text_is(html_comments(html, &count)[1], "two"));
    assert_int_equal(count, 2);
    html_free(html);
}

static bool has_dialog(const char *page) {
    struct html *html = parsed(page);
    bool has = html_has_dialog(html);
    html_free(html);
    return has;
}

static void a_dialog_is_an_element_or_a_role(void **state) {
    (void)state;
    assert_true(has_dialog("<DIALOG open>"));
    assert_true(has_dialog("<div role=AlertDialog>"));
    assert_false(has_dialog("<dialog-x><div role=main><p>dialog"));
}

static void long_lists_are_read_up_to_their_limit(void **state) {
    (void)state;
    char *page = page_of("", "<img src=x>", HTML_MAX_LINKS + 10, "");
    struct html *html = parsed(page);
    size_t count;
    (void)html_links(html, &count);
    assert_int_equal(count, HTML_MAX_LINKS);
    html_free(html);
    free(page);
    page = page_of("", "<form><input></form>", HTML_MAX_FORMS + 10, "");
    html = parsed(page);
    assert_int_equal(html_fields(html, &count)[HTML_MAX_FORMS].form, HTML_NO_FORM);
    (void)html_forms(html, &count);
    assert_int_equal(count, HTML_MAX_FORMS);
    html_free(html);
    free(page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_url_is_listed_with_what_it_is_for),
        cmocka_unit_test(what_a_link_element_is_for_stands_in_its_rel),
        cmocka_unit_test(every_candidate_of_a_srcset_is_listed),
        cmocka_unit_test(urls_in_styles_are_listed),
        cmocka_unit_test(what_is_not_on_the_page_is_not_listed),
        cmocka_unit_test(links_for_people_without_scripts_are_listed),
        cmocka_unit_test(what_guards_a_link_is_told),
        cmocka_unit_test(the_words_of_an_anchor_are_what_people_read),
        cmocka_unit_test(references_are_resolved_as_browsers_do),
        cmocka_unit_test(the_first_base_moves_what_is_relative),
        cmocka_unit_test(fields_know_their_form),
        cmocka_unit_test(texts_are_told_apart),
        cmocka_unit_test(a_dialog_is_an_element_or_a_role),
        cmocka_unit_test(long_lists_are_read_up_to_their_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
