/* What a scanner said of a TLS server, judged by the checks of our catalogue: a table of checks, a
 * table of what is wrong with suites by their names. */
#include <string.h>

#include "agents/adapters/tls_scan.h"

enum {
    DAY_S = 86400,
    SOON_DAYS = 7,
    LATER_DAYS = 30,
    GROUP_SHORT_BITS = 2048,
    GROUP_BROKEN_BITS = 1024
};

static const char *const TOLD[TLS_VERSION__COUNT] = {"SSLv2",   "SSLv3",   "TLS 1.0",
                                                     "TLS 1.1", "TLS 1.2", "TLS 1.3"};

/* --- suites ---------------------------------------------------------------------------------- */

/* Names of OpenSSL and of IANA; what is sought stands anywhere in the name. The first row holds. */
static const struct {
    const char *part, *check;
} WEAK[] = {
    {"NULL", "SEC-TLS-05"},         {"ADH-", "SEC-TLS-05"},     {"AECDH-", "SEC-TLS-05"},
    {"_anon_", "SEC-TLS-05"},       {"EXPORT", "SEC-TLS-05"},   {"EXP-", "SEC-TLS-05"},
    {"EXP1024", "SEC-TLS-05"},      {"RC4", "SEC-TLS-06"},      {"RC2", "SEC-TLS-06"},
    {"IDEA", "SEC-TLS-06"},         {"DES-CBC-", "SEC-TLS-06"}, {"_DES_", "SEC-TLS-06"},
    {"DES40", "SEC-TLS-06"},        {"3DES", "SEC-TLS-07"},     {"DES-CBC3", "SEC-TLS-07"},
    {"DES_192_EDE3", "SEC-TLS-07"},
};

/* The gravest that is wrong with a suite: the check it fails, or "". */
static const char *tls_weakness(const char *name) {
    for (size_t i = 0; i < sizeof(WEAK) / sizeof(WEAK[0]); i++)
        if (strstr(name, WEAK[i].part) != NULL)
            return WEAK[i].check;
    return "";
}

static void tls_judge_suites(const struct tls_scan *scan, const char *check,
                             struct judgement *judgement) {
    for (size_t i = 0; i < scan->suite_count; i++)
        if (strcmp(tls_weakness(scan->suites[i].name), check) == 0)
            harvest_fault(judgement, 0, "The server accepts %s with %s", scan->suites[i].name,
                          TOLD[scan->suites[i].version]);
    if (scan->suites_known)
        harvest_pass(judgement);
}

/* By how the key is agreed on; TLS 1.3 has no other way. */
static bool tls_is_forward(const struct tls_suite *suite) {
    return suite->version == TLS_1_3 || strstr(suite->name, "DHE") != NULL ||
           strstr(suite->name, "EDH") != NULL;
}

static void tls_judge_forward(const struct tls_scan *scan, int64_t now_s,
                              struct judgement *judgement) {
    size_t forward = 0;
    (void)now_s;
    for (size_t i = 0; i < scan->suite_count; i++)
        forward += tls_is_forward(&scan->suites[i]);
    for (size_t i = 0; i < scan->suite_count; i++)
        if (!tls_is_forward(&scan->suites[i]))
            harvest_fault(judgement, forward == 0 ? 0 : 1, "The server accepts %s with %s",
                          scan->suites[i].name, TOLD[scan->suites[i].version]);
    if (scan->suites_known && scan->suite_count > 0)
        harvest_pass(judgement);
}

/* Groups of suites that prove no server are the lesser fault of those. */
static void tls_judge_group(const struct tls_scan *scan, int64_t now_s,
                            struct judgement *judgement) {
    (void)now_s;
    for (size_t i = 0; i < scan->suite_count; i++) {
        const struct tls_suite *suite = &scan->suites[i];
        if (suite->group_bits == 0 || strcmp(tls_weakness(suite->name), "SEC-TLS-05") == 0)
            continue;
        if (suite->group_bits < GROUP_SHORT_BITS)
            harvest_fault(judgement, suite->group_bits < GROUP_BROKEN_BITS ? 0 : 1,
                          "The server uses a Diffie-Hellman group of %lld bits (%s)",
                          (long long)suite->group_bits, suite->name);
        else
            harvest_pass(judgement);
    }
}

