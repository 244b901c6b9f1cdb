/* fuzz_crawl: every page of a site is these bytes. Whatever they lead to is of the same origin,
 * changes nothing by its words, comes once, and ends. */
#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/crawl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAGES_MAX = 20 };

static void require(bool condition) {
    if (!condition)
        abort();
}

static void check_url(struct text url, struct url *ret_parsed) {
    require(url_parse(url, ret_parsed, NULL) == ERR_OK);
    require(!ret_parsed->tls && ret_parsed->port == 81 && strcmp(ret_parsed->host, "a.test") == 0);
    require(!crawl_is_unsafe(ret_parsed->path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct crawl_limits LIMITS = {.depth = 3, .per_template = 3};
    struct robots *robots = NULL;
    struct crawl *crawl = NULL;
    struct html *html = NULL;
    struct url page;
    struct text url;
    size_t asked = 0;
    if (html_parse(text_make((const char *)data, size), &html) != ERR_OK)
        return 0;
    require(url_parse(TEXT("http://a.test:81/b/c?d"), &page, NULL) == ERR_OK);
    require(robots_read(200, TEXT("user-agent: *\ndisallow: /x"), "agnostic-qa", NULL, &robots) ==
            ERR_OK);
    require(crawl_new(&page, &LIMITS, &crawl) == ERR_OK);
    crawl_read(crawl, &page, html);
    while (asked < PAGES_MAX && crawl_next(crawl, robots, &url)) {
        asked++;
        check_url(url, &page);
        crawl_read(crawl, &page, html);
        crawl_redirect(crawl, &page, html_text(html));
    }
    require(crawl_counts(crawl).asked == asked + 1);
    crawl_free(crawl);
    robots_free(robots);
    html_free(html);
    return 0;
}
