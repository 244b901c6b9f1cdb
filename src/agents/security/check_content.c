/* What pages load, and from whom. */
#include <stdio.h>
#include <string.h>

#include "agents/security/check.h"
#include "agents/security/content.h"
#include "agents/security/library.h"
#include "agents/security/need.h"

/* Hosts whose scripts were taken over (polyfill.io and its kin, 2024); also every host below. */
static const char *const COMPROMISED[] = {
    "polyfill.io",    "bootcss.com",   "bootcdn.net",          "staticfile.net",
    "staticfile.org", "unionadjs.com", "xhsbpza.com",          "macoms.la",
    "newcrbpc.com",   "kuurza.com",    "googie-anaiytics.com", NULL,
};

/* Scripts can do what the page can; styles nearly so. */
static bool check_content_is_code(const struct html_link *link) {
    return link->kind == HTML_SCRIPT || link->kind == HTML_STYLESHEET;
}

static bool check_content_is_active(const struct html_link *link) {
    return check_content_is_code(link) || link->kind == HTML_FRAME || link->kind == HTML_OBJECT;
}

static bool check_content_is_passive(const struct html_link *link) {
    return link->kind == HTML_IMAGE || link->kind == HTML_MEDIA;
}

/* --- mixed content -------------------------------------------------------------------------- */

static bool check_content_holds_upgrade(struct text policy) {
    return text_ifind(policy, TEXT("upgrade-insecure-requests")) >= 0 ||
           text_ifind(policy, TEXT("block-all-mixed-content")) >= 0;
}

/* Some policy makes browsers ask over https, or not at all, whatever the page writes. */
static bool check_content_is_upgraded(const struct page *page) {
    struct text value;
    for (size_t i = 0;
         (value = answer_header(page->answer, "Content-Security-Policy", i)).ptr != NULL; i++)
        if (check_content_holds_upgrade(value))
            return true;
    for (size_t i = 0;
         (value = html_meta(page->html, "http-equiv", "content-security-policy", i)).ptr != NULL;
         i++)
        if (check_content_holds_upgrade(value))
            return true;
    return false;
}

static bool check_content_is_mixed(const struct page *page, const struct page_url *found) {
    return page->answer->url.tls && !found->url.tls && !content_is_local(&found->url) &&
           !check_content_is_upgraded(page);
}

static void check_content_active_link(const struct page *page, const struct html_link *link,
                                      const struct page_url *found, struct judgement *judgement) {
    if (check_content_is_active(link) && check_content_is_mixed(page, found))
        content_fault(page, judgement, 0, link, "Active content over http", found);
}

static void check_content_passive_link(const struct page *page, const struct html_link *link,
                                       const struct page_url *found, struct judgement *judgement) {
    if (check_content_is_passive(link) && check_content_is_mixed(page, found))
        content_fault(page, judgement, 0, link, "Images or media over http", found);
}

static void check_content_mixed(const struct facts *facts, struct judgement *judgement,
                                content_link_rule rule) {
    content_each_link(facts, judgement, rule);
    if (facts->page != NULL && !facts->page->url.tls)
        judgement_skip(judgement, "not_https");
}

void check_content_mixed_active(const struct facts *facts, struct judgement *judgement) {
    check_content_mixed(facts, judgement, check_content_active_link);
}

void check_content_mixed_passive(const struct facts *facts, struct judgement *judgement) {
    check_content_mixed(facts, judgement, check_content_passive_link);
}

/* --- other people's code -------------------------------------------------------------------- */

static void check_content_unpinned_link(const struct page *page, const struct html_link *link,
                                        const struct page_url *found, struct judgement *judgement) {
    if (found->url.tls && content_is_unpinned(page, link, found))
        content_fault(page, judgement, 0, link, "No integrity attribute", found);
}

void check_content_unpinned(const struct facts *facts, struct judgement *judgement) {
    content_each_link(facts, judgement, check_content_unpinned_link);
}

