/* The certificate chain, judged once with all its faults. Dates come from the facts. */
#include <string.h>

#include "agents/security/check.h"
#include "agents/security/need.h"
#include "agnostic/base/time.h"

enum { DAY_S = 86400, WEEK_DAYS = 7, MONTH_DAYS = 30, RSA_BITS_MIN = 2048, EC_BITS_MIN = 224 };
enum { ENDS_THIS_WEEK = 0, ENDS_THIS_MONTH = 1 };

/* X509_V_ERR_* that are about the strength of keys and digests, which other rules judge. */
enum { VERIFY_EE_KEY_TOO_SMALL = 66, VERIFY_CA_KEY_TOO_SMALL = 67, VERIFY_CA_MD_TOO_WEAK = 68 };

static void check_certificate_reproduce(const struct facts *facts, struct judgement *judgement) {
    const struct url *url = &facts->tls.url;
    char authority[JUDGEMENT_COMPONENT_SIZE];
    url_authority(url, authority, sizeof(authority));
    buf_reset(&judgement->reproduce);
    buf_printf(
        &judgement->reproduce,
        "openssl s_client -connect %s%s%s%s -showcerts </dev/null | openssl x509 -noout -text",
        authority, url->port_is_default ? ":443" : "", url->host_is_ip ? "" : " -servername ",
        url->host_is_ip ? "" : url->host);
}

static bool check_certificate_begin(const struct facts *facts, struct judgement *judgement) {
    if (!need_certificate(facts, judgement))
        return false;
    check_certificate_reproduce(facts, judgement);
    judgement_pass(judgement);
    return true;
}

static bool check_certificate_is_trust(long verify_error) {
    return verify_error != VERIFY_EE_KEY_TOO_SMALL && verify_error != VERIFY_CA_KEY_TOO_SMALL &&
           verify_error != VERIFY_CA_MD_TOO_WEAK;
}

void check_certificate_untrusted(const struct facts *facts, struct judgement *judgement) {
    const struct tls_shake *shake = &facts->tls.shake;
    if (!check_certificate_begin(facts, judgement))
        return;
    for (size_t i = 0; i < shake->verify_error_count; i++) {
        if (!check_certificate_is_trust(shake->verify_errors[i]))
            continue;
        judgement_fault(judgement, 0, judgement->component,
                        "The chain of \"%s\" (issuer \"%s\") does not verify: %s (error %ld)",
                        shake->chain[0].subject, shake->chain[0].issuer,
                        i == 0 ? shake->verify_text : "a further fault", shake->verify_errors[i]);
    }
}

void check_certificate_wrong_host(const struct facts *facts, struct judgement *judgement) {
    if (check_certificate_begin(facts, judgement) && !facts->tls.shake.host_matches)
        judgement_fault(judgement, 0, judgement->component,
                        "No subjectAltName of \"%s\" matches the host %s",
                        facts->tls.shake.chain[0].subject, facts->tls.url.host);
}

void check_certificate_out_of_date(const struct facts *facts, struct judgement *judgement) {
    const struct tls_certificate *leaf = &facts->tls.shake.chain[0];
    char when[TIME_ISO_SIZE];
    if (!check_certificate_begin(facts, judgement))
        return;
    if (facts->now_s > leaf->not_after_s) {
        time_rfc3339_ms(leaf->not_after_s * 1000000, when);
        judgement_fault(judgement, 0, judgement->component, "The certificate expired at %s", when);
    } else if (facts->now_s < leaf->not_before_s) {
        time_rfc3339_ms(leaf->not_before_s * 1000000, when);
        judgement_fault(judgement, 0, judgement->component,
                        "The certificate is not valid before %s", when);
    }
}

void check_certificate_ends_soon(const struct facts *facts, struct judgement *judgement) {
    int64_t left_s = facts->tls.shake.chain[0].not_after_s - facts->now_s;
    if (!check_certificate_begin(facts, judgement))
        return;
    if (left_s < 0)
        judgement_skip(judgement, "already_expired");
    else if (left_s < MONTH_DAYS * DAY_S)
        judgement_fault(judgement, left_s < WEEK_DAYS * DAY_S ? ENDS_THIS_WEEK : ENDS_THIS_MONTH,
                        judgement->component, "The certificate expires in %d days",
                        (int)(left_s / DAY_S));
}

/* Leaf and intermediates; a root sent along is trusted for itself, not for its signature. */
static bool check_certificate_counts(const struct tls_shake *shake, size_t index) {
    return index == 0 || !shake->chain[index].self_signed;
}

void check_certificate_short_key(const struct facts *facts, struct judgement *judgement) {
    const struct tls_shake *shake = &facts->tls.shake;
    if (!check_certificate_begin(facts, judgement))
        return;
    for (size_t i = 0; i < shake->chain_count; i++) {
        const struct tls_certificate *certificate = &shake->chain[i];
        bool rsa = strcmp(certificate->key_type, "RSA") == 0 ||
                   strcmp(certificate->key_type, "RSA-PSS") == 0 ||
                   strcmp(certificate->key_type, "DSA") == 0;
        bool curve = strcmp(certificate->key_type, "EC") == 0;
        int least = rsa ? RSA_BITS_MIN : curve ? EC_BITS_MIN : 0;
        if (check_certificate_counts(shake, i) && certificate->key_bits < least)
            judgement_fault(judgement, 0, judgement->component, "\"%s\" has a %s key of %d bits",
                            certificate->subject, certificate->key_type, certificate->key_bits);
    }
}

void check_certificate_weak_signature(const struct facts *facts, struct judgement *judgement) {
    const struct tls_shake *shake = &facts->tls.shake;
    if (!check_certificate_begin(facts, judgement))
        return;
    for (size_t i = 0; i < shake->chain_count; i++) {
        struct text signature = text_of(shake->chain[i].signature);
        bool weak = text_ifind(signature, TEXT("md5")) >= 0 ||
                    text_ifind(signature, TEXT("sha1")) >= 0 ||
                    text_ifind(signature, TEXT("sha-1")) >= 0;
        if (weak && check_certificate_counts(shake, i))
            judgement_fault(judgement, 0, judgement->component, "\"%s\" is signed with %s",
                            shake->chain[i].subject, shake->chain[i].signature);
    }
}

/* How long the CA/Browser Forum lets certificates live that are issued from a day on (Baseline
 * Requirements 6.3.2, ballots SC-31 and SC-081v3). Of the oldest, none is valid any more. */
static const struct {
    int64_t since_s; /* 1970 UTC */
    int days;
} LIVES[] = {{0, 398}, {1773532800, 200}, {1805068800, 100}, {1868227200, 47}};

void check_certificate_long_life(const struct facts *facts, struct judgement *judgement) {
    const struct tls_shake *shake = &facts->tls.shake;
    const struct tls_certificate *leaf = &shake->chain[0];
    int64_t life_s = leaf->not_after_s - leaf->not_before_s + 1; /* both ends count */
    int days = 0;
    if (!check_certificate_begin(facts, judgement))
        return;
    for (size_t i = 0; i < sizeof(LIVES) / sizeof(LIVES[0]); i++)
        if (leaf->not_before_s >= LIVES[i].since_s)
            days = LIVES[i].days;
    if (shake->verify_error_count > 0)
        judgement_skip(judgement, "not_publicly_trusted");
    else if (life_s > (int64_t)days * DAY_S)
        judgement_fault(judgement, 0, judgement->component,
                        "The certificate is made to live %d days; %d are allowed",
                        (int)((life_s + DAY_S - 1) / DAY_S), days);
}
