/* XML in, a tree out; bombs, depth and size end in an error and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/buf.h"
#include "agnostic/base/xml.h"
#include "unit.h"

static void a_tree_is_read(void **unused) {
    (void)unused;
    struct xml *root;
    assert_int_equal(
        xml_parse(TEXT("<?xml version='1.0'?><!DOCTYPE r><!-- c --><r a='1' b='&lt;&#x20AC;'> x "
                       "<s>one</s><t/><s><![CDATA[<two>]]></s> y</r>"),
                  &XML_LIMITS, &root, NULL),
        ERR_OK);
    assert_true(xml_is(root, "r"));
    assert_string_equal(xml_attribute(root, "a"), "1");
    assert_string_equal(xml_attribute(root, "b"), "<\xe2\x82\xac");
    assert_string_equal(xml_attribute(root, "c"), "");
    const struct xml *s = xml_child(root, "s");
    assert_true(text_is(xml_text(s), "one"));
    assert_true(xml_is(xml_next(s, NULL), "t"));
    assert_true(text_is(xml_text(xml_next(s, "s")), "<two>"));
    assert_null(xml_next(xml_next(s, "s"), NULL));
    assert_null(xml_child(root, "u"));
    xml_free(root);
}

static void nothing_is_read_of_what_is_not_there(void **unused) {
    (void)unused;
    assert_null(xml_child(NULL, "a"));
    assert_null(xml_next(NULL, NULL));
    assert_string_equal(xml_attribute(NULL, "a"), "");
    assert_int_equal(xml_text(NULL).len, 0);
    assert_false(xml_is(NULL, NULL));
    xml_free(NULL);
}

static void assert_refused(struct text text, const struct xml_limits *limits, enum err expected) {
    struct xml *root;
    struct fault fault = {0};
    assert_int_equal(xml_parse(text, limits, &root, &fault), expected);
    assert_non_null(strstr(fault.text, "XML"));
}

static void what_is_not_xml_is_refused(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {
        "",     "x",           "<a>",         "<a></b>",    "<a/><b/>", "<a b/>",
        "&#0;", "<a>\x01</a>", "<a>\xff</a>", "<a>&b;</a>", "{}"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_refused(text_of(WRONG[i]), &XML_LIMITS, ERR_SYNTAX);
}

static void entities_are_neither_declared_nor_fetched(void **unused) {
    (void)unused;
    assert_refused(TEXT("<!DOCTYPE a [<!ENTITY b \"b\">]><a>&b;</a>"), &XML_LIMITS, ERR_SYNTAX);
    assert_refused(TEXT("<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/passwd\">]><a/>"), &XML_LIMITS,
                   ERR_SYNTAX);
    assert_refused(TEXT("<!DOCTYPE a [<!ENTITY % b \"b\">%b;]><a/>"), &XML_LIMITS, ERR_SYNTAX);
}

static void limits_hold(void **unused) {
    (void)unused;
    const struct xml_limits limits = {.depth = 3, .elements = 4, .bytes = 8};
    struct xml *root;
    assert_int_equal(xml_parse(TEXT("<a><b><c/></b><d/></a>"), &limits, &root, NULL), ERR_OK);
    xml_free(root);
    assert_refused(TEXT("<a><b><c><d/></c></b></a>"), &limits, ERR_TOO_LARGE);
    assert_refused(TEXT("<a><b/><b/><b/><b/></a>"), &limits, ERR_TOO_LARGE);
    assert_refused(TEXT("<a b='12345678'/>"), &limits, ERR_TOO_LARGE);
    assert_refused(TEXT("<a>12345678</a>"), &limits, ERR_TOO_LARGE);
}

static void deep_nesting_costs_no_stack(void **unused) {
    (void)unused;
    const struct xml_limits limits = {.depth = 100000, .elements = 100000, .bytes = 1 << 20};
    struct buf buf;
    struct xml *root;
    buf_init(&buf, 1 << 20);
    for (int i = 0; i < 50000; i++)
        buf_puts(&buf, "<a>");
    for (int i = 0; i < 50000; i++)
        buf_puts(&buf, "</a>");
    assert_int_equal(xml_parse(buf_text(&buf), &limits, &root, NULL), ERR_OK);
    xml_free(root);
    assert_refused(buf_text(&buf), &XML_LIMITS, ERR_TOO_LARGE);
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_read),
        cmocka_unit_test(nothing_is_read_of_what_is_not_there),
        cmocka_unit_test(what_is_not_xml_is_refused),
        cmocka_unit_test(entities_are_neither_declared_nor_fetched),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(deep_nesting_costs_no_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
