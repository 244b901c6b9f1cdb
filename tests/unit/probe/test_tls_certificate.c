/* Goal: every fault of a certificate is seen at once, and none that is not there. */
#include "probe/tls_server.h"

static void a_good_certificate_has_no_fault(void **state) {
    (void)state;
    static const char *const hosts[] = {"localhost", "127.0.0.1"};
    for (size_t i = 0; i < 2; i++) {
        struct tls_shake shake = shake_of("good", hosts[i]);
        assert_int_equal(shake.version, TLS_1_3);
        assert_true(shake.cipher[0] != '\0');
        assert_int_equal(shake.verify_error_count, 0);
        assert_true(shake.host_matches);
        assert_false(shake.expired || shake.not_yet_valid);
        assert_int_equal(shake.chain_count, 1);
        assert_string_equal(shake.chain[0].subject, "CN=good");
        assert_string_equal(shake.chain[0].issuer, "CN=Test Authority");
        assert_string_equal(shake.chain[0].key_type, "EC");
        assert_int_equal(shake.chain[0].key_bits, 256);
        assert_string_equal(shake.chain[0].signature, "ecdsa-with-SHA256");
        assert_false(shake.chain[0].self_signed || shake.chain[0].must_staple);
        assert_int_equal(shake.chain[0].not_after_s - shake.chain[0].not_before_s, 91 * 86400 + 60);
    }
}

static void an_expired_certificate_is_only_that(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("expired", "localhost");
    assert_true(shake.expired);
    assert_true(shake.host_matches);
    assert_int_equal(shake.verify_error_count, 0);
}

static void a_certificate_of_the_future_is_not_yet_valid(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("future", "localhost");
    assert_true(shake.not_yet_valid);
    assert_false(shake.expired);
    assert_int_equal(shake.verify_error_count, 0);
}

static void a_self_signed_certificate_is_not_trusted(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("self", "localhost");
    assert_true(has_fault(&shake, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT));
    assert_true(shake.chain[0].self_signed);
    assert_true(shake.verify_text[0] != '\0');
    assert_true(shake.host_matches);
}

static void a_chain_to_an_unknown_authority_is_not_trusted(void **state) {
    (void)state;
    setenv("SSL_CERT_FILE", "/dev/null", 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    struct tls_shake shake = shake_of("good", "localhost");
    assert_true(has_fault(&shake, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY));
    unsetenv("SSL_CERT_DIR");
    setenv("SSL_CERT_FILE", authority_path(&authority, "authority", ".pem"), 1);
}

static void a_certificate_of_another_host_does_not_match(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("other", "localhost");
    assert_false(shake.host_matches);
    assert_int_equal(shake.verify_error_count, 0);
}

static void a_host_name_in_the_common_name_alone_does_not_match(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("localhost", "localhost");
    assert_false(shake.host_matches);
}

static void a_short_key_and_an_old_digest_are_seen(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("short", "localhost");
    assert_string_equal(shake.chain[0].key_type, "RSA");
    assert_int_equal(shake.chain[0].key_bits, 1024);
    shake = shake_of("sha1", "localhost");
    assert_string_equal(shake.chain[0].signature, "ecdsa-with-SHA1");
}

static void all_faults_of_a_certificate_are_seen_at_once(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("worst", "localhost");
    assert_true(shake.expired);
    assert_false(shake.host_matches);
    assert_int_equal(shake.chain[0].key_bits, 1024);
    assert_true(has_fault(&shake, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT));
}

static void staples_and_the_duty_to_staple_are_seen(void **state) {
    (void)state;
    struct tls_shake shake = shake_of("staple", "localhost");
    assert_true(shake.chain[0].must_staple);
    assert_false(shake.stapled);
    const char *const staple[] = {"-status_file", authority_path(&authority, "staple", ".der"),
                                  NULL};
    struct server server = openssl_start("staple", staple);
    struct seen seen = shake_with(&server, "localhost", TLS_1_2, TLS_1_3);
    server_stop(&server);
    assert_true(seen.shake.stapled);
}

static void a_long_chain_is_read_up_to_its_limit(void **state) {
    (void)state;
    const char *const chain[] = {"-cert_chain", authority_path(&authority, "chain15", ".pem"),
                                 NULL};
    struct server server = openssl_start("good", chain);
    struct seen seen = shake_with(&server, "localhost", TLS_1_2, TLS_1_3);
    server_stop(&server);
    assert_true(seen.shake.completed);
    assert_int_equal(seen.shake.chain_count, TLS_CHAIN_MAX);
    assert_string_equal(seen.shake.chain[0].subject, "CN=good");
    assert_string_equal(seen.shake.chain[1].subject, "CN=Test Authority");
}

static void a_huge_chain_ends_the_handshake(void **state) {
    (void)state;
    const char *const chain[] = {"-cert_chain", authority_path(&authority, "chain400", ".pem"),
                                 NULL};
    struct server server = openssl_start("good", chain);
    struct seen seen = shake_with(&server, "localhost", TLS_1_2, TLS_1_3);
    server_stop(&server);
    assert_int_equal(seen.err, ERR_OK);
    assert_false(seen.shake.completed);
    assert_true(seen.shake.alert[0] != '\0');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_certificate_has_no_fault),
        cmocka_unit_test(an_expired_certificate_is_only_that),
        cmocka_unit_test(a_certificate_of_the_future_is_not_yet_valid),
        cmocka_unit_test(a_self_signed_certificate_is_not_trusted),
        cmocka_unit_test(a_chain_to_an_unknown_authority_is_not_trusted),
        cmocka_unit_test(a_certificate_of_another_host_does_not_match),
        cmocka_unit_test(a_host_name_in_the_common_name_alone_does_not_match),
        cmocka_unit_test(a_short_key_and_an_old_digest_are_seen),
        cmocka_unit_test(all_faults_of_a_certificate_are_seen_at_once),
        cmocka_unit_test(staples_and_the_duty_to_staple_are_seen),
        cmocka_unit_test(a_long_chain_is_read_up_to_its_limit),
        cmocka_unit_test(a_huge_chain_ends_the_handshake),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
