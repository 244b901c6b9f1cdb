/* Signing keys in files, and signatures as RFC 8032 has them. */
#include "agnostic/base/sign.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

/* RFC 8032, section 7.1, test 1: an empty message. */
static const char KEY[] = "-----BEGIN PRIVATE KEY-----\n"
                          "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                          "-----END PRIVATE KEY-----\n";
static const char PUBLIC[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
static const char SIGNATURE[] = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                                "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
/* X25519: a key, and of no use here. */
static const char OTHER_KIND[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

static char folder[64], path[96];

static int in_a_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/test-sign-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/key", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder); /* nothing else was left in it */
}

static void write_key(const char *pem, mode_t mode) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem, strlen(pem)), strlen(pem));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void expect_refused(const char *why) {
    struct sign *sign = NULL;
    struct fault fault = {0};
    assert_int_equal(sign_open(path, &sign, &fault), ERR_CONFIG);
    if (strstr(fault.text, why) == NULL)
        fail_msg("%s", fault.text);
}

static void signatures_are_those_of_the_standard(void **state) {
    unsigned char signature[SIGN_BYTES];
    char hex[2 * SIGN_BYTES + 1];
    struct sign *sign = NULL;
    (void)state;
    write_key(KEY, 0600);
    assert_int_equal(sign_open(path, &sign, NULL), ERR_OK);
    text_hex(sign_public(sign), SIGN_PUBLIC_BYTES, hex);
    assert_string_equal(hex, PUBLIC);
    assert_int_equal(sign_text(sign, TEXT(""), signature), ERR_OK);
    text_hex(signature, SIGN_BYTES, hex);
    assert_string_equal(hex, SIGNATURE);
    assert_true(sign_verify(sign_public(sign), TEXT(""), signature));
    assert_false(sign_verify(sign_public(sign), TEXT("x"), signature));
    signature[SIGN_BYTES - 1] ^= 1;
    assert_false(sign_verify(sign_public(sign), TEXT(""), signature));
    sign_free(sign);
}

static void a_key_that_is_not_there_is_made_for_its_owner_alone(void **state) {
    struct sign *made = NULL, *found = NULL;
    struct stat st;
    (void)state;
    assert_int_equal(sign_open(path, &made, NULL), ERR_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(sign_open(path, &found, NULL), ERR_OK);
    assert_memory_equal(sign_public(made), sign_public(found), SIGN_PUBLIC_BYTES);
    sign_free(made);
    sign_free(found);
}

static void what_is_no_private_key_of_ours_is_refused(void **state) {
    (void)state;
    write_key(KEY, 0640);
    expect_refused("others may use it");
    write_key(OTHER_KIND, 0600);
    expect_refused("holds no Ed25519 key");
    write_key("", 0600);
    expect_refused("holds no Ed25519 key");
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refused("is no file");
    rmdir(path);
}

static void a_key_that_cannot_be_made_is_said(void **state) {
    (void)state;
    snprintf(path, sizeof(path), "%s/absent/key", folder);
    expect_refused("No such file");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(signatures_are_those_of_the_standard, in_a_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_key_that_is_not_there_is_made_for_its_owner_alone,
                                        in_a_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_is_no_private_key_of_ours_is_refused, in_a_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_key_that_cannot_be_made_is_said, in_a_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
