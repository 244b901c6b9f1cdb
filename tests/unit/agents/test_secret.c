/* Goal: secrets and numbers are told by their form, and nothing that only looks like one is. */
#include <stdio.h>
#include <stdlib.h>

#include "agents/security/number.h"
#include "agents/security/script.h"
#include "agents/security/secret.h"
#include "unit.h"

#define KEY_LINE "MIIEowIBAAKCAQEA7bq8nK2vYx3mZ0pLr5tQ9sWj4uHc6dFg1eRiOaPzXyVwTkNl"
#define BCRYPT_END "ERb5DesmT6DUlD/zYHvVshp2oo..yzttJMxyvxVKaSZtqFgOK.PgL"
#define SHA512_END                                                                                 \
    "RL7Mv76ufEaRXaZSU/3dvxnD5QRE5lTJc1jyPSqPHjL"                                                  \
    "MLuirL7seiXcCQE4Zqfc9OyooYlt1TrfZJq4t48M7HJ"

/* What finder finds in text, separated by blanks. */
static void assert_found(secret_finder finder, const char *text, const char *expected) {
    char seen[1024] = "";
    struct secret found;
    size_t at = 0, len = 0;
    while (finder(text_of(text), &at, &found)) {
        assert_non_null(found.what);
        assert_true(found.sign.len > 0);
        len += (size_t)snprintf(seen + len, sizeof(seen) - len, "%s%.*s", len > 0 ? " " : "",
                                TEXT_ARG(found.text));
    }
    assert_string_equal(seen, expected);
}

static void tokens_are_known_by_prefix_alphabet_and_length(void **state) {
    (void)state;
    static const char TOKEN[] = "gh"
                                "p_9aB3dE5fG7hJ1kL2mN4pQ6rS8tU0vW2xY4z1";
    assert_found(secret_token, TOKEN, TOKEN);
    assert_found(secret_token,
                 "a='gh"
                 "p_9aB3dE5fG7hJ1kL2mN4pQ6rS8tU0vW2xY4z1',",
                 TOKEN);
    assert_found(secret_token,
                 "key=AK"
                 "IAQ7RT5WXB2ZKD4NLM",
                 "AK"
                 "IAQ7RT5WXB2ZKD4NLM");
}

static void what_is_too_short_too_long_or_joined_is_no_token(void **state) {
    (void)state;
    static const char *const TEXTS[] = {
        "",
        "g",
        "gh"
        "p_",
        "gh"
        "p_9aB3dE5fG7hJ1kL2mN4pQ6rS8tU0vW2xY4",
        "xgh"
        "p_9aB3dE5fG7hJ1kL2mN4pQ6rS8tU0vW2xY4z1",
        "gh"
        "p_9aB3dE5fG7hJ1kL2mN4pQ6rS8tU0vW2xY4z1-more",
        "AK"
        "IAQ7RT5WXB2ZKD4NL",
        "AK"
        "IAQ7RT5WXB2ZKD4NLMA",
        "AK"
        "IAQ7RT5WXB2ZKD4NLM/base64",
        "base64/AK"
        "IAQ7RT5WXB2ZKD4NLM",
        "AK"
        "IAAAAAAAAAAAAAAA2A",
        "AK"
        "IAIOSFODNN7EXAMPLE",
    };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        assert_found(secret_token, TEXTS[i], "");
}

static void a_private_key_needs_its_body(void **state) {
    (void)state;
    static const char LABEL[] = "-----BEGIN RSA PRIVATE "
                                "KEY-----";
    assert_found(secret_token,
                 "-----BEGIN RSA PRIVATE "
                 "KEY-----\n" KEY_LINE "\n",
                 LABEL);
    assert_found(secret_token,
                 "'-----BEGIN RSA PRIVATE "
                 "KEY-----\\n' +\n '" KEY_LINE "'",
                 LABEL);
    assert_found(secret_token,
                 "-----BEGIN RSA PRIVATE "
                 "KEY-----\nMIIE...\n",
                 "");
    assert_found(secret_token,
                 "-----BEGIN RSA PRIVATE "
                 "KEY-----\nMIIEowIBAAKCAQEA7bq8nK2v",
                 "");
    assert_found(secret_token,
                 "-----BEGIN RSA PRIVATE "
                 "KEY-----",
                 "");
    assert_found(secret_token,
                 "-----BEGIN PUBLIC "
                 "KEY-----\n" KEY_LINE "\n",
                 "");
    assert_found(secret_token, "-----BEGIN ", "");
}

static void hashes_are_known_by_their_fields(void **state) {
    (void)state;
    assert_found(secret_hash, "a:$2b$12$" BCRYPT_END ":b", "$2b$12$" BCRYPT_END);
    assert_found(secret_hash, "It is $2b$12$" BCRYPT_END ".", "$2b$12$" BCRYPT_END);
    assert_found(secret_hash, "$6$salt$" SHA512_END, "$6$salt$" SHA512_END);
    assert_found(secret_hash, "$6$rounds=5000$salt$" SHA512_END, "$6$rounds=5000$salt$" SHA512_END);
    static const char *const TEXTS[] = {"$2b$12$" BCRYPT_END "x",
                                        "$2b$1$" BCRYPT_END,
                                        "x$2b$12$" BCRYPT_END,
                                        "$2b$12" BCRYPT_END,
                                        "$6$" SHA512_END,
                                        "$6$",
                                        "$",
                                        "$1$2 and $3$"};
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        assert_found(secret_hash, TEXTS[i], "");
}

