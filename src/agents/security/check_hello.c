/* What a server accepts of old and broken TLS, by its answers to hand-written hellos. */
#include "agents/security/check.h"
#include "agents/security/need.h"

enum { NO_FORWARD_SECRECY = 0, NOT_ALWAYS_FORWARD = 1 };

static void check_hello_reproduce(const struct facts *facts, struct judgement *judgement) {
    char authority[JUDGEMENT_COMPONENT_SIZE];
    const struct url *url = &facts->tls.url;
    url_authority(url, authority, sizeof(authority));
    buf_reset(&judgement->reproduce);
    buf_printf(&judgement->reproduce, "sslscan %s%s", authority,
               url->port_is_default ? ":443" : "");
}

/* Whether the answer proves anything; says why if not. */
static bool check_hello_measured(const struct hello_seen *seen, struct judgement *judgement) {
    if (!seen->asked || seen->err != ERR_OK)
        judgement_not_tested(judgement, "tls_hello_unanswered");
    else if (seen->answer.end == HELLO_GARBLED)
        judgement_not_tested(judgement, "tls_hello_garbled");
    else
        return true;
    return false;
}

/* Passed when every hello of first..last was declined, failed when one was accepted. */
static void check_hello_declined(const struct facts *facts, struct judgement *judgement,
                                 enum hello_kind first, enum hello_kind last) {
    const struct hello_seen *hellos = facts->tls.hellos;
    size_t measured = 0;
    if (!need_hello(facts, judgement))
        return;
    check_hello_reproduce(facts, judgement);
    for (enum hello_kind kind = first; kind <= last; kind++) {
        if (!check_hello_measured(&hellos[kind], judgement))
            continue;
        measured++;
        if (hellos[kind].answer.end == HELLO_ACCEPTED)
            judgement_fault(judgement, 0, judgement->component,
                            "The server answered a hello that offers only %s (version 0x%04x, "
                            "suite 0x%04x)",
                            hello_offers_word(kind), hellos[kind].answer.version,
                            hellos[kind].answer.suite);
    }
    if (measured == (size_t)(last - first) + 1)
        judgement_pass(judgement);
}

void check_hello_ssl(const struct facts *facts, struct judgement *judgement) {
    check_hello_declined(facts, judgement, HELLO_OF_SSL_2, HELLO_OF_SSL_3);
}

void check_hello_no_protection(const struct facts *facts, struct judgement *judgement) {
    check_hello_declined(facts, judgement, HELLO_OF_NULL, HELLO_OF_EXPORT);
}

void check_hello_broken(const struct facts *facts, struct judgement *judgement) {
    check_hello_declined(facts, judgement, HELLO_OF_RC4, HELLO_OF_DES);
}

void check_hello_small_block(const struct facts *facts, struct judgement *judgement) {
    check_hello_declined(facts, judgement, HELLO_OF_3DES, HELLO_OF_3DES);
}

static bool check_hello_accepted(const struct facts *facts, enum hello_kind kind) {
    return facts->tls.hellos[kind].answer.end == HELLO_ACCEPTED;
}

/* TLS 1.3 knows nothing else. */
void check_hello_forward_secrecy(const struct facts *facts, struct judgement *judgement) {
    const struct tls_facts *tls = &facts->tls;
    if (!need_hello(facts, judgement))
        return;
    check_hello_reproduce(facts, judgement);
    bool forward = tls->versions[FACTS_TLS_1_3].completed;
    if (!forward && tls->best.completed && !facts_versions_known(facts))
        judgement_not_tested(judgement, "tls_unreachable");
    else if (!forward && !check_hello_measured(&tls->hellos[HELLO_OF_FORWARD], judgement))
        return;
    else if (!forward && !check_hello_accepted(facts, HELLO_OF_FORWARD))
        judgement_fault(judgement, NO_FORWARD_SECRECY, judgement->component,
                        "The server declines every suite with forward secrecy");
    else if (!check_hello_measured(&tls->hellos[HELLO_OF_STATIC], judgement))
        return;
    else if (check_hello_accepted(facts, HELLO_OF_STATIC))
        judgement_fault(judgement, NOT_ALWAYS_FORWARD, judgement->component,
                        "The server also accepts the suite 0x%04x, without forward secrecy",
                        tls->hellos[HELLO_OF_STATIC].answer.suite);
    else
        judgement_pass(judgement);
}

void check_hello_client_order(const struct facts *facts, struct judgement *judgement) {
    const struct hello_seen *strong = &facts->tls.hellos[HELLO_OF_STRONG_FIRST],
                            *weak = &facts->tls.hellos[HELLO_OF_WEAK_FIRST];
    if (!need_hello(facts, judgement))
        return;
    check_hello_reproduce(facts, judgement);
    if (facts->tls.weak_suite == 0) {
        for (enum hello_kind kind = HELLO_OF_NULL; kind <= HELLO_OF_3DES; kind++)
            if (!check_hello_measured(&facts->tls.hellos[kind], judgement))
                return;
        judgement_pass(judgement);
    } else if (check_hello_measured(strong, judgement) && check_hello_measured(weak, judgement)) {
        if (weak->answer.suite == facts->tls.weak_suite &&
            strong->answer.suite != facts->tls.weak_suite)
            judgement_fault(judgement, 0, judgement->component,
                            "The server takes the weak suite 0x%04x from a client that prefers it, "
                            "though it has 0x%04x",
                            weak->answer.suite, strong->answer.suite);
        else
            judgement_pass(judgement);
    }
}

void check_hello_fallback(const struct facts *facts, struct judgement *judgement) {
    const struct hello_seen *seen = &facts->tls.hellos[HELLO_OF_FALLBACK];
    if (!need_hello(facts, judgement))
        return;
    check_hello_reproduce(facts, judgement);
    if (!facts_versions_known(facts))
        judgement_not_tested(judgement, "tls_unreachable");
    else if (facts_fallback_version(facts) == 0)
        judgement_skip(judgement, "no_older_version");
    else if (!check_hello_measured(seen, judgement))
        return;
    else if (seen->answer.end == HELLO_ACCEPTED)
        judgement_fault(judgement, 0, judgement->component,
                        "The server accepts version 0x%04x from a client that says it fell back",
                        seen->answer.version);
    else if (seen->answer.alert == HELLO_ALERT_BAD_FALLBACK)
        judgement_pass(judgement);
    else
        judgement_not_tested(judgement, "tls_hello_declined");
}

void check_hello_compression(const struct facts *facts, struct judgement *judgement) {
    const struct hello_seen *seen = &facts->tls.hellos[HELLO_OF_DEFLATE];
    if (!need_hello(facts, judgement))
        return;
    check_hello_reproduce(facts, judgement);
    if (!check_hello_measured(seen, judgement))
        return;
    if (seen->answer.end == HELLO_ACCEPTED && seen->answer.deflate)
        judgement_fault(judgement, 0, judgement->component,
                        "The server chose DEFLATE compression (version 0x%04x)",
                        seen->answer.version);
    else
        judgement_pass(judgement);
}
