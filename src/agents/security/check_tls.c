/* Which protocol versions are spoken. Certificates are check_certificate.c's. */
#include "agents/security/check.h"
#include "agents/security/need.h"

enum { NO_1_3 = 0, NO_1_2_EITHER = 1 };
enum { NO_STAPLE_DEMANDED = 0, NO_STAPLE = 1 };
enum { GROUP_BROKEN = 0, GROUP_SHORT = 1, GROUP_BROKEN_BITS = 1024, GROUP_SHORT_BITS = 2048 };

/* What openssl is told on its standard input: nothing, or to negotiate again. */
static const char NOTHING[] = "</dev/null", AGAIN[] = "< <(echo R; sleep 2)";

static void check_tls_tell(const struct facts *facts, struct judgement *judgement,
                           const char *flags, const char *input) {
    char authority[JUDGEMENT_COMPONENT_SIZE];
    const struct url *url = &facts->tls.url;
    url_authority(url, authority, sizeof(authority));
    buf_reset(&judgement->reproduce);
    buf_printf(&judgement->reproduce, "openssl s_client -connect %s%s%s%s %s %s", authority,
               url->port_is_default ? ":443" : "", url->host_is_ip ? "" : " -servername ",
               url->host_is_ip ? "" : url->host, flags, input);
}

static void check_tls_reproduce(const struct facts *facts, struct judgement *judgement,
                                const char *flags) {
    check_tls_tell(facts, judgement, flags, NOTHING);
}

/* An http target: is there HTTPS beside it? A closed port 443 tells only of a site that is
 * itself on port 80; elsewhere HTTPS may be on any port. */
static void check_tls_beside(const struct facts *facts, struct judgement *judgement) {
    const struct tls_offer *best = &facts->tls.best;
    bool proven = best->err == ERR_OK || (best->err == ERR_CONNECT && facts->target.port == 80);
    if (!best->asked || !proven)
        judgement_not_tested(judgement, "https_port_unreachable");
    else if (best->err != ERR_OK)
        judgement_fault(judgement, 0, facts->target_text,
                        "The site answers on http and nothing answers on port 443");
    else if (!facts_tls_spoken(facts))
        judgement_fault(judgement, 0, facts->target_text,
                        "The site answers on http and port 443 does not speak TLS: %s",
                        best->alert);
    else
        judgement_pass(judgement);
}

void check_tls_absent(const struct facts *facts, struct judgement *judgement) {
    const struct tls_offer *best = &facts->tls.best;
    judgement_component(judgement, &facts->target);
    check_tls_reproduce(facts, judgement, "");
    if (!facts->target.tls)
        check_tls_beside(facts, judgement);
    else if (!best->asked || best->err != ERR_OK)
        judgement_not_tested(judgement, "tls_unreachable");
    else if (!facts_tls_spoken(facts))
        judgement_fault(judgement, 0, facts->target_text, "No TLS handshake was possible: %s",
                        best->alert);
    else
        judgement_pass(judgement);
}

static const char *const VERSION_WORDS[FACTS_TLS__COUNT] = {"TLS 1.0", "TLS 1.1", "TLS 1.2",
                                                            "TLS 1.3"};
static const char *const VERSION_FLAGS[FACTS_TLS__COUNT] = {
    "-tls1 -cipher ALL@SECLEVEL=0", "-tls1_1 -cipher ALL@SECLEVEL=0", "-tls1_2", "-tls1_3"};

static bool check_tls_measured(const struct tls_offer *offer) {
    return offer->asked && offer->err == ERR_OK;
}

void check_tls_old_versions(const struct facts *facts, struct judgement *judgement) {
    const struct tls_offer *offers = facts->tls.versions;
    if (!need_hello(facts, judgement))
        return;
    if (!facts->tls.best.completed)
        judgement_not_tested(judgement, "no_tls_handshake");
    else if (!check_tls_measured(&offers[FACTS_TLS_1_0]) ||
             !check_tls_measured(&offers[FACTS_TLS_1_1]))
        judgement_not_tested(judgement, "tls_unreachable");
    else
        judgement_pass(judgement);
    for (int version = FACTS_TLS_1_0; version <= FACTS_TLS_1_1; version++) {
        if (!facts_speaks(facts, (uint16_t)(TLS_1_0 + version)))
            continue;
        check_tls_reproduce(facts, judgement, VERSION_FLAGS[version]);
        judgement_fault(judgement, 0, judgement->component, "The server %s %s %s",
                        offers[version].completed ? "completed a handshake in" : "chose",
                        VERSION_WORDS[version], offers[version].cipher);
    }
}

