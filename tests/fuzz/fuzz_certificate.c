/* Certificate chains as any server may show them: DER, leaf first, one after another. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probe/tls_certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_end(const char *text, size_t size) {
    if (memchr(text, '\0', size) == NULL)
        abort();
}

static void read_one(X509 *cert) {
    struct tls_certificate certificate;
    tls_certificate_read(cert, &certificate);
    must_end(certificate.subject, sizeof(certificate.subject));
    must_end(certificate.issuer, sizeof(certificate.issuer));
    must_end(certificate.signature, sizeof(certificate.signature));
    must_end(certificate.key_type, sizeof(certificate.key_type));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct url url = {.host = "shop.test"};
    STACK_OF(X509) *chain = sk_X509_new_null();
    const unsigned char *at = data, *end = data + size;
    struct tls_shake shake = {0};
    X509 *cert;
    setenv("SSL_CERT_FILE", "/dev/null", 1); /* no store to read each time */
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    while (chain != NULL && at < end && sk_X509_num(chain) < TLS_CHAIN_MAX &&
           (cert = d2i_X509(NULL, &at, (long)(end - at))) != NULL) {
        read_one(cert);
        sk_X509_push(chain, cert);
    }
    if (sk_X509_num(chain) > 0 && tls_certificate_judge(chain, &url, &shake) == ERR_OK &&
        (shake.verify_error_count == 0 || shake.verify_error_count > TLS_VERIFY_ERRORS_MAX))
        abort(); /* nothing is trusted here */
    sk_X509_pop_free(chain, X509_free);
    return 0;
}
