/* The pages found so far, in the order they were found. Sends nothing. */
#include "agnostic/probe/crawl.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/probe/canonical.h"

enum { WORDS_MAX_BYTES = 48 }; /* longer texts of links tell, they do not act */

enum fate { WAITING, ASKED, DISALLOWED, BARRED, UNSAFE, FATE__COUNT };

struct found {
    char *url;
    uint64_t page, template; /* hashes of both forms; two that collide only hide a page */
    size_t depth;
    enum fate fate;
};

struct crawl {
    struct url first; /* its origin counts; path and query are not read */
    struct crawl_limits limits;
    struct found found[CRAWL_FOUND_MAX];
    size_t count, next;
    size_t depth; /* of the page that is being read */
    size_t repeated, dropped;
};

/* --- one URL ---------------------------------------------------------------------------------- */

static uint64_t hash_of(const struct url *url, void (*put)(const struct url *, struct buf *)) {
    uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */
    struct buf buf;
    buf_init(&buf, CANONICAL_MAX_BYTES);
    put(url, &buf);
    for (size_t i = 0; i < buf.len; i++)
        hash = (hash ^ (unsigned char)buf.data[i]) * 0x100000001b3;
    buf_done(&buf);
    return hash;
}

static bool is_of_origin(const struct crawl *crawl, const struct url *url) {
    return url->tls == crawl->first.tls && url->port == crawl->first.port &&
           strcmp(url->host, crawl->first.host) == 0;
}

bool crawl_is_file(const struct url *url) {
    static const char *const ENDS[] = {
        ".7z",   ".avi", ".avif", ".bmp",  ".bz2",  ".css",   ".deb",  ".doc",  ".docx", ".exe",
        ".flac", ".gif", ".gz",   ".ico",  ".iso",  ".jar",   ".jpeg", ".jpg",  ".js",   ".json",
        ".m4a",  ".mkv", ".mov",  ".mp3",  ".mp4",  ".msi",   ".odt",  ".ogg",  ".otf",  ".pdf",
        ".png",  ".ppt", ".pptx", ".rar",  ".rpm",  ".svg",   ".tar",  ".tgz",  ".tif",  ".tiff",
        ".ttf",  ".wav", ".webm", ".webp", ".woff", ".woff2", ".xls",  ".xlsx", ".xz",   ".zip"};
    for (size_t i = 0; i < sizeof(ENDS) / sizeof(ENDS[0]); i++) {
        size_t len = strlen(ENDS[i]);
        if (url->path.len > len &&
            text_ieq(text_make(url->path.ptr + url->path.len - len, len), text_of(ENDS[i])))
            return true;
    }
    return false;
}

static bool is_unsafe_url(const struct url *url) {
    struct buf buf;
    buf_init(&buf, 2 * CANONICAL_MAX_BYTES);
    canonical_text(url->path, "", &buf);
    buf_putc(&buf, '?');
    canonical_text(url->query, "", &buf);
    bool unsafe = buf.failed || crawl_is_unsafe(buf_text(&buf));
    buf_done(&buf);
    return unsafe;
}

/* --- what was found --------------------------------------------------------------------------- */

static bool is_known(const struct crawl *crawl, uint64_t page) {
    for (size_t i = 0; i < crawl->count; i++)
        if (crawl->found[i].page == page)
            return true;
    return false;
}

static size_t series_len(const struct crawl *crawl, uint64_t template) {
    size_t len = 0;
    for (size_t i = 0; i < crawl->count; i++)
        len += crawl->found[i].template == template;
    return len;
}

static enum err add(struct crawl *crawl, const struct url *url, size_t depth, enum fate fate) {
    struct found found = {NULL, hash_of(url, canonical_put), hash_of(url, canonical_template),
                          depth, fate};
    struct buf whole;
    if (is_known(crawl, found.page))
        return ERR_OK;
    if (crawl->count == CRAWL_FOUND_MAX) {
        crawl->dropped++;
        return ERR_OK;
    }
    if (fate == WAITING && series_len(crawl, found.template) >= crawl->limits.per_template) {
        crawl->repeated++;
        return ERR_OK;
    }
    buf_init(&whole, 2 * URL_MAX_BYTES);
    url_put(url, &whole);
    found.url = buf_take(&whole);
    if (found.url == NULL)
        return ERR_NOMEM;
    crawl->found[crawl->count++] = found;
    return ERR_OK;
}