/* The order matters where there is a weak suite to be chosen. */
static void tls_judge_order(const struct tls_scan *scan, int64_t now_s,
                            struct judgement *judgement) {
    bool known = scan->suites_known;
    (void)now_s;
    for (size_t i = 0; i < scan->suite_count; i++) {
        const struct tls_suite *suite = &scan->suites[i];
        if (tls_weakness(suite->name)[0] == '\0')
            continue;
        known = known && scan->client_order[suite->version] != TLS_UNKNOWN;
        if (scan->client_order[suite->version] == TLS_YES)
            harvest_fault(judgement, 0, "The client's order decides with %s, which has %s",
                          TOLD[suite->version], suite->name);
    }
    if (known)
        harvest_pass(judgement);
}

/* --- versions and features ------------------------------------------------------------------- */

static void tls_judge_versions(const struct tls_scan *scan, enum tls_version first,
                               enum tls_version last, struct judgement *judgement) {
    bool known = true;
    for (enum tls_version version = first; version <= last; version++) {
        known = known && scan->versions[version] != TLS_UNKNOWN;
        if (scan->versions[version] == TLS_YES)
            harvest_fault(judgement, 0, "The server accepts %s", TOLD[version]);
    }
    if (known)
        harvest_pass(judgement);
}

static void tls_judge_ssl(const struct tls_scan *scan, int64_t now_s, struct judgement *judgement) {
    (void)now_s;
    tls_judge_versions(scan, TLS_SSL_2, TLS_SSL_3, judgement);
}

static void tls_judge_old(const struct tls_scan *scan, int64_t now_s, struct judgement *judgement) {
    (void)now_s;
    tls_judge_versions(scan, TLS_1_0, TLS_1_1, judgement);
}

static void tls_judge_newest(const struct tls_scan *scan, int64_t now_s,
                             struct judgement *judgement) {
    (void)now_s;
    if (scan->versions[TLS_1_3] == TLS_YES)
        harvest_pass(judgement);
    else if (scan->versions[TLS_1_3] == TLS_NO && scan->versions[TLS_1_2] == TLS_NO)
        harvest_fault(judgement, 1, "Neither TLS 1.2 nor TLS 1.3 is accepted");
    else if (scan->versions[TLS_1_3] == TLS_NO)
        harvest_fault(judgement, 0, "TLS 1.3 is not accepted");
}

static void tls_judge_no_protection(const struct tls_scan *scan, int64_t now_s,
                                    struct judgement *judgement) {
    (void)now_s;
    tls_judge_suites(scan, "SEC-TLS-05", judgement);
}

static void tls_judge_broken(const struct tls_scan *scan, int64_t now_s,
                             struct judgement *judgement) {
    (void)now_s;
    tls_judge_suites(scan, "SEC-TLS-06", judgement);
}

static void tls_judge_small_block(const struct tls_scan *scan, int64_t now_s,
                                  struct judgement *judgement) {
    (void)now_s;
    tls_judge_suites(scan, "SEC-TLS-07", judgement);
}

static void tls_judge_fallback(const struct tls_scan *scan, int64_t now_s,
                               struct judgement *judgement) {
    (void)now_s;
    if (scan->versions[TLS_1_0] == TLS_NO && scan->versions[TLS_1_1] == TLS_NO && judgement != NULL)
        judgement_skip(judgement, "no_older_version");
    else if (scan->fallback_guard == TLS_YES)
        harvest_pass(judgement);
    else if (scan->fallback_guard == TLS_NO)
        harvest_fault(judgement, 0, "TLS_FALLBACK_SCSV is not supported");
}

static void tls_judge_compression(const struct tls_scan *scan, int64_t now_s,
                                  struct judgement *judgement) {
    (void)now_s;
    if (scan->compression == TLS_NO)
        harvest_pass(judgement);
    else if (scan->compression == TLS_YES)
        harvest_fault(judgement, 0, "The server compresses TLS");
}

/* --- certificates ---------------------------------------------------------------------------- */

static void tls_judge_self_signed(const struct tls_scan *scan, int64_t now_s,
                                  struct judgement *judgement) {
    (void)now_s;
    if (judgement != NULL)
        judgement_not_tested(judgement, "chain_not_judged");
    for (size_t i = 0; i < scan->certificate_count; i++)
        if (scan->certificates[i].self_signed == TLS_YES)
            harvest_fault(judgement, 0, "The certificate is self-signed");
}

