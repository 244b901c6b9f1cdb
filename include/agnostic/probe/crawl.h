/* crawl: which pages of a site come next, breadth first. Holds what was found and what became of
 * it; whoever crawls does the asking. Stays on the origin of the first page, takes of each series
 * of pages only a few, and never takes a link that speaks of leaving or deleting. */
#ifndef AGNOSTIC_PROBE_CRAWL_H
#define AGNOSTIC_PROBE_CRAWL_H

#include "agnostic/probe/html.h"
#include "agnostic/probe/robots.h"

enum {
    CRAWL_FOUND_MAX = 512,      /* URLs that are remembered; what is found later is dropped */
    CRAWL_PAGE_LINKS_MAX = 2048 /* of one page that are looked at */
};

struct crawl;

struct crawl_limits {
    size_t depth;                /* clicks from the first page */
    size_t per_template;         /* URLs that differ only in what canonical_template leaves out */
    const struct bounds *bounds; /* borrowed; NULL: none */
};

/* What became of the URLs of the origin that were found. */
struct crawl_counts {
    size_t asked;      /* handed out, the first page among them */
    size_t waiting;    /* not yet asked for */
    size_t disallowed; /* by robots.txt */
    size_t barred;     /* by the bounds */
    size_t unsafe;     /* their words say that they change something */
    size_t repeated;   /* of a series of which enough are known */
    size_t dropped;    /* behind CRAWL_FOUND_MAX */
};

/* crawl_new(first, limits, &crawl): first was asked for already. ERR_NOMEM. */
enum err crawl_new(const struct url *first, const struct crawl_limits *limits,
                   struct crawl **ret_crawl);
void crawl_free(struct crawl *crawl);

/* crawl_read(crawl, page, html): where a page leads, that was just asked for from `page`: its
 * links, frames and refreshes. crawl_redirect: where its redirect leads. */
void crawl_read(struct crawl *crawl, const struct url *page, const struct html *html);
void crawl_redirect(struct crawl *crawl, const struct url *page, struct text location);

/* crawl_next(crawl, robots, &url): the next URL to be asked for; lives as long as the crawl. false
 * when none is left that robots allows. */
bool crawl_next(struct crawl *crawl, const struct robots *robots, struct text *ret_url);
struct crawl_counts crawl_counts(const struct crawl *crawl);

/* crawl_is_file(url): is it, by its ending, a picture, an archive or another thing that leads
 * nowhere? Never handed out. */
bool crawl_is_file(const struct url *url);
/* crawl_is_unsafe(words): does this URL or this text speak of leaving, deleting, unsubscribing? */
bool crawl_is_unsafe(struct text words);

#endif
