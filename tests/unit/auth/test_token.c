/* Bearer tokens: the original's are accepted; no other key, algorithm, header, signature or
 * shape is. */
#include "auth/token_help.h"

/* --- accepted ---------------------------------------------------------------------- */

static void a_token_of_the_original_names_who_asks(void **unused) {
    (void)unused;
    struct principal principal;
    char *token = made(HEADER, GOOD);
    assert_int_equal(token_verify(text_of(token), TEXT(SECRET), NOW, &principal), ERR_OK);
    assert_string_equal(principal.user_id, "u1");
    assert_string_equal(principal.email, "a@b.test");
    assert_string_equal(principal.role, "api_user");
    assert_int_equal(principal.permissions,
                     PERM_BIT(PERM_SESSIONS_READ) | PERM_BIT(PERM_API_ACCESS));
    free(token);
}

static void the_known_answer_of_another_maker_is_accepted(void **unused) {
    (void)unused;
    /* Made by Python's hmac and base64, not by the maker above. */
    assert_int_equal(
        verdict_of(
            TEXT("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjogInUyIiwgImVtYWlsIjogInhAeS5"
                 "0ZXN0IiwgInJvbGUiOiAidmlld2VyIiwgInBlcm1pc3Npb25zIjogWyJyZXBvcnRzOmdlbmVyYXRlIiw"
                 "gInNlc3Npb25zOnJlYWQiXSwgImV4cCI6IDE3NzE2Njg5MDAsICJpYXQiOiAxNzcxNjY4MDAwLCAidHl"
                 "wZSI6ICJhY2Nlc3MifQ.AF3uwQagsB-kxfetepzrAdVNiy0bzka8QoLfjJ6QbwY")),
        ERR_OK);
}

static void email_and_role_may_be_null_or_missing(void **unused) {
    (void)unused;
    struct principal principal;
    char *token = made(HEADER, "{\"user_id\":\"u1\",\"email\":null," KIND "," WHEN "}");
    assert_int_equal(token_verify(text_of(token), TEXT(SECRET), NOW, &principal), ERR_OK);
    assert_string_equal(principal.email, "");
    assert_string_equal(principal.role, "");
    assert_int_equal(principal.permissions, 0);
    free(token);
}

static void unknown_permissions_and_claims_are_ignored(void **unused) {
    (void)unused;
    struct principal principal;
    char *token = made(HEADER, "{" WHO ",\"permissions\":[\"root\",7,\"sessions:read\"],\"jti\":1,"
                               "\"sub\":\"root\"," KIND "," WHEN "}");
    assert_int_equal(token_verify(text_of(token), TEXT(SECRET), NOW, &principal), ERR_OK);
    assert_int_equal(principal.permissions, PERM_BIT(PERM_SESSIONS_READ));
    assert_string_equal(principal.user_id, "u1");
    free(token);
}

static void a_kid_is_allowed_and_chooses_nothing(void **unused) {
    (void)unused;
    assert_verdict("{\"alg\":\"HS256\",\"kid\":\"Key_1-a\"}", GOOD, ERR_OK);
    assert_verdict("{\"alg\":\"HS256\"}", GOOD, ERR_OK);
    assert_verdict("{\"kid\":\"abcdefghijabcdefghijabcdefghijab\",\"alg\":\"HS256\"}", GOOD,
                   ERR_OK);
}

static void times_may_be_floats_without_fraction(void **unused) {
    (void)unused;
    assert_claims_accepted("{" WHO "," KIND ",\"exp\":1771668900.0,\"iat\":1.771668e9}");
}

static void clocks_may_differ_by_half_a_minute(void **unused) {
    (void)unused;
    assert_claims_accepted("{" WHO "," KIND ",\"exp\":1771668900,\"iat\":1771668030}");
    assert_claims_accepted("{" WHO "," KIND ",\"exp\":1771668900,\"nbf\":1771668030}");
    assert_claims_accepted("{" WHO "," KIND ",\"exp\":1771668001}");
    assert_claims_accepted("{" WHO "," KIND ",\"exp\":1771754400,\"iat\":1771668000}");
}

/* --- the key ------------------------------------------------------------------------ */

