/* pages: the answers whose content is judged. The first is the page behind the target; the
 * others were found from it. */
#ifndef AGENTS_SECURITY_PAGES_H
#define AGENTS_SECURITY_PAGES_H

#include "agents/security/answer.h"
#include "agents/security/csp.h"
#include "agnostic/probe/html.h"

enum {
    PAGES_MAX = 20,
    PAGES_TREES_MAX_BYTES = 128 << 20 /* of HTML read; when it is used up, no more is */
};

struct page {
    const struct answer *answer; /* 2xx, its headers whole */
    bool is_html;
    struct html *html; /* NULL unless is_html and parsable */
};

struct pages {
    struct page items[PAGES_MAX];
    size_t count;
    size_t trees_size; /* bytes */
};

/* pages_add(pages, answer): one more, its HTML read. answer is borrowed and must stay where it is.
 * false for what is no page (no 2xx, headers cut), is there already, or is one too many. */
bool pages_add(struct pages *pages, const struct answer *answer);
void pages_done(struct pages *pages);

/* page_csp(page, &csp): the policies in force on it, of its headers and its <meta> elements. */
void page_csp(const struct page *page, struct csp *ret_csp);

/* A URL that a page leads to. */
struct page_url {
    char text[ANSWER_URL_SIZE];
    struct url url; /* points into text */
};
/* page_resolve(page, reference, &found): false for what is no http or https URL. */
bool page_resolve(const struct page *page, struct text reference, struct page_url *ret_found);

#endif
