/* tls_scan: what a scanner says of one TLS server, whatever its format, and the judgement of it by
 * our own checks. Pure. */
#ifndef AGENTS_ADAPTERS_TLS_SCAN_H
#define AGENTS_ADAPTERS_TLS_SCAN_H

#include "agents/adapters/harvest.h"

enum { TLS_SCAN_SUITES_MAX = 1000, TLS_SCAN_NAME_SIZE = 80, TLS_SCAN_CERTIFICATES_MAX = 8 };

/* What the scanner did not look at is TLS_UNKNOWN. */
enum tls_answer { TLS_UNKNOWN, TLS_NO, TLS_YES };

enum tls_version { TLS_SSL_2, TLS_SSL_3, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, TLS_VERSION__COUNT };

struct tls_suite {
    char name[TLS_SCAN_NAME_SIZE]; /* as OpenSSL or IANA call it */
    enum tls_version version;
    int64_t group_bits; /* of finite-field Diffie-Hellman, 0: none or not told */
};

struct tls_scan_certificate {
    char key_type[16], signature[64];  /* "RSA", "sha256WithRSAEncryption"; "": not told */
    int64_t key_bits;                  /* 0: not told */
    int64_t not_before_s, not_after_s; /* since 1970, 0: not told */
    enum tls_answer self_signed;
};

struct tls_scan {
    enum tls_answer versions[TLS_VERSION__COUNT];
    enum tls_answer
        client_order[TLS_VERSION__COUNT]; /* does the client's order of suites decide? */
    enum tls_answer compression, fallback_guard;
    bool suites_known; /* each that is accepted was looked for */
    struct tls_suite suites[TLS_SCAN_SUITES_MAX];
    size_t suite_count;
    struct tls_scan_certificate certificates[TLS_SCAN_CERTIFICATES_MAX];
    size_t certificate_count;
};

/* tls_scan_version(word, &version): "TLSv1.2", "SSLv3". */
bool tls_scan_version(struct text word, enum tls_version *ret_version);
/* tls_scan_suite(scan, name, version, group_bits): adds one that the server accepts; the version is
 * on then. */
void tls_scan_suite(struct tls_scan *scan, struct text name, enum tls_version version,
                    int64_t group_bits);
/* tls_scan_answers(scan): does it speak any version at all? */
bool tls_scan_answers(const struct tls_scan *scan);
/* tls_scan_judge(scan, harvest): every check of ours that follows from it. */
void tls_scan_judge(const struct tls_scan *scan, struct harvest *harvest);

#endif
