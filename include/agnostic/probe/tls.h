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
    bool must_staple, has_ocsp; /* has_ocsp: names a responder, so there is something to staple */
};
enum { TLS_CHAIN_MAX = 10, TLS_VERIFY_ERRORS_MAX = 8 };

/* What a handshake asks for. */
struct tls_wish {
    int min, max;        /* enum tls_version */
    const char *ciphers; /* of versions up to 1.2, in OpenSSL's words; NULL: its default list */
    bool again;          /* once completed, ask to negotiate again; max up to TLS_1_2 */
};
enum tls_again {
    TLS_AGAIN_NOT_ASKED,
    TLS_AGAIN_DECLINED, /* by an alert, or the connection was closed */
    TLS_AGAIN_COMPLETED,
    TLS_AGAIN_UNANSWERED /* in time */
};

struct tls_shake {
    bool completed;
    bool spoken; /* the server answered in TLS: completed, or it chose a suite or sent an alert */
    int version; /* enum tls_version, 0 unless completed */
    char cipher[64];
    char alert[96];           /* why it did not complete, OpenSSL's words */
    bool stapled;             /* an OCSP response came */
    int dh_bits;              /* of a finite-field Diffie-Hellman group, 0 when none was used */
    bool renegotiates_safely; /* up to TLS 1.2: RFC 5746 */
    enum tls_again again;
    size_t chain_count; /* leaf first */
    struct tls_certificate chain[TLS_CHAIN_MAX];
    bool host_matches;                         /* RFC 6125 against the URL's host, SAN only */
    long verify_errors[TLS_VERIFY_ERRORS_MAX]; /* X509_V_ERR_*, each once; without host and dates */
    size_t verify_error_count;
    char verify_text[160];       /* first of them in words */
    bool expired, not_yet_valid; /* leaf, now */
};

/* tls_shake(gate, url, wish, timeout_ms, &shake, &fault): connects and shakes hands as wished. A
 * handshake that the server refuses, or in which it sends what none needs, is ERR_OK with
 * completed false; ERR_CONNECT, ERR_REFUSED, ERR_TIMEOUT, ERR_RESOLVE otherwise. Trust store:
 * OpenSSL's default, SSL_CERT_FILE and SSL_CERT_DIR honoured. */
enum err tls_shake(const struct gate *gate, const struct url *url, const struct tls_wish *wish,
                   int64_t timeout_ms, struct tls_shake *ret_shake, struct fault *ret_fault);

#endif