static void another_key_is_refused(void **unused) {
    (void)unused;
    static const char *const KEYS[] = {"", "secret", "0123456789abcdef0123456789abcdeF",
                                       "0123456789abcdef0123456789abcdef0"};
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
        char *token = signed_with(KEYS[i], TEXT(HEADER), TEXT(GOOD));
        assert_refused(text_of(token));
        free(token);
    }
}

static void a_short_secret_verifies_nothing(void **unused) {
    (void)unused;
    struct principal principal;
    static const char *const KEYS[] = {"", "secret", "0123456789abcdef0123456789abcde"};
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
        char *token = signed_with(KEYS[i], TEXT(HEADER), TEXT(GOOD));
        assert_int_equal(token_verify(text_of(token), text_of(KEYS[i]), NOW, &principal),
                         ERR_BAD_TOKEN);
        free(token);
    }
    char *token = made(HEADER, GOOD);
    assert_int_equal(token_verify(text_of(token), (struct text){0}, NOW, &principal),
                     ERR_BAD_TOKEN);
    free(token);
}

/* --- the header ----------------------------------------------------------------------- */

static void only_the_pinned_algorithm_is_accepted(void **unused) {
    (void)unused;
    static const char *const ALGORITHMS[] = {
        "\"none\"",  "\"None\"",  "\"NONE\"",    "\"nOnE\"",      "\"\"",
        "\"hs256\"", "\"Hs256\"", "\"HS256 \"",  "\" HS256\"",    "\"HS384\"",
        "\"HS512\"", "\"RS256\"", "\"RS384\"",   "\"RS512\"",     "\"ES256\"",
        "\"ES384\"", "\"ES512\"", "\"PS256\"",   "\"EdDSA\"",     "null",
        "256",       "true",      "[\"HS256\"]", "{\"HS256\":1}", "\"HS256\\n\"",
    };
    for (size_t i = 0; i < sizeof(ALGORITHMS) / sizeof(ALGORITHMS[0]); i++) {
        char header[128];
        snprintf(header, sizeof(header), "{\"alg\":%s,\"typ\":\"JWT\"}", ALGORITHMS[i]);
        assert_header_refused(header);
    }
    assert_header_refused("{\"typ\":\"JWT\"}");
    assert_header_refused("{}");
}

static void an_unsigned_token_is_refused(void **unused) {
    (void)unused;
    char *token = made("{\"alg\":\"none\"}", GOOD), *end = strrchr(token, '.');
    assert_refused(text_make(token, (size_t)(end - token)));
    assert_refused(text_make(token, (size_t)(end - token) + 1));
    free(token);
}

static void a_header_has_no_members_but_three(void **unused) {
    (void)unused;
    static const char *const MEMBERS[] = {
        "\"jwk\":{\"kty\":\"oct\",\"k\":\"MDEyMzQ1Njc4OWFiY2RlZg\"}",
        "\"jku\":\"https://evil.test/keys\"",
        "\"x5u\":\"https://evil.test/cert\"",
        "\"x5c\":[\"MIIB\"]",
        "\"crit\":[\"exp\"]",
        "\"b64\":false",
        "\"cty\":\"JWT\"",
        "\"zip\":\"DEF\"",
        "\"alg\":\"HS256\"",
        "\"\\u0061lg\":\"HS256\"",
        "\"typ\":5",
        "\"typ\":\"jwt\"",
        "\"typ\":\"at+jwt\"",
        "\"typ\":null",
        "\"kid\":\"\"",
        "\"kid\":null",
        "\"kid\":1",
        "\"kid\":\"../../dev/null\"",
        "\"kid\":\"/dev/null\"",
        "\"kid\":\"|sleep 10\"",
        "\"kid\":\"' UNION SELECT '1\"",
        "\"kid\":\"abcdefghijabcdefghijabcdefghijabc\"",
        "\"kid\":\"a\\u0000\"",
    };
    for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++) {
        char header[256];
        snprintf(header, sizeof(header), "{\"alg\":\"HS256\",%s}", MEMBERS[i]);
        assert_header_refused(header);
    }
}