void check_tls_no_1_3(const struct facts *facts, struct judgement *judgement) {
    const struct tls_offer *new = &facts->tls.versions[FACTS_TLS_1_3];
    const struct tls_offer *usual = &facts->tls.versions[FACTS_TLS_1_2];
    if (!need_tls(facts, judgement))
        return;
    check_tls_reproduce(facts, judgement, VERSION_FLAGS[FACTS_TLS_1_3]);
    if (!check_tls_measured(new) || (!new->completed && !check_tls_measured(usual)))
        judgement_not_tested(judgement, "tls_unreachable");
    else if (new->completed)
        judgement_pass(judgement);
    else if (usual->completed)
        judgement_fault(judgement, NO_1_3, judgement->component, "TLS 1.3 is not offered");
    else
        judgement_fault(judgement, NO_1_2_EITHER, judgement->component,
                        "Neither TLS 1.3 nor TLS 1.2 is offered");
}

void check_tls_small_group(const struct facts *facts, struct judgement *judgement) {
    const struct tls_offer *dhe = &facts->tls.dhe;
    if (!need_tls(facts, judgement))
        return;
    check_tls_reproduce(facts, judgement, "-no_tls1_3 -cipher kDHE@SECLEVEL=0");
    if (!facts_versions_known(facts))
        judgement_not_tested(judgement, "tls_unreachable");
    else if (facts_old_version(facts) == 0)
        judgement_pass(judgement); /* no group of TLS 1.3 is shorter */
    else if (!check_tls_measured(dhe) || (dhe->completed && dhe->dh_bits == 0))
        judgement_not_tested(judgement, "tls_unreachable");
    else if (dhe->completed && dhe->dh_bits < GROUP_SHORT_BITS)
        judgement_fault(judgement, dhe->dh_bits < GROUP_BROKEN_BITS ? GROUP_BROKEN : GROUP_SHORT,
                        judgement->component,
                        "The server uses a Diffie-Hellman group of %d bits (%s)", dhe->dh_bits,
                        dhe->cipher);
    else
        judgement_pass(judgement);
}

/* Says why not if versions before TLS 1.3 were not seen; later ones cannot negotiate again. */
static bool check_tls_old(const struct facts *facts, struct judgement *judgement) {
    if (!need_tls(facts, judgement))
        return false;
    if (!facts_versions_known(facts))
        judgement_not_tested(judgement, "tls_unreachable");
    else if (facts_old_version(facts) == 0)
        judgement_skip(judgement, "only_tls_1_3");
    else
        return true;
    return false;
}

void check_tls_unsafe_renegotiation(const struct facts *facts, struct judgement *judgement) {
    if (!check_tls_old(facts, judgement))
        return;
    judgement_pass(judgement);
    for (int version = FACTS_TLS_1_0; version <= FACTS_TLS_1_2; version++) {
        const struct tls_offer *offer = &facts->tls.versions[version];
        if (!offer->completed || offer->renegotiates_safely)
            continue;
        check_tls_reproduce(facts, judgement, "-no_tls1_3 -legacy_server_connect");
        judgement_fault(judgement, 0, judgement->component,
                        "The server's %s hello lacks the renegotiation_info of RFC 5746",
                        VERSION_WORDS[version]);
    }
}

void check_tls_client_renegotiation(const struct facts *facts, struct judgement *judgement) {
    const struct tls_offer *again = &facts->tls.again;
    if (!check_tls_old(facts, judgement))
        return;
    check_tls_tell(facts, judgement, "-no_tls1_3", AGAIN);
    if (!check_tls_measured(again) || again->again == TLS_AGAIN_NOT_ASKED)
        judgement_not_tested(judgement, "tls_unreachable");
    else if (again->again == TLS_AGAIN_UNANSWERED)
        judgement_not_tested(judgement, "renegotiation_unanswered");
    else if (again->again == TLS_AGAIN_COMPLETED)
        judgement_fault(judgement, 0, judgement->component,
                        "The server completed a renegotiation that the client asked for");
    else
        judgement_pass(judgement);
}

void check_tls_no_staple(const struct facts *facts, struct judgement *judgement) {
    const struct tls_shake *shake = &facts->tls.shake;
    if (!need_certificate(facts, judgement))
        return;
    check_tls_reproduce(facts, judgement, "-status");
    if (shake->stapled)
        judgement_pass(judgement);
    else if (shake->chain[0].must_staple)
        judgement_fault(judgement, NO_STAPLE_DEMANDED, judgement->component,
                        "The certificate demands a stapled OCSP response and none was sent");
    else if (!shake->chain[0].has_ocsp)
        judgement_skip(judgement, "no_ocsp_responder");
    else
        judgement_fault(judgement, NO_STAPLE, judgement->component, "No OCSP response was stapled");
}
