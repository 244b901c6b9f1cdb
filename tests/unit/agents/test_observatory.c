/* Goal: the score is what the HTTP Observatory's modifiers add up to. The expected modifiers were
 * checked against the original over the servers of security_matrix.json (scenario.observatory). */
#include <string.h>

#include "agents/made_facts.h"
#include "agents/security/observatory.h"
#include "unit.h"

#define PAGE(script)                                                                               \
    "{\"body\":\"<!doctype html><title>x</title><script src='" script "'></script>\"}"
#define WITH(headers) "{\"with\":{" headers "}}"

/* The modifier of one test for a good site that differs as `row` says. */
static int modifier(const char *row, const char *name) {
    static const char BASES[] =
        "{\"good\":{\"Content-Type\":\"text/html; charset=utf-8\","
        "\"Strict-Transport-Security\":\"max-age=31536000\","
        "\"Content-Security-Policy\":\"default-src 'none'; script-src 'self'\","
        "\"X-Content-Type-Options\":\"nosniff\",\"X-Frame-Options\":\"DENY\","
        "\"Referrer-Policy\":\"no-referrer\"}}";
    struct json *bases, *one;
    struct observatory observatory = {0};
    int found = 0;
    assert_int_equal(json_parse(text_of(BASES), &JSON_LIMITS_RESULT, &bases, NULL), ERR_OK);
    assert_int_equal(json_parse(text_of(row), &JSON_LIMITS_RESULT, &one, NULL), ERR_OK);
    struct facts *facts = made_facts(bases, one);
    assert_true(observatory_judge(facts, &observatory));
    for (size_t i = 0; i < OBSERVATORY_TESTS; i++)
        if (strcmp(observatory.tests[i].name, name) == 0)
            found = observatory.tests[i].modifier;
    if (strcmp(name, "score") == 0)
        found = observatory.score;
    facts_free(facts);
    json_free(one);
    json_free(bases);
    return found;
}

static void each_test_gives_the_modifier_of_the_original(void **state) {
    static const struct {
        const char *row, *name;
        int modifier;
    } CASES[] = {
        {"{}", "content-security-policy", 10},
        {WITH("\"Content-Security-Policy\":null"), "content-security-policy", -25},
        {WITH("\"Content-Security-Policy\":\"default-src 'self'\""), "content-security-policy", 5},
        {WITH("\"Content-Security-Policy\":\"img-src 'self'\""), "content-security-policy", -20},
        {WITH("\"Content-Security-Policy\":\"default-src 'self' 'unsafe-eval'\""),
         "content-security-policy", -10},
        {WITH("\"Content-Security-Policy\":\"default-src 'self'; style-src 'unsafe-inline'\""),
         "content-security-policy", 0},
        {WITH("\"Content-Security-Policy\":\"script-src 'strict-dynamic'\""),
         "content-security-policy", -25},
        {WITH("\"Content-Security-Policy\":\"default-src 'self'; img-src http://a.example\""),
         "content-security-policy", -10},
        {"{}", "cookies", 0},
        {WITH("\"Set-Cookie\":\"a=1; Secure; SameSite=Lax\""), "cookies", 5},
        {WITH("\"Set-Cookie\":\"a=1; Secure\""), "cookies", 0},
        {"{\"pages\":[[\"https://shop.example/a\",200,{\"Set-Cookie\":\"a=1\"}]]}", "cookies", 0},
        {WITH("\"Set-Cookie\":\"a=1\""), "cookies", -5},
        {WITH("\"Set-Cookie\":\"session=1; HttpOnly\""), "cookies", -10},
        {WITH("\"Set-Cookie\":\"session=1; Secure\""), "cookies", -30},
        {WITH("\"Set-Cookie\":\"csrf=1; Secure\""), "cookies", -20},
        {WITH("\"Set-Cookie\":\"a=1; Secure; SameSite=Maybe\""), "cookies", -20},
        {WITH("\"Strict-Transport-Security\":null,\"Set-Cookie\":\"session=1; HttpOnly\""),
         "cookies", -40},
        {"{}", "strict-transport-security", 0},
        {WITH("\"Strict-Transport-Security\":\"max-age=600\""), "strict-transport-security", -10},
        {WITH("\"Strict-Transport-Security\":\"nonsense\""), "strict-transport-security", -20},
        {"{}", "referrer-policy", 5},
        {WITH("\"Referrer-Policy\":\"no-referrer, unsafe-url\""), "referrer-policy", -5},
        {WITH("\"Referrer-Policy\":\"nonsense\""), "referrer-policy", -5},
        {WITH("\"Referrer-Policy\":null"), "referrer-policy", 0},
        {WITH("\"X-Content-Type-Options\":\"sniff\""), "x-content-type-options", -5},
        {"{}", "x-frame-options", 0},
        {WITH("\"X-Frame-Options\":\"ALLOW-FROM https://a.example\""), "x-frame-options", 0},
        {WITH("\"X-Frame-Options\":null"), "x-frame-options", -20},
        {WITH("\"Content-Security-Policy\":\"frame-ancestors 'none'\""), "x-frame-options", 5},
        {WITH("\"Cross-Origin-Resource-Policy\":\"same-site\""), "cross-origin-resource-policy",
         10},
        {WITH("\"Cross-Origin-Resource-Policy\":\"x\""), "cross-origin-resource-policy", -5},
        {PAGE("/own.js"), "subresource-integrity", 0},
        {PAGE("https://cdn.other.example/a.js"), "subresource-integrity", -5},
        {PAGE("http://cdn.other.example/a.js"), "subresource-integrity", -50},
        {PAGE("https://cdn.other.example/a.js' integrity='sha384-x"), "subresource-integrity", 5},
        {PAGE("http://cdn.other.example/a.js' integrity='sha384-x"), "subresource-integrity", -20},
        {PAGE("/own.js' integrity='sha384-x"), "subresource-integrity", 5},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        int got = modifier(CASES[i].row, CASES[i].name);
        if (got != CASES[i].modifier)
            fail_msg("%s of %s: %d, not %d", CASES[i].name, CASES[i].row, got, CASES[i].modifier);
    }
}

static void extra_credit_counts_only_from_ninety_on(void **state) {
    (void)state;
    assert_int_equal(modifier("{}", "score"), 115);
    assert_int_equal(modifier(WITH("\"X-Content-Type-Options\":null"), "score"), 110);
    assert_int_equal(modifier(WITH("\"X-Frame-Options\":null"), "score"), 80);
    assert_int_equal(modifier(WITH("\"Content-Security-Policy\":null,\"X-Frame-Options\":null,"
                                   "\"X-Content-Type-Options\":null"),
                              "score"),
                     50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_test_gives_the_modifier_of_the_original),
        cmocka_unit_test(extra_credit_counts_only_from_ninety_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
