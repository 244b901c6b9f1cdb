/* tls_certificate: reads certificates made by strangers and judges a chain for all its faults at
 * once. Must not know sockets or handshakes. */
#include "probe/tls_certificate.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { FEATURE_STATUS_REQUEST = 5 }; /* RFC 7633: must-staple */

/* RFC 2253 form; everything not printable ASCII is escaped by OpenSSL. */
static void name_text(const X509_NAME *name, char *dst, size_t size) {
    BIO *bio = BIO_new(BIO_s_mem());
    dst[0] = '\0';
    if (!bio || !name)
        goto out;
    if (X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) < 0)
        goto out;
    int len = BIO_read(bio, dst, (int)size - 1);
    dst[len > 0 ? len : 0] = '\0';
out:
    BIO_free(bio);
}

static int64_t moment(const ASN1_TIME *at) {
    struct tm tm;
    return at && ASN1_TIME_to_tm(at, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

/* "sha256WithRSAEncryption"; RSA-PSS says its digest only in its parameters. */
static void signature_text(X509 *cert, char *dst, size_t size) {
    int nid = X509_get_signature_nid(cert), digest = NID_undef;
    const char *name = OBJ_nid2ln(nid);
    X509_get_signature_info(cert, &digest, NULL, NULL, NULL);
    if (nid == NID_rsassaPss && digest != NID_undef)
        snprintf(dst, size, "rsassaPss-%s", OBJ_nid2ln(digest));
    else
        snprintf(dst, size, "%s", name ? name : "");
}

static bool wants_staple(X509 *cert) {
    TLS_FEATURE *features = X509_get_ext_d2i(cert, NID_tlsfeature, NULL, NULL);
    bool wants = false;
    for (int i = 0; features && i < sk_ASN1_INTEGER_num(features); i++)
        wants |= ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == FEATURE_STATUS_REQUEST;
    TLS_FEATURE_free(features);
    return wants;
}

static bool names_responder(X509 *cert) {
    STACK_OF(OPENSSL_STRING) *responders = X509_get1_ocsp(cert);
    bool names = sk_OPENSSL_STRING_num(responders) > 0;
    X509_email_free(responders);
    return names;
}

static void read_key(X509 *cert, struct tls_certificate *certificate) {
    EVP_PKEY *key = X509_get0_pubkey(cert);
    const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;
    snprintf(certificate->key_type, sizeof(certificate->key_type), "%s", type ? type : "");
    certificate->key_bits = key ? EVP_PKEY_get_bits(key) : 0;
}

void tls_certificate_read(X509 *cert, struct tls_certificate *ret_certificate) {
    struct tls_certificate certificate = {0};
    name_text(X509_get_subject_name(cert), certificate.subject, sizeof(certificate.subject));
    name_text(X509_get_issuer_name(cert), certificate.issuer, sizeof(certificate.issuer));
    signature_text(cert, certificate.signature, sizeof(certificate.signature));
    read_key(cert, &certificate);
    certificate.self_signed = X509_self_signed(cert, 1) == 1;
    certificate.not_before_s = moment(X509_get0_notBefore(cert));
    certificate.not_after_s = moment(X509_get0_notAfter(cert));
    certificate.must_staple = wants_staple(cert);
    certificate.has_ocsp = names_responder(cert);
    *ret_certificate = certificate;
}

/* Host and dates of the leaf have members of their own in the shake. */
static bool is_told_elsewhere(int fault, int depth) {
    return fault == X509_V_ERR_HOSTNAME_MISMATCH || fault == X509_V_ERR_IP_ADDRESS_MISMATCH ||
           (depth == 0 &&
            (fault == X509_V_ERR_CERT_HAS_EXPIRED || fault == X509_V_ERR_CERT_NOT_YET_VALID));
}

static void note_fault(struct tls_shake *shake, int fault) {
    for (size_t i = 0; i < shake->verify_error_count; i++)
        if (shake->verify_errors[i] == fault)
            return;
    if (shake->verify_error_count == TLS_VERIFY_ERRORS_MAX)
        return;
    if (shake->verify_error_count == 0)
        snprintf(shake->verify_text, sizeof(shake->verify_text), "%s",
                 X509_verify_cert_error_string(fault));
    shake->verify_errors[shake->verify_error_count++] = fault;
}

/* Notes every fault and goes on, so that one does not hide the next. */
static int go_on(int ok, X509_STORE_CTX *ctx) {
    int fault = X509_STORE_CTX_get_error(ctx);
    if (!ok && !is_told_elsewhere(fault, X509_STORE_CTX_get_error_depth(ctx)))
        note_fault(X509_STORE_CTX_get_app_data(ctx), fault);
    return 1;
}

static enum err verify_chain(STACK_OF(X509) * chain, struct tls_shake *shake) {
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    enum err err = ERR_NOMEM;
    if (!store || !ctx)
        goto out;
    err = ERR_INTERNAL;
    if (X509_STORE_set_default_paths(store) != 1 ||
        X509_STORE_CTX_init(ctx, store, sk_X509_value(chain, 0), chain) != 1 ||
        X509_STORE_CTX_set_default(ctx, "ssl_server") != 1)
        goto out;
    X509_STORE_CTX_set_app_data(ctx, shake);
    X509_STORE_CTX_set_verify_cb(ctx, go_on);
    /* A verification that broke off without a fault of its own is still no proof of trust. */
    if (X509_verify_cert(ctx) != 1 && shake->verify_error_count == 0)
        note_fault(shake, X509_STORE_CTX_get_error(ctx));
    err = ERR_OK;
out:
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return err;
}

/* SAN only: a host name in the common name has not counted for years (RFC 6125, RFC 9525). */
static bool covers_host(X509 *leaf, const struct url *url) {
    const unsigned flags =
        X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    if (url->host_is_ip)
        return X509_check_ip_asc(leaf, url->host, flags) == 1;
    return X509_check_host(leaf, url->host, strlen(url->host), flags, NULL) == 1;
}

enum err tls_certificate_judge(STACK_OF(X509) * chain, const struct url *url,
                               struct tls_shake *shake) {
    X509 *leaf = sk_X509_value(chain, 0);
    shake->host_matches = covers_host(leaf, url);
    shake->expired = X509_cmp_current_time(X509_get0_notAfter(leaf)) <= 0;
    shake->not_yet_valid = X509_cmp_current_time(X509_get0_notBefore(leaf)) >= 0;
    return verify_chain(chain, shake);
}
