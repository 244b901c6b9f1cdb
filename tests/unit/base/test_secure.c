/* Digests against published vectors, and comparison. */
#include "check.h"

#include <string.h>

#include "agnostic/base/secure.h"

static void sha256_matches_fips_180(void **state) {
    (void)state;
    char hex[SECURE_HEX_SIZE];
    assert_err(ERR_OK, secure_sha256_hex(TEXT("abc"), hex));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_err(ERR_OK, secure_sha256_hex(text_of(NULL), hex));
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void hmac_matches_rfc_4231(void **state) {
    (void)state;
    unsigned char digest[SECURE_SHA256_BYTES];
    char hex[SECURE_HEX_SIZE];
    assert_err(ERR_OK,
               secure_hmac_sha256(TEXT("Jefe"), TEXT("what do ya want for nothing?"), digest));
    text_hex(digest, sizeof(digest), hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void hmac_takes_an_empty_key_and_text(void **state) {
    (void)state;
    unsigned char digest[SECURE_SHA256_BYTES];
    char hex[SECURE_HEX_SIZE];
    assert_err(ERR_OK, secure_hmac_sha256(text_of(NULL), text_of(NULL), digest));
    text_hex(digest, sizeof(digest), hex);
    assert_string_equal(hex, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void only_equal_bytes_are_equal(void **state) {
    (void)state;
    assert_true(secure_equal("key", "key", 3));
    assert_false(secure_equal("key", "kez", 3));
    assert_false(secure_equal("key\0x", "key\0y", 5));
    assert_true(secure_equal("a", "b", 0));
}

static void random_bytes_differ(void **state) {
    (void)state;
    unsigned char a[16] = {0}, b[16] = {0};
    assert_err(ERR_OK, secure_random(a, sizeof(a)));
    assert_err(ERR_OK, secure_random(b, sizeof(b)));
    assert_memory_not_equal(a, b, sizeof(a));
}

static void wiping_leaves_zeroes(void **state) {
    (void)state;
    char secret[8] = "secret!";
    secure_wipe(secret, sizeof(secret));
    assert_memory_equal(secret, "\0\0\0\0\0\0\0", sizeof(secret));
    secure_wipe(NULL, 0);
}

static void crc32_matches_the_check_value(void **state) {
    (void)state;
    assert_int_equal(secure_crc32(TEXT("123456789")), 0xCBF43926);
    assert_int_equal(secure_crc32(TEXT("")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_matches_fips_180),
        cmocka_unit_test(hmac_matches_rfc_4231),
        cmocka_unit_test(hmac_takes_an_empty_key_and_text),
        cmocka_unit_test(only_equal_bytes_are_equal),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(wiping_leaves_zeroes),
        cmocka_unit_test(crc32_matches_the_check_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
