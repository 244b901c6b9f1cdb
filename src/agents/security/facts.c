/* What follows from the answers that were gathered. Sends nothing. */
#include "agents/security/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/security/cookie_life.h"
#include "agnostic/probe/suffix.h"

static const char FOREIGN_HOST[] = "qa-probe.invalid"; /* RFC 2606: can never resolve */

enum err facts_new(struct text target, struct facts **ret_facts) {
    struct facts *facts = calloc(1, sizeof(*facts));
    if (facts == NULL)
        return ERR_NOMEM;
    if (!text_copy(target, facts->target_text, sizeof(facts->target_text)) ||
        url_parse(text_of(facts->target_text), &facts->target, NULL) != ERR_OK) {
        free(facts);
        return ERR_SYNTAX;
    }
    *ret_facts = facts;
    return ERR_OK;
}

static void chain_done(struct chain *chain) {
    for (size_t i = 0; i < chain->count; i++)
        http_response_done(&chain->hops[i].response);
}

static void answers_done(struct answer *answers, size_t count) {
    for (size_t i = 0; i < count; i++)
        http_response_done(&answers[i].response);
}

void facts_free(struct facts *facts) {
    if (facts == NULL)
        return;
    chain_done(&facts->chain);
    chain_done(&facts->plain);
    answers_done(facts->cors.answers, ORIGIN__COUNT);
    answers_done(facts->crawled, facts->crawled_count);
    answers_done(facts->paths.random, PATHS_RANDOM);
    answers_done(facts->paths.answers, PATH_PROBES_MAX);
    answers_done(&facts->paths.malformed, 1);
    answers_done(&facts->methods.trace, 1);
    answers_done(&facts->methods.options, 1);
    answers_done(&facts->methods.forwarded, 1);
    answers_done(&facts->methods.put, 1);
    answers_done(&facts->methods.read, 1);
    answers_done(&facts->methods.removed, 1);
    for (size_t i = 0; i < facts->params.count; i++)
        answers_done(facts->params.items[i].answers, PARAM_PROBE__COUNT);
    answers_done(facts->paths.dirs, facts->paths.dir_count);
    pages_done(&facts->pages);
    free(facts);
}

static const char *facts_why_no_page(const struct chain *chain) {
    switch (chain->end) {
    case CHAIN_REFUSED:
        return chain->count > 1 ? "redirect_refused" : "target_refused";
    case CHAIN_TOO_LONG:
        return "too_many_redirects";
    case CHAIN_BAD_LOCATION:
        return "bad_redirect";
    case CHAIN_ANSWERED:
        return "no_2xx_answer";
    default:
        return "target_unavailable";
    }
}

void facts_derive_page(struct facts *facts) {
    const struct chain *chain = &facts->chain;
    facts->no_page = facts_why_no_page(chain);
    if (chain->end != CHAIN_ANSWERED || chain->count == 0)
        return;
    const struct answer *last = &chain->hops[chain->count - 1];
    if (last->response.head_truncated) { /* what is missing may have been among the rest */
        facts->no_page = "headers_too_large";
        return;
    }
    facts->final = last;
    if (!pages_add(&facts->pages, last))
        return;
    facts->page = last;
    facts->no_page = NULL;
    facts->is_html = facts->pages.items[0].is_html;
    facts->html = facts->pages.items[0].html;
    for (size_t i = 0; i < facts->crawled_count; i++)
        (void)pages_add(&facts->pages, &facts->crawled[i]);
}

static void facts_derive_csp(struct facts *facts) {
    struct text value;
    if (facts->page == NULL)
        return;
    page_csp(&facts->pages.items[0], &facts->csp);
    for (size_t i = 0;
         (value = answer_header(facts->page, "Content-Security-Policy-Report-Only", i)).ptr != NULL;
         i++)
        csp_add(&facts->csp_report_only, value, false);
}

/* Pages that set the same cookie say nothing new. */
static bool facts_hold_cookie(const struct facts *facts, const struct found_cookie *found) {
    const struct cookie *b = &found->cookie;
    for (size_t i = 0; i < facts->cookie_count; i++) {
        const struct cookie *a = &facts->cookies[i].cookie;
        if (text_eq(a->name, b->name) && text_eq(a->domain, b->domain) &&
            text_eq(a->path, b->path) && text_ieq(a->same_site, b->same_site) &&
            a->secure == b->secure && a->http_only == b->http_only &&
            (facts->cookies[i].life_s == 0) == (found->life_s == 0))
            return true;
    }
    return false;
}

