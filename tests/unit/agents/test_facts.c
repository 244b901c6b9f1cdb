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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_origin_that_is_asked_from_belongs_to_the_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
