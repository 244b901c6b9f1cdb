/* certificates: a small certificate authority for the tests, and certificates with one fault
 * each, made anew for every run. */
#ifndef TESTS_PROBE_CERTIFICATES_H
#define TESTS_PROBE_CERTIFICATES_H

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

struct certificate_order {
    const char *name;            /* file stem: NAME.pem, NAME.key */
    const char *names;           /* subjectAltName, NULL: none */
    long starts_days, ends_days; /* from now */
    int rsa_bits;                /* 0: P-256 */
    const EVP_MD *digest;        /* NULL: SHA-256 */
    bool self_signed, must_staple;
};

struct authority {
    char folder[64];
    EVP_PKEY *key;
    X509 *cert;
};

static inline const char *authority_path(const struct authority *authority, const char *name,
                                         const char *suffix) {
    static char paths[4][160];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof(paths[0]), "%s/%s%s", authority->folder, name, suffix);
    return path;
}

static inline void certificate_extend(X509 *cert, X509 *issuer, int nid, const char *value) {
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(cert, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static inline X509 *certificate_make(EVP_PKEY *key, const char *common_name, long starts_days,
                                     long ends_days) {
    static long serial = 1;
    X509 *cert = X509_new();
    assert_non_null(cert);
    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
    X509_gmtime_adj(X509_getm_notBefore(cert), starts_days * 86400 - 60);
    X509_gmtime_adj(X509_getm_notAfter(cert), ends_days * 86400);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                               (const unsigned char *)common_name, -1, -1, 0);
    return cert;
}

static inline void pem_append(const char *path, X509 *cert) {
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, cert), 1);
    fclose(file);
}

static inline void key_write(const char *path, EVP_PKEY *key) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(file);
}

static inline struct authority authority_new(void) {
    struct authority authority = {.folder = "/tmp/agnostic-tls-XXXXXX"};
    assert_non_null(mkdtemp(authority.folder));
    authority.key = EVP_EC_gen("P-256");
    authority.cert = certificate_make(authority.key, "Test Authority", -10, 1000);
    X509_set_issuer_name(authority.cert, X509_get_subject_name(authority.cert));
    certificate_extend(authority.cert, authority.cert, NID_basic_constraints, "critical,CA:TRUE");
    certificate_extend(authority.cert, authority.cert, NID_key_usage, "critical,keyCertSign");
    assert_true(X509_sign(authority.cert, authority.key, EVP_sha256()) > 0);
    pem_append(authority_path(&authority, "authority", ".pem"), authority.cert);
    return authority;
}

static inline void authority_issue(const struct authority *authority,
                                   const struct certificate_order *order) {
    EVP_PKEY *key = order->rsa_bits ? EVP_RSA_gen((unsigned)order->rsa_bits) : EVP_EC_gen("P-256");
    X509 *cert = certificate_make(key, order->name, order->starts_days, order->ends_days);
    X509 *issuer = order->self_signed ? cert : authority->cert;
    X509_set_issuer_name(cert, X509_get_subject_name(issuer));
    if (order->names)
        certificate_extend(cert, issuer, NID_subject_alt_name, order->names);
    if (order->must_staple)
        certificate_extend(cert, issuer, NID_tlsfeature, "status_request");
    assert_true(X509_sign(cert, order->self_signed ? key : authority->key,
                          order->digest ? order->digest : EVP_sha256()) > 0);
    pem_append(authority_path(authority, order->name, ".pem"), cert);
    key_write(authority_path(authority, order->name, ".key"), key);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static inline void authority_free(struct authority *authority) {
    X509_free(authority->cert);
    EVP_PKEY_free(authority->key);
}

#endif
