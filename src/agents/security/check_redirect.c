/* From http to https: the chain that a visitor who types only the host name goes through. */
#include <string.h>

#include "agents/security/check.h"

/* The chain that starts on http: the target's own, or that of port 80 beside it. */
static const struct chain *check_redirect_chain(const struct facts *facts) {
    return facts->target.tls ? &facts->plain : &facts->chain;
}

static const struct answer *check_redirect_last(const struct chain *chain) {
    return &chain->hops[chain->count - 1];
}

/* The first answer on http, or false after having said why there is none. */
static bool check_redirect_begin(const struct facts *facts, struct judgement *judgement,
                                 const struct answer **ret_first) {
    const struct chain *chain = check_redirect_chain(facts);
    judgement_component(judgement, &facts->target);
    if (chain->count == 0)
        judgement_not_tested(judgement, "no_http_port_known");
    else if (chain->hops[0].err != ERR_OK)
        judgement_not_tested(judgement, "http_port_unreachable");
    if (chain->count == 0 || chain->hops[0].err != ERR_OK)
        return false;
    judgement_component(judgement, &chain->hops[0].url);
    judgement_reproduce_curl(judgement, chain->hops[0].url_text, NULL);
    *ret_first = &chain->hops[0];
    return true;
}

void check_redirect_missing(const struct facts *facts, struct judgement *judgement) {
    const struct tls_offer *https = &facts->tls.best;
    const struct answer *first;
    if (!check_redirect_begin(facts, judgement, &first))
        return;
    if (!facts->target.tls && !facts->target.port_is_default) {
        judgement_skip(judgement, "not_the_default_port"); /* port 443 may be another site's */
        return;
    }
    if (!facts->target.tls && !https->completed) {
        bool absent = https->asked && https->err == ERR_OK;
        if (absent || https->err == ERR_CONNECT)
            judgement_skip(judgement, "no_https");
        else
            judgement_not_tested(judgement, "https_port_unreachable");
        return;
    }
    judgement_pass(judgement);
    if (first->response.status / 100 == 2 && first->response.body.len > 0)
        judgement_fault(judgement, 0, first->url_text,
                        "http answers %d with content instead of a redirect to https",
                        first->response.status);
}

void check_redirect_detour(const struct facts *facts, struct judgement *judgement) {
    const struct chain *chain = check_redirect_chain(facts);
    const struct answer *first;
    if (!check_redirect_begin(facts, judgement, &first))
        return;
    if (!answer_is_redirect(first) || chain->count < 2) {
        judgement_skip(judgement, "no_redirect");
        return;
    }
    const struct url *next = &chain->hops[1].url;
    judgement_pass(judgement);
    if (!next->tls)
        judgement_fault(judgement, 0, first->url_text, "The first redirect stays on http: %.200s",
                        chain->hops[1].url_text);
    else if (strcmp(next->host, first->url.host) != 0)
        judgement_fault(judgement, 0, first->url_text,
                        "The first redirect leaves the host before it is on https: %.200s",
                        chain->hops[1].url_text);
}

static void check_redirect_end(const struct chain *chain, struct judgement *judgement) {
    if (chain->end != CHAIN_ANSWERED || chain->count < 2 || check_redirect_last(chain)->url.tls)
        return;
    if (judgement_is_gravest(judgement, 0))
        judgement_reproduce_chain(judgement, chain->hops[0].url_text);
    judgement_fault(judgement, 0, chain->hops[0].url_text,
                    "After %zu redirects the visitor is on %.200s", chain->count - 1,
                    check_redirect_last(chain)->url_text);
}

void check_redirect_ends_plain(const struct facts *facts, struct judgement *judgement) {
    const struct chain *chain = check_redirect_chain(facts);
    const struct answer *first;
    if (check_redirect_begin(facts, judgement, &first)) {
        if (chain->end != CHAIN_ANSWERED)
            judgement_not_tested(judgement, "chain_unfinished");
        else if (chain->count < 2)
            judgement_skip(judgement, "no_redirect");
        else
            judgement_pass(judgement);
        check_redirect_end(chain, judgement);
    }
    if (facts->target.tls) /* https that leads back to http */
        check_redirect_end(&facts->chain, judgement);
}
