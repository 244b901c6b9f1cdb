/* tls: one TLS handshake and what it showed. Never verifies while shaking hands: the
 * certificate is judged afterwards, so that all its faults are seen. */
#ifndef AGNOSTIC_PROBE_TLS_H
#define AGNOSTIC_PROBE_TLS_H

#include "agnostic/probe/gate.h"

enum tls_version { TLS_1_0 = 0x0301, TLS_1_1 = 0x0302, TLS_1_2 = 0x0303, TLS_1_3 = 0x0304 };
/* tls_version_word(version): "TLSv1.2"; NULL for any other number. */
const char *tls_version_word(int version);

/* One certificate's facts. */
struct tls_certificate {
    char subject[256], issuer[256],
        signature[64]; /* signature algorithm, e.g. "sha256WithRSAEncryption" */
    char key_type[16]; /* "RSA", "EC", "DSA", "ED25519", ... */
    int key_bits;
    bool self_signed;
    int64_t not_before_s, not_after_s; /* since 1970 UTC */
    bool must_staple;
};
enum { TLS_CHAIN_MAX = 10, TLS_VERIFY_ERRORS_MAX = 8 };

struct tls_shake {
    bool completed;
    bool alerted; /* not completed, and the server said so in a TLS alert: it speaks TLS */
    int version;  /* enum tls_version, 0 unless completed */
    char cipher[64];
    char alert[96];     /* why it did not complete, OpenSSL's words */
    bool stapled;       /* an OCSP response came */
    size_t chain_count; /* leaf first */
    struct tls_certificate chain[TLS_CHAIN_MAX];
    bool host_matches;                         /* RFC 6125 against the URL's host, SAN only */
    long verify_errors[TLS_VERIFY_ERRORS_MAX]; /* X509_V_ERR_*, each once; without host and dates */
    size_t verify_error_count;
    char verify_text[160];       /* first of them in words */
    bool expired, not_yet_valid; /* leaf, now */
};

/* tls_shake(gate, url, min, max, timeout_ms, &shake, &fault): connects and shakes hands offering
 * only versions min..max. A handshake the server refuses is ERR_OK with completed false;
 * ERR_CONNECT, ERR_REFUSED, ERR_TIMEOUT, ERR_RESOLVE otherwise. Trust store: OpenSSL's default,
 * SSL_CERT_FILE and SSL_CERT_DIR honoured. */
enum err tls_shake(const struct gate *gate, const struct url *url, int min, int max,
                   int64_t timeout_ms, struct tls_shake *ret_shake, struct fault *ret_fault);

#endif