static void a_header_is_one_strict_object(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"[]",
                                        "\"HS256\"",
                                        "null",
                                        "{\"alg\":\"HS256\"",
                                        "{\"alg\":\"HS256\"}x",
                                        "{\"alg\":\"HS256\",}",
                                        "{'alg':'HS256'}",
                                        " ",
                                        "{\"alg\":\"HS256\"}{}"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_header_refused(WRONG[i]);
}

/* --- the signature ----------------------------------------------------------------------- */

static void every_changed_character_of_the_signature_is_refused(void **unused) {
    (void)unused;
    char *token = made(HEADER, GOOD), *signature = strrchr(token, '.') + 1;
    assert_int_equal(strlen(signature), 43);
    for (size_t i = 0; i < 43; i++) {
        char before = signature[i];
        signature[i] = before == 'A' ? 'B' : 'A';
        assert_refused(text_of(token));
        signature[i] = before;
    }
    assert_int_equal(verdict_of(text_of(token)), ERR_OK);
    free(token);
}

/* The last character holds four bits: three others stand for the same bytes. */
static void a_signature_is_written_in_one_way_only(void **unused) {
    (void)unused;
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *token = made(HEADER, GOOD), *last = token + strlen(token) - 1;
    size_t digit = (size_t)(strchr(DIGITS, *last) - DIGITS);
    assert_int_equal(digit % 4, 0);
    for (size_t spare = 1; spare < 4; spare++) {
        *last = DIGITS[digit + spare];
        assert_refused(text_of(token));
    }
    free(token);
}

static void a_signature_has_43_characters(void **unused) {
    (void)unused;
    char *token = made(HEADER, GOOD), longer[2048];
    size_t len = strlen(token);
    static const char *const TAILS[] = {"=", "==", "A", "AA", " ", "\n", "%", "."};
    for (size_t i = 0; i < sizeof(TAILS) / sizeof(TAILS[0]); i++) {
        snprintf(longer, sizeof(longer), "%s%s", token, TAILS[i]);
        assert_refused(text_of(longer));
    }
    for (size_t cut = 1; cut <= 44; cut++)
        assert_refused(text_make(token, len - cut));
    free(token);
}

static void a_changed_payload_is_refused(void **unused) {
    (void)unused;
    char *mine = made(HEADER, GOOD), forged[2048];
    char *other = made(HEADER, "{\"user_id\":\"root\"," MAY "," KIND "," WHEN "}");
    *strrchr(other, '.') = '\0';
    snprintf(forged, sizeof(forged), "%s.%s", other, strrchr(mine, '.') + 1);
    assert_refused(text_of(forged));
    free(mine);
    free(other);
}

/* --- the shape ------------------------------------------------------------------------------ */

static void a_token_has_three_parts(void **unused) {
    (void)unused;
    char *token = made(HEADER, GOOD), *signature = strrchr(token, '.') + 1, other[2048];
    *(signature - 1) = '\0';
    static const char *const SHAPES[] = {"%s",     "%s..%s",    "%s.%s.%s",     ".%s.%s",
                                         "%s.%s.", "%s.e30.%s", "%s.e30.e30.%s"};
    for (size_t i = 0; i < sizeof(SHAPES) / sizeof(SHAPES[0]); i++) {
        struct text shape = text_of(SHAPES[i]), piece;
        struct buf buf;
        int strings = 0;
        buf_init(&buf, sizeof(other));
        while (shape.len > 0 && text_cut(&shape, '%', &piece)) {
            if (strings++ > 0) {
                buf_puts(&buf, strings == 2 ? token : signature);
                piece = text_make(piece.ptr + 1, piece.len - 1);
            }
            buf_puttext(&buf, piece);
        }
        assert_refused(buf_text(&buf));
        buf_done(&buf);
    }
    free(token);
}

static void nothing_at_all_is_no_token(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"",
                                        ".",
                                        "..",
                                        "...",
                                        "a.b.c",
                                        "Bearer",
                                        "null",
                                        "{\"protected\":\"e30\",\"payload\":\"e30\"}",
                                        "..................................................",
                                        ".e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "e30..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_refused(text_of(WRONG[i]));
    assert_refused((struct text){0});
}