static void assignments_need_a_name_and_a_value(void **state) {
    (void)state;
    assert_found(secret_assignment, "password: hunter22", "hunter22");
    assert_found(secret_assignment, "\"API_KEY\" = 'k3yk3yk3y';", "k3yk3yk3y");
    assert_found(secret_assignment, "db_password=s3cr3tpw next", "s3cr3tpw");
    static const char *const TEXTS[] = {
        "password",          "password:",           "password: required",
        "password: a1",      "passwords: a1b2c3d4", "password is a1b2c3d4",
        "token: {a1b2c3d4}", "secret: /a1b2/c3d4",  "mypassword1: x"};
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        assert_found(secret_assignment, TEXTS[i], "");
}

static void a_card_stands_alone(void **state) {
    (void)state;
    assert_found(number_card, "card 4556526018159081", "4556526018159081");
    assert_found(number_card, "4556 5260 1815 9081", "4556 5260 1815 9081");
    assert_found(number_card, "4556526018159081", "");
    assert_found(number_card, "card 4556526018159082", "");
    assert_found(number_card, "card 4111111111111111", "");
    assert_found(number_card, "card #4556526018159081", "");
    assert_found(number_card, "card 4556526018159081.5", "");
    assert_found(number_card, "card 4556526018159081.", "4556526018159081");
    assert_found(number_card, "card 12 4556 5260 1815 9081", "");
    assert_found(number_card_in_data, "{\"pan\":\"4556526018159081\"}", "4556526018159081");
    assert_found(number_card_in_data, "{\"card\":\"4556526018159081\"}", "");
}

static void an_address_is_private_and_no_version(void **state) {
    (void)state;
    assert_found(number_address, "on 10.1.2.3:80, 172.31.9.9. 192.168.7.7",
                 "10.1.2.3 172.31.9.9 192.168.7.7");
    assert_found(number_address, "http://10.1.2.3/ ip-10-1-2-3.internal", "10.1.2.3 ip-10-1-2-3");
    assert_found(number_address, "172.32.1.2 10.1.2 10.1.2.3.4 v10.1.2.3 a/10.1.2.3 10.1.2.0", "");
    assert_found(number_address, "version 10.1.2.3 10.1.2.3-beta 10.1.2.3/8 192.168.1.1", "");
    assert_found(number_address_in_data, "a = 10.1.2.3, '10.1.2.4', \"http:\\/\\/10.1.2.5\\/\"",
                 "10.1.2.4 10.1.2.5");
    assert_found(number_address, "1", "");
    assert_found(number_address, "ip-1", "");
}

static void assert_comments(const char *script, const char *expected) {
    char seen[256] = "";
    struct text rest = text_of(script), comment;
    size_t len = 0;
    while (script_comment(&rest, &comment))
        len += (size_t)snprintf(seen + len, sizeof(seen) - len, "[%.*s]", TEXT_ARG(comment));
    assert_string_equal(seen, expected);
}

static void comments_of_scripts_are_told_from_strings(void **state) {
    (void)state;
    assert_comments("a // b\nc /* d\ne */ f", "[ b][ d\ne ]");
    assert_comments("'// a' \"/* b */\" `// c\n// d` // e", "[ e]");
    assert_comments("'it\\'s // a' // b", "[ b]");
    assert_comments("var q = 'open\n// b", "[ b]");
    assert_comments("/* open", "[ open]");
    assert_comments("//", "[]");
    assert_comments("'\\", "");
}

/* Reading on to the end from every digit would take hours. */
static void long_rows_of_numbers_are_read_once(void **state) {
    (void)state;
    enum { BYTES = 4 << 20 };
    char *text = malloc(BYTES);
    struct secret found;
    size_t at = 0;
    assert_non_null(text);
    for (size_t i = 0; i < BYTES; i++)
        text[i] = i % 2 == 0 ? '1' : ' ';
    assert_false(number_card(text_make(text, BYTES), &at, &found));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_known_by_prefix_alphabet_and_length),
        cmocka_unit_test(what_is_too_short_too_long_or_joined_is_no_token),
        cmocka_unit_test(a_private_key_needs_its_body),
        cmocka_unit_test(hashes_are_known_by_their_fields),
        cmocka_unit_test(assignments_need_a_name_and_a_value),
        cmocka_unit_test(a_card_stands_alone),
        cmocka_unit_test(long_rows_of_numbers_are_read_once),
        cmocka_unit_test(an_address_is_private_and_no_version),
        cmocka_unit_test(comments_of_scripts_are_told_from_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