/* On an https page browsers refuse such code: that is mixed content. */
static void check_content_plain_code_link(const struct page *page, const struct html_link *link,
                                          const struct page_url *found,
                                          struct judgement *judgement) {
    if (check_content_is_code(link) && !page->answer->url.tls && !found->url.tls &&
        content_is_foreign(page, &found->url))
        content_fault(page, judgement, 0, link, "Somebody else's code over http", found);
}

void check_content_plain_code(const struct facts *facts, struct judgement *judgement) {
    content_each_link(facts, judgement, check_content_plain_code_link);
}

static void check_content_compromised_link(const struct page *page, const struct html_link *link,
                                           const struct page_url *found,
                                           struct judgement *judgement) {
    if (link->kind == HTML_SCRIPT && content_is_listed(found->url.host, COMPROMISED))
        content_fault(page, judgement, 0, link, "A script of a host known as taken over", found);
}

void check_content_compromised(const struct facts *facts, struct judgement *judgement) {
    content_each_link(facts, judgement, check_content_compromised_link);
}

static void check_content_outdated_link(const struct page *page, const struct html_link *link,
                                        const struct page_url *found, struct judgement *judgement) {
    const struct library_hole *hole;
    int version[LIBRARY_NUMBERS];
    char words[96];
    if (link->kind != HTML_SCRIPT ||
        !library_find(found->url.path, found->url.query, version, &hole))
        return;
    snprintf(words, sizeof(words), "%s %d.%d.%d has %s, mended in %d.%d.%d", hole->name, version[0],
             version[1], version[2], hole->id, hole->mended[0], hole->mended[1], hole->mended[2]);
    content_fault(page, judgement, 0, link, words, found);
}

void check_content_outdated(const struct facts *facts, struct judgement *judgement) {
    content_each_link(facts, judgement, check_content_outdated_link);
}

/* --- windows and passwords ------------------------------------------------------------------ */

static bool check_content_says(struct text rel, struct text word) {
    struct text part;
    while (rel.ptr != NULL && text_cut(&rel, ' ', &part))
        if (text_ieq(part, word))
            return true;
    return false;
}

static bool check_content_same_origin(const struct url *a, const struct url *b) {
    return a->tls == b->tls && a->port == b->port && strcmp(a->host, b->host) == 0;
}

static void check_content_opener_link(const struct page *page, const struct html_link *link,
                                      const struct page_url *found, struct judgement *judgement) {
    if (link->kind == HTML_ANCHOR && text_ieq(link->target, TEXT("_blank")) &&
        check_content_says(link->rel, TEXT("opener")) &&
        !check_content_same_origin(&page->answer->url, &found->url))
        content_fault(page, judgement, 0, link, "The new window is given the opener", found);
}

void check_content_opener(const struct facts *facts, struct judgement *judgement) {
    content_each_link(facts, judgement, check_content_opener_link);
}

/* Each answer that asks for a password over http. */
static void check_content_plain_login_of(const struct answer *answer, struct judgement *judgement) {
    struct text value;
    for (size_t i = 0; (value = answer_header(answer, "WWW-Authenticate", i)).ptr != NULL; i++) {
        if (answer->url.tls ||
            (!text_istarts(value, TEXT("Basic")) && !text_istarts(value, TEXT("Digest"))))
            continue;
        if (judgement_is_gravest(judgement, 0))
            judgement_reproduce_curl(judgement, answer->url_text, NULL);
        judgement_fault(judgement, 0, answer->url_text, "WWW-Authenticate over http: %.*s",
                        JUDGEMENT_VALUE(value));
    }
}

void check_content_plain_login(const struct facts *facts, struct judgement *judgement) {
    if (!need_answer(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < facts->chain.count; i++)
        check_content_plain_login_of(&facts->chain.hops[i], judgement);
    for (size_t i = 0; i < facts->plain.count; i++)
        check_content_plain_login_of(&facts->plain.hops[i], judgement);
    for (size_t i = 0; i < facts->crawled_count; i++)
        check_content_plain_login_of(&facts->crawled[i], judgement);
}
