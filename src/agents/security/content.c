/* Ground of the checks of pages. Judges nothing itself. */
#include "agents/security/content.h"

#include <string.h>

#include "agents/security/need.h"
#include "agnostic/base/addr.h"
#include "agnostic/probe/suffix.h"

/* Their answers differ by browser, so no digest can name them. */
static const char *const UNPINNABLE[] = {"fonts.googleapis.com", "use.typekit.net", NULL};

void content_settle(const struct facts *facts, struct judgement *judgement) {
    for (size_t i = 0; i < facts->pages.count; i++) {
        if (!facts->pages.items[i].answer->response.truncated)
            continue;
        judgement_not_tested(judgement, "body_cut");
        return;
    }
    judgement_pass(judgement);
}

void content_each(const struct facts *facts, struct judgement *judgement, content_rule rule) {
    if (!need_parsed(facts, judgement))
        return;
    content_settle(facts, judgement);
    for (size_t i = 0; i < facts->pages.count; i++)
        if (facts->pages.items[i].html != NULL)
            rule(&facts->pages.items[i], judgement);
}

void content_each_answer(const struct facts *facts, struct judgement *judgement,
                         content_rule rule) {
    if (!need_page(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < facts->pages.count; i++)
        if (i == 0 || facts->pages.items[i].is_html)
            rule(&facts->pages.items[i], judgement);
}

void content_each_link(const struct facts *facts, struct judgement *judgement,
                       content_link_rule rule) {
    struct page_url found;
    size_t count;
    if (!need_parsed(facts, judgement))
        return;
    content_settle(facts, judgement);
    for (size_t i = 0; i < facts->pages.count; i++) {
        const struct page *page = &facts->pages.items[i];
        if (page->html == NULL)
            continue;
        const struct html_link *links = html_links(page->html, &count);
        for (size_t k = 0; k < count; k++)
            if (page_resolve(page, links[k].url, &found))
                rule(page, &links[k], &found, judgement);
    }
}

bool content_is_foreign(const struct page *page, const struct url *url) {
    const struct url *own = &page->answer->url;
    if (own->host_is_ip || url->host_is_ip)
        return strcmp(own->host, url->host) != 0;
    return !text_eq(suffix_registrable(text_of(own->host)), suffix_registrable(text_of(url->host)));
}

bool content_is_under(const char *host, const char *domain) {
    size_t len = strlen(host), end = strlen(domain);
    return len >= end && strcmp(host + len - end, domain) == 0 &&
           (len == end || host[len - end - 1] == '.');
}

bool content_is_listed(const char *host, const char *const *domains) {
    for (; *domains != NULL; domains++)
        if (content_is_under(host, *domains))
            return true;
    return false;
}

bool content_is_unpinned(const struct page *page, const struct html_link *link,
                         const struct page_url *found) {
    return (link->kind == HTML_SCRIPT || link->kind == HTML_STYLESHEET) &&
           link->integrity.len == 0 && content_is_foreign(page, &found->url) &&
           !content_is_listed(found->url.host, UNPINNABLE);
}

bool content_is_local(const struct url *url) {
    struct addr addr;
    if (!url->host_is_ip)
        return content_is_under(url->host, "localhost");
    return addr_parse(text_of(url->host), &addr) && addr_classify(&addr) == ADDR_LOOPBACK;
}

void content_show(const struct page *page, struct judgement *judgement, size_t variant,
                  struct text needle) {
    if (judgement_is_gravest(judgement, variant))
        judgement_reproduce_body(judgement, page->answer->url_text, needle);
}

void content_show_head(const struct page *page, struct judgement *judgement, size_t variant) {
    if (judgement_is_gravest(judgement, variant))
        judgement_reproduce_curl(judgement, page->answer->url_text, NULL);
}

void content_fault(const struct page *page, struct judgement *judgement, size_t variant,
                   const struct html_link *link, const char *words, const struct page_url *found) {
    struct text shown = text_of(found->text);
    long query = text_find(shown, TEXT("?"));
    if (query >= 0)
        shown.len = (size_t)query;
    content_show(page, judgement, variant, link->url);
    judgement_fault(judgement, variant, page->answer->url_text, "%s: %.*s%s", words,
                    JUDGEMENT_VALUE(shown), query >= 0 ? "?..." : "");
}
