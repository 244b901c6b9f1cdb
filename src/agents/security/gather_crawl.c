/* The crawl: from the page behind the target to a few others, as far as robots.txt allows. */
#include <stdio.h>

#include "agents/security/gather_parts.h"
#include "agnostic/base/time.h"

enum {
    ROBOTS_HOPS_MAX = 6,
    CRAWL_DEPTH = 3,
    CRAWL_PER_TEMPLATE = 4,
    FAILURES_MAX = 3 /* in a row */
};

static const char PRODUCT[] = "agnostic-qa";
static const struct http_limits PAGE = {5000, 8000, 1 << 20, 256 << 10};
static const struct http_limits FILE_OF_RULES = {5000, 8000, ROBOTS_MAX_BYTES + 1, 256 << 10};

/* The answer behind the redirects of /robots.txt; the caller releases its response. */
static void gather_crawl_file(struct gather *gather, struct answer *ret_answer) {
    struct answer answer = {0}, next = {0};
    char origin[URL_HOST_SIZE + 32], url[URL_HOST_SIZE + 64];
    url_origin(&gather->facts->page->url, origin, sizeof(origin));
    snprintf(url, sizeof(url), "%s/robots.txt", origin);
    bool found = answer_url(&next, text_of(url), NULL) == ERR_OK;
    for (int hop = 0; found && hop < ROBOTS_HOPS_MAX; hop++) {
        http_response_done(&answer.response);
        answer = (struct answer){0};
        found = answer_url(&answer, text_of(next.url_text), NULL) == ERR_OK;
        if (found)
            gather_ask(gather, &answer, NULL, &FILE_OF_RULES);
        found = found && answer_is_redirect(&answer) && gather_follow(&answer, &next);
    }
    *ret_answer = answer;
}

static struct robots *gather_crawl_robots(struct gather *gather) {
    struct answer answer;
    struct robots *robots = NULL;
    gather_crawl_file(gather, &answer);
    int status = answer.err == ERR_OK ? answer.response.status : 0;
    gather->facts->robots_status = status;
    if (robots_read(status, buf_text(&answer.response.body), PRODUCT, gather->task->bounds,
                    &robots) != ERR_OK)
        robots = NULL;
    http_response_done(&answer.response);
    return robots;
}

/* One answer: a page that leads on, a redirect, or nothing of use. */
static void gather_crawl_take(struct facts *facts, struct crawl *crawl,
                              const struct answer *answer) {
    if (answer_is_redirect(answer)) {
        struct text location = answer_header(answer, "Location", 0);
        if (location.ptr != NULL)
            crawl_redirect(crawl, &answer->url, location);
        return;
    }
    if (!pages_add(&facts->pages, answer))
        return;
    const struct page *page = &facts->pages.items[facts->pages.count - 1];
    if (page->html != NULL)
        crawl_read(crawl, &answer->url, page->html);
}

static void gather_crawl_pages(struct gather *gather, struct crawl *crawl,
                               const struct robots *robots) {
    struct facts *facts = gather->facts;
    int64_t end_ms = time_mono_ms() + GATHER_CRAWL_MS;
    struct text url;
    for (int failures = 0; failures < FAILURES_MAX && facts->crawled_count < PAGES_MAX - 1 &&
                           time_mono_ms() < end_ms && crawl_next(crawl, robots, &url);) {
        struct answer *answer = &facts->crawled[facts->crawled_count];
        if (answer_url(answer, url, NULL) != ERR_OK)
            continue;
        facts->crawled_count++;
        gather_ask(gather, answer, NULL, &PAGE);
        gather_count(answer, &failures);
        gather_crawl_take(facts, crawl, answer);
    }
}

void gather_crawl(struct gather *gather) {
    struct facts *facts = gather->facts;
    const struct crawl_limits limits = {CRAWL_DEPTH, CRAWL_PER_TEMPLATE, gather->task->bounds};
    struct crawl *crawl = NULL;
    if (facts->html == NULL || !gather->task->modes[RULE_SAFE] ||
        crawl_new(&facts->page->url, &limits, &crawl) != ERR_OK)
        return;
    crawl_read(crawl, &facts->page->url, facts->html);
    if (crawl_counts(crawl).waiting > 0) {
        gather->robots = gather_crawl_robots(gather);
        if (gather->robots != NULL)
            gather_crawl_pages(gather, crawl, gather->robots);
    }
    facts->crawl = crawl_counts(crawl);
    crawl_free(crawl);
}
