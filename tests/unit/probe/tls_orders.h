/* tls_orders: the certificates of one test program, each with its fault, in a folder of their
 * own from set_up to tear_down; the authority behind them is the one trusted. */
#ifndef TESTS_PROBE_TLS_ORDERS_H
#define TESTS_PROBE_TLS_ORDERS_H

#include "probe/server.h"

#include <ftw.h>
#include <openssl/ocsp.h>

#include "probe/certificates.h"

static struct authority authority;

static const struct certificate_order ORDERS[] = {
    {.name = "good", .names = "DNS:localhost,IP:127.0.0.1", .starts_days = -1, .ends_days = 90},
    {.name = "expired", .names = "DNS:localhost", .starts_days = -30, .ends_days = -2},
    {.name = "future", .names = "DNS:localhost", .starts_days = 5, .ends_days = 90},
    {.name = "self",
     .names = "DNS:localhost",
     .starts_days = -1,
     .ends_days = 90,
     .self_signed = true},
    {.name = "other", .names = "DNS:other.test", .starts_days = -1, .ends_days = 90},
    {.name = "localhost", .names = NULL, .starts_days = -1, .ends_days = 90},
    {.name = "short",
     .names = "DNS:localhost",
     .starts_days = -1,
     .ends_days = 90,
     .rsa_bits = 1024},
    {.name = "rsa", .names = "DNS:localhost", .starts_days = -1, .ends_days = 90, .rsa_bits = 2048},
    {.name = "staple",
     .names = "DNS:localhost",
     .starts_days = -1,
     .ends_days = 90,
     .must_staple = true},
    {.name = "worst",
     .names = "DNS:other.test",
     .starts_days = -30,
     .ends_days = -2,
     .rsa_bits = 1024,
     .self_signed = true},
};

static inline void write_staple(void) {
    OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, NULL);
    FILE *file = fopen(authority_path(&authority, "staple", ".der"), "w");
    assert_non_null(file);
    assert_int_equal(ASN1_i2d_fp_of(OCSP_RESPONSE, i2d_OCSP_RESPONSE, file, response), 1);
    fclose(file);
    OCSP_RESPONSE_free(response);
}

static inline int set_up(void **state) {
    (void)state;
    authority = authority_new();
    for (size_t i = 0; i < sizeof(ORDERS) / sizeof(ORDERS[0]); i++)
        authority_issue(&authority, &ORDERS[i]);
    const struct certificate_order sha1 = {.name = "sha1",
                                           .names = "DNS:localhost",
                                           .starts_days = -1,
                                           .ends_days = 90,
                                           .rsa_bits = 2048,
                                           .digest = EVP_sha1()};
    authority_issue(&authority, &sha1);
    for (int i = 0; i < 15; i++)
        pem_append(authority_path(&authority, "chain15", ".pem"), authority.cert);
    for (int i = 0; i < 400; i++)
        pem_append(authority_path(&authority, "chain400", ".pem"), authority.cert);
    write_staple();
    setenv("SSL_CERT_FILE", authority_path(&authority, "authority", ".pem"), 1);
    return 0;
}

static inline int remove_one(const char *path, const struct stat *sb, int type, struct FTW *ftw) {
    (void)sb;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline int tear_down(void **state) {
    (void)state;
    nftw(authority.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    authority_free(&authority);
    return 0;
}

#endif
