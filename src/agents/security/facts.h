/* facts: everything that was learnt about a target, gathered once. The rules are pure over it:
 * the same facts give the same findings, with or without a network. */
#ifndef AGENTS_SECURITY_FACTS_H
#define AGENTS_SECURITY_FACTS_H

#include "agents/security/answer.h"
#include "agents/security/asked_facts.h"
#include "agents/security/cookie.h"
#include "agents/security/csp.h"
#include "agents/security/hello_offers.h"
#include "agents/security/pages.h"
#include "agents/tally.h"
#include "agnostic/probe/crawl.h"
#include "agnostic/probe/tls.h"

enum {
    FACTS_HOPS_MAX = 11, /* the first request and ten redirects */
    FACTS_COOKIES_MAX = 64,
    INVENTORY_MAX = 128, /* things on payment pages, see inventory.h */
    INVENTORY_DIGEST_SIZE = 17,
    INVENTORY_WORDS_SIZE = 256,
    INVENTORY_SESSION_SIZE = 129
};

/* What an earlier session remembers of the payment pages. */
struct inventory_before {
    char session[INVENTORY_SESSION_SIZE]; /* "": none does */
    size_t count;
    char digests[INVENTORY_MAX][INVENTORY_DIGEST_SIZE];
};

/* A URL and where it redirected to. */
enum chain_end {
    CHAIN_NOT_ASKED,
    CHAIN_ANSWERED, /* the last hop is no redirect */
    CHAIN_FAILED,   /* the last hop's request failed */
    CHAIN_REFUSED,  /* the last hop may not be connected to */
    CHAIN_TOO_LONG,
    CHAIN_BAD_LOCATION /* a redirect to nowhere one can go */
};
struct chain {
    struct answer hops[FACTS_HOPS_MAX];
    size_t count;
    enum chain_end end;
};

/* One offer of TLS versions. */
struct tls_offer {
    bool asked;
    enum err err; /* of the connection; ERR_OK also when the server declined */
    char why[ANSWER_WHY_SIZE];
    bool completed;
    bool spoken, renegotiates_safely; /* this and the following as in struct tls_shake */
    int dh_bits;
    enum tls_again again;
    char cipher[64], alert[96];
};
enum { FACTS_TLS_1_0, FACTS_TLS_1_1, FACTS_TLS_1_2, FACTS_TLS_1_3, FACTS_TLS__COUNT };

/* What became of one hand-written hello. */
struct hello_seen {
    bool asked;
    enum err err;
    struct hello_answer answer;
};

struct tls_facts {
    struct url url;        /* the TLS service that was asked: https, the target's host */
    bool is_target;        /* derived: it is the target's own, not just a neighbour on port 443 */
    struct tls_offer best; /* everything offered */
    struct tls_shake shake;
    struct tls_offer versions[FACTS_TLS__COUNT];
    struct tls_offer dhe;   /* only finite-field Diffie-Hellman, up to TLS 1.2 */
    struct tls_offer again; /* negotiated twice, up to TLS 1.2 */
    struct hello_seen hellos[HELLO_OF__COUNT];
    uint16_t weak_suite; /* one that was accepted and ought not to be, 0 if none */
};

struct found_cookie {
    struct cookie cookie;
    int64_t life_s; /* how long it is kept; 0: until the browser ends */
    const struct answer *from;
};

struct facts {
    char target_text[ANSWER_URL_SIZE];
    struct url target;
    bool non_public;    /* some address of the target is not the public internet */
    int64_t now_s;      /* wall clock, seconds since 1970 */
    struct chain chain; /* from the target */
    struct chain plain; /* from http://host/ beside an https target */
    struct tls_facts tls;
    struct cors_facts cors;
    struct path_facts paths;
    struct method_facts methods;
    struct param_facts params;
    struct answer crawled[PAGES_MAX - 1]; /* found from the page; those that are pages join pages */
    size_t crawled_count;
    int robots_status; /* of /robots.txt on the way; 0: not asked for, or no answer */
    struct crawl_counts crawl;

    struct inventory_before payment;

    const struct tally *judged; /* what the checks before this one came to; NULL: not known */

    /* derived by facts_derive */
    const struct answer *final; /* last answer of the chain, any status */
    const struct answer *page;  /* the same when it is 2xx */
    const char *no_page;        /* why page is NULL: stable word */
    bool is_html;
    const struct html *html; /* of page; NULL unless is_html and parsable */
    struct pages pages;      /* page, then what was crawled */
    struct csp csp, csp_report_only;
    struct found_cookie cookies[FACTS_COOKIES_MAX];
    size_t cookie_count;
    size_t first_cookie_count; /* of these, set on the way to the page */
};

/* facts_new(target, &facts): nothing known yet but the target's URL. ERR_SYNTAX, ERR_NOMEM. */
enum err facts_new(struct text target, struct facts **ret_facts);
void facts_free(struct facts *facts);
/* facts_derive_page(facts): which answer is the page, once the chain is known: a crawl begins
 * there. facts_derive(facts): fills in everything that follows from the answers. */
void facts_derive_page(struct facts *facts);
void facts_derive(struct facts *facts);
/* facts_versions_known(facts): every version was offered and answered.
 * facts_old_version(facts): the newest version before TLS 1.3 that is spoken, 0 if there is none.
 * facts_fallback_version(facts): the newest version before TLS 1.2 that a server of newer ones
 * also speaks, 0 if there is none. facts_weak_suite(facts): see tls_facts.weak_suite.
 * facts_tls_spoken(facts): some offer was answered in TLS or SSL, be it by an alert.
 * facts_speaks(facts, version): that version (enum tls_version, HELLO_SSL_*) was completed, or
 * chosen in answer to a hand-written hello. */
bool facts_versions_known(const struct facts *facts);
uint16_t facts_old_version(const struct facts *facts);
uint16_t facts_fallback_version(const struct facts *facts);
uint16_t facts_weak_suite(const struct facts *facts);
bool facts_tls_spoken(const struct facts *facts);
bool facts_speaks(const struct facts *facts, uint16_t version);
/* facts_name_origins(facts): which foreign origins the page is to be asked by (there is one). */
void facts_name_origins(struct facts *facts);

#endif
