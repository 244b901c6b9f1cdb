/* The guard: which credential decides, what is looked up for it, and what the finding means. */
#include "tokens.h"
#include "web/guard.h"
#include "web/route.h"

#define STATIC_KEY "operator-static-key-0001"
#define NOW_S INT64_C(1771668000)
#define NOW_US (NOW_S * 1000000)

static struct guard_rules rules_of(const char *static_key, const char *token_secret) {
    struct guard_rules rules;
    assert_int_equal(guard_rules_init(&rules, text_of(static_key), text_of(token_secret)), ERR_OK);
    return rules;
}

static struct access_query query;
static struct principal principal;

static enum err open_with(const struct guard_rules *rules, const char *key, const char *bearer) {
    char authorization[4200];
    struct incoming incoming = {0};
    query = (struct access_query){0};
    principal = (struct principal){0};
    if (key != NULL)
        incoming.header[INCOMING_API_KEY] = text_of(key);
    if (bearer != NULL) {
        snprintf(authorization, sizeof(authorization), "%s", bearer);
        incoming.header[INCOMING_AUTHORIZATION] = text_of(authorization);
    }
    return guard_open(rules, &incoming, NOW_US, &query, &principal);
}

static enum err open_with_both(const char *key, const char *bearer) {
    const struct guard_rules rules = rules_of(STATIC_KEY, TOKENS_SECRET);
    return open_with(&rules, key, bearer);
}

static enum err open_key(const char *key) {
    return open_with_both(key, NULL);
}

static enum err open_bearer(const char *token) {
    char field[4200];
    snprintf(field, sizeof(field), "Bearer %s", token);
    return open_with_both(NULL, field);
}

static void nothing_at_all_is_no_credential(void **unused) {
    (void)unused;
    assert_int_equal(open_with_both(NULL, NULL), ERR_NO_CREDENTIAL);
}

static void the_static_key_is_the_operator_and_needs_no_look_up(void **unused) {
    (void)unused;
    assert_int_equal(open_key(STATIC_KEY), ERR_OK);
    assert_int_equal(query.kind, ACCESS_NOTHING);
    assert_string_equal(principal.user_id, "api-key-user");
    assert_string_equal(principal.email, "api@agnostic");
    assert_string_equal(principal.role, "api_user");
    assert_int_equal(principal.permissions, PERM_ALL);
}

static void without_a_static_key_an_empty_one_opens_nothing(void **unused) {
    (void)unused;
    const struct guard_rules none = rules_of("", "");
    assert_int_equal(open_with(&none, "", NULL), ERR_BAD_KEY);
    assert_int_equal(open_with(&none, STATIC_KEY, NULL), ERR_OK);
    assert_int_equal(query.kind, ACCESS_API_KEY);
}

static void any_other_plausible_key_is_looked_up_by_its_digest(void **unused) {
    (void)unused;
    char digest[SECURE_HEX_SIZE];
    assert_int_equal(open_key("sOmE-43-character_key_of-the_original-12345"), ERR_OK);
    assert_int_equal(query.kind, ACCESS_API_KEY);
    assert_int_equal(secure_sha256_hex(TEXT("sOmE-43-character_key_of-the_original-12345"), digest),
                     ERR_OK);
    assert_string_equal(query.digest, digest);
    assert_int_equal(principal.permissions, 0);
}

static void an_implausible_key_is_refused_at_sight(void **unused) {
    (void)unused;
    static const char *const BAD[] = {"",
                                      "a b",
                                      "a\tb",
                                      "caf\xc3\xa9",
                                      "a,b",
                                      "agn_00000000000000000000000000000000AAAAAA",
                                      STATIC_KEY "," STATIC_KEY};
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        assert_int_equal(open_key(BAD[i]), ERR_BAD_KEY);
}

static void a_key_given_twice_is_refused_even_if_good(void **unused) {
    (void)unused;
    const struct guard_rules rules = rules_of(STATIC_KEY, TOKENS_SECRET);
    struct incoming incoming;
    const char *const twice[] = {"REQUEST_METHOD=GET", "REQUEST_URI=/",
                                 "HTTP_X_API_KEY=" STATIC_KEY, "HTTP_X_API_KEY=" STATIC_KEY, NULL};
    incoming_init(&incoming, twice);
    assert_int_equal(guard_open(&rules, &incoming, NOW_US, &query, &principal), ERR_BAD_KEY);
}

static void a_key_decides_alone_beside_a_good_token(void **unused) {
    (void)unused;
    char field[4200];
    snprintf(field, sizeof(field), "Bearer %s", tokens_for("ann", "", NOW_S));
    assert_int_equal(open_with_both("a,b", field), ERR_BAD_KEY);
    assert_int_equal(open_with_both("", field), ERR_BAD_KEY);
    assert_int_equal(open_with_both(NULL, field), ERR_OK);
}

static void a_good_token_is_its_claims_and_looked_up_as_revoked(void **unused) {
    (void)unused;
    assert_int_equal(open_bearer(tokens_for("ann", "\"sessions:read\",\"bogus\"", NOW_S)), ERR_OK);
    assert_int_equal(query.kind, ACCESS_TOKEN);
    assert_int_equal(strlen(query.digest), 64);
    assert_string_equal(principal.user_id, "ann");
    assert_int_equal(principal.permissions, PERM_BIT(PERM_SESSIONS_READ));
}

