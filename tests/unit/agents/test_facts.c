/* Goal: what follows from the answers beside the findings: foreign origins are foreign. */
#include "agents/made_facts.h"
#include "unit.h"

static struct facts *made(const char *row_text) {
    struct json *row = NULL;
    assert_int_equal(json_parse(text_of(row_text), &JSON_LIMITS_RESULT, &row, NULL), ERR_OK);
    struct facts *facts = made_facts(NULL, row);
    json_free(row);
    return facts;
}

static void assert_prefixed(const char *row, const char *origin) {
    struct facts *facts = made(row);
    facts_name_origins(facts);
    assert_string_equal(facts->cors.origin[ORIGIN_PREFIXED], origin);
    facts_free(facts);
}

/* A site may let all hosts of its own domain read; that is no partial comparison. */
static void no_origin_that_is_asked_from_belongs_to_the_site(void **state) {
    (void)state;
    assert_prefixed("{\"url\":\"https://www.shop.co.uk/\"}", "https://qa-probe-shop.co.uk");
    assert_prefixed("{\"url\":\"https://shop.github.io/\"}", "https://qa-probe-shop.github.io");
    assert_prefixed("{\"url\":\"https://a.b.shop.test/\"}", "https://qa-probe-shop.test");
    assert_prefixed("{\"url\":\"https://localhost/\"}", "https://qa-probe-localhost");
    assert_prefixed("{\"url\":\"https://127.0.0.1/\"}", "https://qa-probe-127.0.0.1");
}

/* Whether row has these pages, in order. */
static void assert_pages(const char *row, const char *const *urls, size_t count) {
    struct facts *facts = made(row);
    assert_int_equal(facts->pages.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(facts->pages.items[i].answer->url_text, urls[i]);
    facts_free(facts);
}

static void pages_are_good_answers_each_once(void **state) {
    (void)state;
    static const char *const urls[] = {"https://shop.example/", "https://shop.example/a"};
    assert_pages("{\"pages\":[[\"https://shop.example/a\"],[\"https://shop.example/\"],"
                 "[\"https://shop.example/b\",404],[\"https://shop.example/a\"]]}",
                 urls, 2);
    assert_pages("{\"status\":500,\"pages\":[[\"https://shop.example/a\"]]}", urls, 0);
}

static void what_a_page_leads_to_is_resolved(void **state) {
    (void)state;
    struct facts *facts = made("{\"pages\":[[\"https://shop.example/a/b\",200,"
                               "{\"Content-Type\":\"text/html\"},\"<base href=/c/>\"]]}");
    struct page_url found;
    assert_true(page_resolve(&facts->pages.items[1], TEXT("d"), &found));
    assert_string_equal(found.text, "https://shop.example/c/d");
    assert_true(text_is(found.url.path, "/c/d"));
    assert_false(page_resolve(&facts->pages.items[1], TEXT("mailto:a@b"), &found));
    facts_free(facts);
}

static void the_same_cookie_of_several_pages_counts_once(void **state) {
    (void)state;
    struct facts *facts = made("{\"with\":{\"Set-Cookie\":\"a=1; Secure\"},\"pages\":["
                               "[\"https://shop.example/a\",200,{\"Set-Cookie\":\"a=2; Secure\"}],"
                               "[\"https://shop.example/b\",200,{\"Set-Cookie\":\"a=3\"}],"
                               "[\"https://shop.example/c\",200,{\"Set-Cookie\":\"a=4\"}]]}");
    assert_int_equal(facts->first_cookie_count, 1);
    assert_int_equal(facts->cookie_count, 2);
    assert_string_equal(facts->cookies[1].from->url_text, "https://shop.example/b");
    facts_free(facts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_origin_that_is_asked_from_belongs_to_the_site),
        cmocka_unit_test(pages_are_good_answers_each_once),
        cmocka_unit_test(what_a_page_leads_to_is_resolved),
        cmocka_unit_test(the_same_cookie_of_several_pages_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