static void bytes_that_are_not_base64url_are_refused_wherever_they_stand(void **unused) {
    (void)unused;
    char *token = made(HEADER, GOOD);
    size_t len = strlen(token);
    static const char WRONG[] = {'+', '/', '=', ' ', '\n', '%', '\0', '\x80', '~'};
    for (size_t i = 0; i < len; i++) {
        char before = token[i];
        if (before == '.')
            continue;
        token[i] = WRONG[i % sizeof(WRONG)];
        assert_refused(text_make(token, len));
        token[i] = before;
    }
    free(token);
}

static void a_part_is_written_in_one_way_only(void **unused) {
    (void)unused;
    unsigned char mac[SECURE_SHA256_BYTES];
    char *good = made(HEADER, GOOD " ");
    char *dot = strchr(good, '.'), *end = strrchr(good, '.');
    struct buf buf;
    assert_int_equal((end - dot - 1) % 4, 3); /* so the last character has two spare bits */
    end[-1] = (char)(end[-1] + 1);
    buf_init(&buf, WORK_MAX);
    buf_put(&buf, good, (size_t)(end - good));
    assert_int_equal(secure_hmac_sha256(TEXT(SECRET), buf_text(&buf), mac), ERR_OK);
    buf_putc(&buf, '.');
    put_base64url(&buf, mac, sizeof(mac));
    assert_refused(buf_text(&buf));
    buf_done(&buf);
    free(good);
}

/* A good token with so many blanks behind its claims. */
static char *padded(size_t blanks) {
    struct buf payload;
    buf_init(&payload, WORK_MAX);
    buf_puts(&payload, GOOD);
    for (size_t i = 0; i < blanks; i++)
        buf_putc(&payload, ' ');
    char *token = signed_with(SECRET, TEXT(HEADER), buf_text(&payload));
    buf_done(&payload);
    return token;
}

static void a_token_has_at_most_4096_bytes(void **unused) {
    (void)unused;
    size_t blanks = (TOKEN_MAX_BYTES - strlen(HEADER) - strlen(GOOD) - 200) / 4 * 3;
    char *token = padded(blanks);
    for (; strlen(token) <= TOKEN_MAX_BYTES; token = padded(++blanks)) {
        assert_int_equal(verdict_of(text_of(token)), ERR_OK);
        free(token);
    }
    assert_in_range(strlen(token), TOKEN_MAX_BYTES + 1, TOKEN_MAX_BYTES + 2);
    assert_refused(text_of(token));
    free(token);
    token = padded(1 << 20);
    assert_refused(text_of(token));
    free(token);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_of_the_original_names_who_asks),
        cmocka_unit_test(the_known_answer_of_another_maker_is_accepted),
        cmocka_unit_test(email_and_role_may_be_null_or_missing),
        cmocka_unit_test(unknown_permissions_and_claims_are_ignored),
        cmocka_unit_test(a_kid_is_allowed_and_chooses_nothing),
        cmocka_unit_test(times_may_be_floats_without_fraction),
        cmocka_unit_test(clocks_may_differ_by_half_a_minute),
        cmocka_unit_test(another_key_is_refused),
        cmocka_unit_test(a_short_secret_verifies_nothing),
        cmocka_unit_test(only_the_pinned_algorithm_is_accepted),
        cmocka_unit_test(an_unsigned_token_is_refused),
        cmocka_unit_test(a_header_has_no_members_but_three),
        cmocka_unit_test(a_header_is_one_strict_object),
        cmocka_unit_test(every_changed_character_of_the_signature_is_refused),
        cmocka_unit_test(a_signature_is_written_in_one_way_only),
        cmocka_unit_test(a_signature_has_43_characters),
        cmocka_unit_test(a_changed_payload_is_refused),
        cmocka_unit_test(a_token_has_three_parts),
        cmocka_unit_test(nothing_at_all_is_no_token),
        cmocka_unit_test(bytes_that_are_not_base64url_are_refused_wherever_they_stand),
        cmocka_unit_test(a_part_is_written_in_one_way_only),
        cmocka_unit_test(a_token_has_at_most_4096_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