static void offer(struct crawl *crawl, struct text text, struct text words, size_t depth) {
    struct url url;
    if (depth > crawl->limits.depth || url_parse(text, &url, NULL) != ERR_OK ||
        !is_of_origin(crawl, &url) || crawl_is_file(&url))
        return;
    bool barred =
        bounds_stays(crawl->limits.bounds) || bounds_excludes(crawl->limits.bounds, url.path);
    bool unsafe = is_unsafe_url(&url) || (words.len <= WORDS_MAX_BYTES && crawl_is_unsafe(words));
    (void)add(crawl, &url, depth, barred ? BARRED : unsafe ? UNSAFE : WAITING);
}

enum err crawl_new(const struct url *first, const struct crawl_limits *limits,
                   struct crawl **ret_crawl) {
    struct crawl *crawl = calloc(1, sizeof(*crawl));
    if (crawl == NULL)
        return ERR_NOMEM;
    crawl->first = *first;
    crawl->limits = *limits;
    enum err err = add(crawl, first, 0, ASKED);
    crawl->next = crawl->count;
    if (err == ERR_OK)
        *ret_crawl = crawl;
    else
        crawl_free(crawl);
    return err;
}

void crawl_free(struct crawl *crawl) {
    for (size_t i = 0; crawl != NULL && i < crawl->count; i++)
        free(crawl->found[i].url);
    free(crawl);
}

/* --- pages in, URLs out ----------------------------------------------------------------------- */

void crawl_read(struct crawl *crawl, const struct url *page, const struct html *html) {
    size_t count;
    const struct html_link *links = html_links(html, &count);
    for (size_t i = 0; i < count && i < CRAWL_PAGE_LINKS_MAX; i++) {
        struct buf url;
        if (links[i].kind != HTML_ANCHOR && links[i].kind != HTML_FRAME &&
            links[i].kind != HTML_REFRESH)
            continue;
        buf_init(&url, URL_MAX_BYTES);
        if (html_resolve(html, page, links[i].url, &url) == ERR_OK)
            offer(crawl, buf_text(&url), links[i].words, crawl->depth + 1);
        buf_done(&url);
    }
}

void crawl_redirect(struct crawl *crawl, const struct url *page, struct text location) {
    struct buf url;
    buf_init(&url, URL_MAX_BYTES);
    if (url_resolve(page, location, &url) == ERR_OK && !url.failed)
        offer(crawl, buf_text(&url), TEXT(""), crawl->depth);
    buf_done(&url);
}

bool crawl_next(struct crawl *crawl, const struct robots *robots, struct text *ret_url) {
    while (crawl->next < crawl->count) {
        struct found *found = &crawl->found[crawl->next++];
        struct url url;
        if (found->fate != WAITING || url_parse(text_of(found->url), &url, NULL) != ERR_OK)
            continue;
        found->fate = robots_allows(robots, &url) ? ASKED : DISALLOWED;
        if (found->fate == DISALLOWED)
            continue;
        crawl->depth = found->depth;
        *ret_url = text_of(found->url);
        return true;
    }
    return false;
}

struct crawl_counts crawl_counts(const struct crawl *crawl) {
    size_t fates[FATE__COUNT] = {0};
    for (size_t i = 0; i < crawl->count; i++)
        fates[crawl->found[i].fate]++;
    return (struct crawl_counts){.asked = fates[ASKED],
                                 .waiting = fates[WAITING],
                                 .disallowed = fates[DISALLOWED],
                                 .barred = fates[BARRED],
                                 .unsafe = fates[UNSAFE],
                                 .repeated = crawl->repeated,
                                 .dropped = crawl->dropped};
}
