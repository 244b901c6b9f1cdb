/* The claims of a well signed token must all be right, or nobody is let in. */
#include "auth/token_help.h"

static void a_token_has_an_end_that_has_not_come(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {
        "\"exp\":1771668000",
        "\"exp\":1771667999",
        "\"exp\":1771667939",
        "\"exp\":\"1771668900\"",
        "\"exp\":null",
        "\"exp\":true",
        "\"exp\":[1771668900]",
        "\"exp\":-1",
        "\"exp\":0",
        "\"exp\":1771668900.5",
        "\"exp\":1e300",
        "\"exp\":9223372036854775808",
        "\"exp\":99999999999999999999",
        "\"exp\":9007199254740993",
        "\"expires\":1771668900",
        "\"exp\":1771754401",
    };
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char claims[512];
        snprintf(claims, sizeof(claims), "{" WHO "," MAY "," KIND ",%s}", WRONG[i]);
        assert_claims_refused(claims);
    }
}

static void a_token_lives_a_day_at_most_and_not_before_it_is_made(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {
        "\"iat\":1771668031",     "\"nbf\":1771668031", "\"nbf\":1771668061", "\"iat\":1771582499",
        "\"iat\":\"1771668000\"", "\"iat\":null",       "\"nbf\":\"0\"",      "\"iat\":-1",
        "\"iat\":1771668000.25",  "\"nbf\":1e300",      "\"iat\":1e300",
    };
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char claims[512];
        snprintf(claims, sizeof(claims), "{" WHO "," KIND ",\"exp\":1771668900,%s}", WRONG[i]);
        assert_claims_refused(claims);
    }
}

static void only_an_access_token_opens(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"\"type\":\"refresh\"", "\"type\":\"Access\"",
                                        "\"type\":null", "\"type\":[\"access\"]", "\"x\":1"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char claims[512];
        snprintf(claims, sizeof(claims), "{" WHO "," MAY "," WHEN ",%s}", WRONG[i]);
        assert_claims_refused(claims);
    }
}

static void a_token_of_another_issuer_or_for_another_is_refused(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"\"iss\":\"secureyeoman\"", "\"iss\":null", "\"iss\":\"\"",
                                        "\"aud\":\"agnostic\"",     "\"aud\":[]",   "\"aud\":null"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char claims[512];
        snprintf(claims, sizeof(claims), "{" WHO "," MAY "," KIND "," WHEN ",%s}", WRONG[i]);
        assert_claims_refused(claims);
    }
}

static void a_token_names_somebody(void **unused) {
    (void)unused;
    char claims[512];
    static const char *const WRONG[] = {"\"\"",          "null",       "5",
                                        "[\"u1\"]",      "{}",         "true",
                                        "\"u\\u00001\"", "\"u\\n1\"",  "\"u\\u001b[0m\"",
                                        "\"u\\u007f\"",  "\"\\ud800\""};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        snprintf(claims, sizeof(claims), "{\"user_id\":%s," MAY "," KIND "," WHEN "}", WRONG[i]);
        assert_claims_refused(claims);
    }
    assert_claims_refused("{\"sub\":\"u1\"," MAY "," KIND "," WHEN "}");
    snprintf(claims, sizeof(claims), "{\"user_id\":\"%0127d\"," KIND "," WHEN "}", 0);
    assert_claims_accepted(claims);
    snprintf(claims, sizeof(claims), "{\"user_id\":\"%0128d\"," KIND "," WHEN "}", 0);
    assert_claims_refused(claims);
}

static void other_claims_have_the_right_type_or_the_token_is_refused(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {
        "\"email\":5",        "\"role\":[\"super_admin\"]", "\"permissions\":\"sessions:read\"",
        "\"permissions\":{}", "\"permissions\":null",       "\"role\":\"a\\nb\""};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char claims[512];
        snprintf(claims, sizeof(claims), "{\"user_id\":\"u1\"," KIND "," WHEN ",%s}", WRONG[i]);
        assert_claims_refused(claims);
    }
}

static void no_claim_stands_twice(void **unused) {
    (void)unused;
    assert_claims_refused("{" WHO "," KIND "," WHEN ",\"user_id\":\"root\"}");
    assert_claims_refused("{" WHO "," KIND "," WHEN ",\"user_\\u0069d\":\"root\"}");
    assert_claims_refused("{" WHO "," KIND "," WHEN ",\"exp\":1771668901}");
    assert_claims_refused("{" WHO "," KIND "," WHEN ",\"x\":{\"a\":1,\"\\u0061\":2}}");
}

static void the_claims_are_one_strict_object(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"[1]",
                                        "\"u1\"",
                                        "null",
                                        " ",
                                        GOOD "x",
                                        "{",
                                        "{" WHO "}{}",
                                        "{" WHO "," KIND "," WHEN ",}",
                                        "\xef\xbb\xbf" GOOD};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_claims_refused(WRONG[i]);
    char *token = signed_with(SECRET, TEXT(HEADER), text_make(GOOD "\0", sizeof(GOOD)));
    assert_refused(text_of(token));
    free(token);
    token = signed_with(SECRET, TEXT(HEADER), TEXT("{\"user_id\":\"\xff\"," KIND "," WHEN "}"));
    assert_refused(text_of(token));
    free(token);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_has_an_end_that_has_not_come),
        cmocka_unit_test(a_token_lives_a_day_at_most_and_not_before_it_is_made),
        cmocka_unit_test(only_an_access_token_opens),
        cmocka_unit_test(a_token_of_another_issuer_or_for_another_is_refused),
        cmocka_unit_test(a_token_names_somebody),
        cmocka_unit_test(other_claims_have_the_right_type_or_the_token_is_refused),
        cmocka_unit_test(no_claim_stands_twice),
        cmocka_unit_test(the_claims_are_one_strict_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