static void the_scheme_must_be_exactly_bearer(void **unused) {
    (void)unused;
    const char *token = tokens_for("ann", "", NOW_S);
    static const char *const SCHEMES[] = {"bearer ", "BEARER ", "Bearer", "Basic ", "", " Bearer "};
    for (size_t i = 0; i < sizeof(SCHEMES) / sizeof(SCHEMES[0]); i++) {
        char field[4200];
        snprintf(field, sizeof(field), "%s%s", SCHEMES[i], token);
        assert_int_equal(open_with_both(NULL, field), ERR_NO_CREDENTIAL);
    }
}

static void a_bad_token_is_refused_and_so_is_every_one_when_switched_off(void **unused) {
    (void)unused;
    const struct guard_rules off = rules_of(STATIC_KEY, "");
    char field[4200];
    assert_int_equal(open_bearer("a.b.c"), ERR_BAD_TOKEN);
    assert_int_equal(open_bearer(""), ERR_BAD_TOKEN);
    assert_int_equal(open_bearer(tokens_for("ann", "", NOW_S - 1000)), ERR_BAD_TOKEN);
    snprintf(field, sizeof(field), "Bearer %s", tokens_for("ann", "", NOW_S));
    assert_int_equal(open_with(&off, NULL, field), ERR_BAD_TOKEN);
}

/* --- what was found ----------------------------------------------------------------------- */

static enum err judge(enum access_kind kind, const char *found) {
    struct access_answer answer = {found != NULL, (char *)found};
    query = (struct access_query){.kind = kind};
    principal = (struct principal){0};
    return guard_judge(&query, &answer, NOW_US, NULL, &principal);
}

#define RECORD(more)                                                                               \
    "{\"key_id\":\"1a2b3c4d\",\"description\":\"\",\"role\":\"api_user\",\"created_by\":\"x\","    \
    "\"created_at\":\"2026-01-01T00:00:00\",\"user_id\":\"api-key-1a2b3c4d\","                     \
    "\"email\":\"api-key-1a2b3c4d@agnostic\",\"permissions\":[\"sessions:read\"]" more "}"

static void a_key_is_what_its_record_says(void **unused) {
    (void)unused;
    assert_int_equal(judge(ACCESS_API_KEY, RECORD("")), ERR_OK);
    assert_string_equal(principal.user_id, "api-key-1a2b3c4d");
    assert_int_equal(principal.permissions, PERM_BIT(PERM_SESSIONS_READ));
}

static void an_unknown_or_expired_key_is_bad_and_a_damaged_record_opens_nothing(void **unused) {
    (void)unused;
    assert_int_equal(judge(ACCESS_API_KEY, NULL), ERR_BAD_KEY);
    assert_int_equal(judge(ACCESS_API_KEY, RECORD(",\"expires_at\":\"2020-01-01T00:00:00Z\"")),
                     ERR_BAD_KEY);
    assert_int_equal(judge(ACCESS_API_KEY, RECORD(",\"expires_at\":\"2099-01-01T00:00:00Z\"")),
                     ERR_OK);
    assert_int_equal(judge(ACCESS_API_KEY, "not json"), ERR_DAMAGED);
    assert_int_equal(principal.permissions, 0);
}

static void a_revoked_token_is_bad(void **unused) {
    (void)unused;
    assert_int_equal(judge(ACCESS_TOKEN, "1"), ERR_BAD_TOKEN);
    assert_int_equal(judge(ACCESS_TOKEN, NULL), ERR_OK);
}

static void a_permission_is_had_or_not(void **unused) {
    (void)unused;
    principal = (struct principal){.permissions = PERM_BIT(PERM_SESSIONS_READ)};
    assert_int_equal(guard_permit(&principal, PERM_SESSIONS_READ), ERR_OK);
    assert_int_equal(guard_permit(&principal, ROUTE_ANY_CREDENTIAL), ERR_OK);
    for (int need = PERM_SESSIONS_WRITE; need <= PERM__COUNT; need++)
        assert_int_equal(guard_permit(&principal, need), ERR_FORBIDDEN);
    assert_int_equal(guard_permit(&principal, -77), ERR_FORBIDDEN);
    assert_int_equal(guard_permit(&principal, ROUTE_CANCEL), ERR_FORBIDDEN);
    principal.permissions = PERM_BIT(PERM_SESSIONS_WRITE);
    assert_int_equal(guard_permit(&principal, ROUTE_CANCEL), ERR_OK);
    principal.permissions = PERM_BIT(PERM_SESSIONS_DELETE);
    assert_int_equal(guard_permit(&principal, ROUTE_CANCEL), ERR_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_at_all_is_no_credential),
        cmocka_unit_test(the_static_key_is_the_operator_and_needs_no_look_up),
        cmocka_unit_test(without_a_static_key_an_empty_one_opens_nothing),
        cmocka_unit_test(any_other_plausible_key_is_looked_up_by_its_digest),
        cmocka_unit_test(an_implausible_key_is_refused_at_sight),
        cmocka_unit_test(a_key_given_twice_is_refused_even_if_good),
        cmocka_unit_test(a_key_decides_alone_beside_a_good_token),
        cmocka_unit_test(a_good_token_is_its_claims_and_looked_up_as_revoked),
        cmocka_unit_test(the_scheme_must_be_exactly_bearer),
        cmocka_unit_test(a_bad_token_is_refused_and_so_is_every_one_when_switched_off),
        cmocka_unit_test(a_key_is_what_its_record_says),
        cmocka_unit_test(an_unknown_or_expired_key_is_bad_and_a_damaged_record_opens_nothing),
        cmocka_unit_test(a_revoked_token_is_bad),
        cmocka_unit_test(a_permission_is_had_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