static void facts_derive_cookies_of(struct facts *facts, const struct answer *answer, bool once) {
    struct text line;
    for (size_t i = 0; facts->cookie_count < FACTS_COOKIES_MAX &&
                       (line = answer_header(answer, "Set-Cookie", i)).ptr != NULL;
         i++) {
        struct found_cookie *found = &facts->cookies[facts->cookie_count];
        found->from = answer;
        if (!cookie_parse(line, &found->cookie) || found->cookie.deletes)
            continue;
        if (!cookie_life(&found->cookie, facts->now_s, &found->life_s))
            found->life_s = 0;
        if (!once || !facts_hold_cookie(facts, found))
            facts->cookie_count++;
    }
}

/* Behind port 80 the same page is met again, so only what is set on http itself counts there. */
static void facts_derive_cookies(struct facts *facts) {
    for (size_t hop = 0; hop < facts->chain.count; hop++)
        facts_derive_cookies_of(facts, &facts->chain.hops[hop], false);
    for (size_t hop = 0; hop < facts->plain.count; hop++)
        if (!facts->plain.hops[hop].url.tls)
            facts_derive_cookies_of(facts, &facts->plain.hops[hop], false);
    facts->first_cookie_count = facts->cookie_count;
    for (size_t i = 0; i < facts->crawled_count; i++)
        if (facts->crawled[i].err == ERR_OK)
            facts_derive_cookies_of(facts, &facts->crawled[i], true);
}

void facts_derive(struct facts *facts) {
    facts->tls.is_target =
        facts->target.tls || (facts->target.port == 80 && facts->tls.best.completed);
    if (facts->final == NULL)
        facts_derive_page(facts);
    facts_derive_csp(facts);
    facts_derive_cookies(facts);
}

bool facts_versions_known(const struct facts *facts) {
    for (int version = 0; version < FACTS_TLS__COUNT; version++)
        if (!facts->tls.versions[version].asked || facts->tls.versions[version].err != ERR_OK)
            return false;
    return true;
}

static const uint16_t VERSIONS[FACTS_TLS__COUNT] = {TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3};

uint16_t facts_old_version(const struct facts *facts) {
    for (int version = FACTS_TLS_1_2; version >= FACTS_TLS_1_0; version--)
        if (facts->tls.versions[version].completed)
            return VERSIONS[version];
    return 0;
}

uint16_t facts_fallback_version(const struct facts *facts) {
    const struct tls_offer *versions = facts->tls.versions;
    if (!versions[FACTS_TLS_1_2].completed && !versions[FACTS_TLS_1_3].completed)
        return 0;
    if (versions[FACTS_TLS_1_1].completed)
        return TLS_1_1;
    return versions[FACTS_TLS_1_0].completed ? TLS_1_0 : 0;
}

static bool facts_hello_accepted(const struct facts *facts, enum hello_kind kind) {
    const struct hello_seen *seen = &facts->tls.hellos[kind];
    return seen->asked && seen->err == ERR_OK && seen->answer.end == HELLO_ACCEPTED;
}

uint16_t facts_weak_suite(const struct facts *facts) {
    for (enum hello_kind kind = HELLO_OF_NULL; kind <= HELLO_OF_3DES; kind++)
        if (facts_hello_accepted(facts, kind))
            return facts->tls.hellos[kind].answer.suite;
    return 0;
}

bool facts_tls_spoken(const struct facts *facts) {
    bool spoken = facts->tls.best.completed || facts->tls.best.spoken;
    for (enum hello_kind kind = 0; kind < HELLO_OF__FIXED; kind++)
        spoken = spoken || facts_hello_accepted(facts, kind);
    return spoken;
}

bool facts_speaks(const struct facts *facts, uint16_t version) {
    for (int i = 0; i < FACTS_TLS__COUNT; i++)
        if (VERSIONS[i] == version && facts->tls.versions[i].completed)
            return true;
    for (enum hello_kind kind = 0; kind < HELLO_OF__FIXED; kind++)
        if (facts_hello_accepted(facts, kind) && facts->tls.hellos[kind].answer.version == version)
            return true;
    return false;
}

/* The prefix stands before the registered domain: before a host below it ("qa-probe-www.shop.test")
 * it would name one more host of the same owner, which a site may well let read. */
void facts_name_origins(struct facts *facts) {
    const struct url *url = &facts->page->url;
    struct text owned = text_of(url->host);
    char(*origin)[sizeof(facts->cors.origin[0])] = facts->cors.origin;
    size_t size = sizeof(facts->cors.origin[0]);
    if (!url->host_is_ip)
        owned = suffix_registrable(owned);
    snprintf(origin[ORIGIN_FOREIGN], size, "https://%s", FOREIGN_HOST);
    snprintf(origin[ORIGIN_NULL], size, "null");
    snprintf(origin[ORIGIN_SUFFIXED], size, "https://%s.%s", url->host, FOREIGN_HOST);
    snprintf(origin[ORIGIN_PREFIXED], size, "https://qa-probe-%.*s", TEXT_ARG(owned));
}
