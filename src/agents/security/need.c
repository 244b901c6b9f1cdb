/* Preconditions of checks, so that each is worded once. */
#include "agents/security/need.h"

bool need_answer(const struct facts *facts, struct judgement *judgement) {
    if (facts->final == NULL) {
        judgement_not_tested(judgement, facts->no_page);
        return false;
    }
    judgement_component(judgement, &facts->final->url);
    if (judgement->fault_count == 0)
        judgement_reproduce_curl(judgement, facts->final->url_text, NULL);
    return true;
}

bool need_page(const struct facts *facts, struct judgement *judgement) {
    if (!need_answer(facts, judgement))
        return false;
    if (facts->page == NULL)
        judgement_not_tested(judgement, facts->no_page);
    return facts->page != NULL;
}

bool need_html(const struct facts *facts, struct judgement *judgement) {
    if (!need_page(facts, judgement))
        return false;
    if (!facts->is_html)
        judgement_skip(judgement, "not_html");
    return facts->is_html;
}

bool need_parsed(const struct facts *facts, struct judgement *judgement) {
    if (!need_html(facts, judgement))
        return false;
    if (facts->html == NULL)
        judgement_not_tested(judgement, "page_not_parsable");
    return facts->html != NULL;
}

bool need_policy(const struct facts *facts, struct judgement *judgement) {
    if (!need_html(facts, judgement))
        return false;
    if (facts->csp.count > 0)
        return true;
    if (facts->html == NULL)
        judgement_not_tested(judgement, "page_not_parsable");
    else
        judgement_skip(judgement, "no_policy");
    return false;
}

static bool need_tls_service(const struct facts *facts, struct judgement *judgement, bool enough) {
    const struct tls_facts *tls = &facts->tls;
    if (!tls->is_target) {
        judgement_skip(judgement, "not_https");
        return false;
    }
    judgement_component(judgement, &tls->url);
    if (!tls->best.asked || tls->best.err != ERR_OK)
        judgement_not_tested(judgement,
                             tls->best.err == ERR_REFUSED ? "target_refused" : "tls_unreachable");
    else if (!enough)
        judgement_not_tested(judgement, "no_tls_handshake");
    return enough;
}

bool need_tls(const struct facts *facts, struct judgement *judgement) {
    return need_tls_service(facts, judgement, facts->tls.best.completed);
}

bool need_hello(const struct facts *facts, struct judgement *judgement) {
    return need_tls_service(facts, judgement, facts_tls_spoken(facts));
}

bool need_certificate(const struct facts *facts, struct judgement *judgement) {
    if (!need_tls(facts, judgement))
        return false;
    if (facts->tls.shake.chain_count == 0)
        judgement_not_tested(judgement, "no_certificate");
    return facts->tls.shake.chain_count > 0;
}