static void tls_judge_dates(const struct tls_scan *scan, int64_t now_s,
                            struct judgement *judgement) {
    for (size_t i = 0; i < scan->certificate_count; i++) {
        const struct tls_scan_certificate *certificate = &scan->certificates[i];
        if (certificate->not_after_s != 0 && certificate->not_after_s <= now_s)
            harvest_fault(judgement, 0, "The certificate has expired");
        else if (certificate->not_before_s > now_s)
            harvest_fault(judgement, 0, "The certificate is not valid yet");
        else if (certificate->not_after_s != 0)
            harvest_pass(judgement);
    }
}

static void tls_judge_ends_soon(const struct tls_scan *scan, int64_t now_s,
                                struct judgement *judgement) {
    for (size_t i = 0; i < scan->certificate_count; i++) {
        int64_t left_s = scan->certificates[i].not_after_s - now_s;
        if (scan->certificates[i].not_after_s == 0 || left_s <= 0)
            continue;
        if (left_s < LATER_DAYS * DAY_S)
            harvest_fault(judgement, left_s < SOON_DAYS * DAY_S ? 0 : 1,
                          "The certificate expires in %lld days", (long long)(left_s / DAY_S));
        else
            harvest_pass(judgement);
    }
}

static void tls_judge_key(const struct tls_scan *scan, int64_t now_s, struct judgement *judgement) {
    (void)now_s;
    for (size_t i = 0; i < scan->certificate_count; i++) {
        const struct tls_scan_certificate *certificate = &scan->certificates[i];
        bool ec = strncasecmp(certificate->key_type, "EC", 2) == 0;
        if (certificate->key_bits == 0)
            continue;
        if (certificate->key_bits < (ec ? 224 : 2048))
            harvest_fault(judgement, 0, "The certificate has a key of %lld bits (%s)",
                          (long long)certificate->key_bits, certificate->key_type);
        else
            harvest_pass(judgement);
    }
}

static void tls_judge_signature(const struct tls_scan *scan, int64_t now_s,
                                struct judgement *judgement) {
    (void)now_s;
    for (size_t i = 0; i < scan->certificate_count; i++) {
        struct text signature = text_of(scan->certificates[i].signature);
        if (signature.len == 0)
            continue;
        if (text_ifind(signature, TEXT("md5")) >= 0 || text_ifind(signature, TEXT("sha1")) >= 0)
            harvest_fault(judgement, 0, "The certificate is signed with %s",
                          scan->certificates[i].signature);
        else
            harvest_pass(judgement);
    }
}

/* --- all ------------------------------------------------------------------------------------- */

static const struct {
    const char *check;
    void (*judge)(const struct tls_scan *scan, int64_t now_s, struct judgement *judgement);
} CHECKS[] = {
    {"SEC-TLS-02", tls_judge_ssl},      {"SEC-TLS-03", tls_judge_old},
    {"SEC-TLS-04", tls_judge_newest},   {"SEC-TLS-05", tls_judge_no_protection},
    {"SEC-TLS-06", tls_judge_broken},   {"SEC-TLS-07", tls_judge_small_block},
    {"SEC-TLS-08", tls_judge_forward},  {"SEC-TLS-09", tls_judge_order},
    {"SEC-TLS-10", tls_judge_group},    {"SEC-TLS-11", tls_judge_self_signed},
    {"SEC-TLS-13", tls_judge_dates},    {"SEC-TLS-14", tls_judge_ends_soon},
    {"SEC-TLS-15", tls_judge_key},      {"SEC-TLS-16", tls_judge_signature},
    {"SEC-TLS-20", tls_judge_fallback}, {"SEC-TLS-21", tls_judge_compression},
};

void tls_scan_judge(const struct tls_scan *scan, struct harvest *harvest) {
    int64_t now_s = harvest_place(harvest)->now_s;
    for (size_t i = 0; i < sizeof(CHECKS) / sizeof(CHECKS[0]); i++)
        CHECKS[i].judge(scan, now_s, harvest_rule(harvest, CHECKS[i].check));
}
