/* What the site answers to paths that nothing leads to: first some that cannot exist, then those
 * of the table, then the directories of what its pages lead to. */
#include <stdio.h>
#include <string.h>

#include "agents/security/gather_parts.h"
#include "agnostic/base/secure.h"

enum { FAILURES_MAX = 3 /* in a row */, RANDOM_BYTES = 6, ORIGIN_SIZE = URL_HOST_SIZE + 16 };

static const struct http_limits FRONT = {5000, 8000, 32 << 10, 256 << 10};

/* One path of the final page's origin; false when it is no use to go on. */
static bool gather_paths_ask(struct gather *gather, struct answer *answer, const char *path) {
    struct path_facts *paths = &gather->facts->paths;
    char url[ANSWER_URL_SIZE], origin[ORIGIN_SIZE];
    url_origin(&gather->facts->final->url, origin, sizeof(origin));
    int len = snprintf(url, sizeof(url), "%s%s", origin, path);
    if (len < 0 || (size_t)len >= sizeof(url) || answer_url(answer, text_of(url), NULL) != ERR_OK)
        return true;
    gather_ask(gather, answer, NULL, &FRONT);
    gather_count(answer, &paths->failures);
    return paths->failures < FAILURES_MAX;
}

/* Of several shapes: servers treat files, scripts and hidden files differently. */
static bool gather_paths_random(struct gather *gather) {
    static const struct {
        const char *front, *end;
    } SHAPES[PATHS_RANDOM] = {{"", ""}, {"", ".php"}, {".", ""}};
    bool more = true;
    for (size_t i = 0; more && i < PATHS_RANDOM; i++) {
        unsigned char bytes[RANDOM_BYTES];
        char word[2 * RANDOM_BYTES + 1], path[64];
        if (secure_random(bytes, sizeof(bytes)) != ERR_OK)
            return false;
        text_hex(bytes, sizeof(bytes), word);
        snprintf(path, sizeof(path), "/%sqa-probe-%s%s", SHAPES[i].front, word, SHAPES[i].end);
        more = gather_paths_ask(gather, &gather->facts->paths.random[i], path);
    }
    return more;
}

static bool gather_paths_table(struct gather *gather) {
    const struct path_probe *probe;
    bool more = gather_paths_ask(gather, &gather->facts->paths.malformed, "/%qa-probe");
    for (size_t i = 0; more && (probe = path_probe_get(i)) != NULL; i++)
        more = gather_paths_ask(gather, &gather->facts->paths.answers[i], probe->path);
    return more;
}

/* --- directories --------------------------------------------------------------------------- */

static bool gather_paths_is_known(const struct facts *facts, struct text path) {
    for (size_t i = 0; i < facts->paths.dir_count; i++)
        if (text_eq(facts->paths.dirs[i].url.path, path))
            return true;
    for (size_t i = 0; i < facts->pages.count; i++)
        if (text_eq(facts->pages.items[i].answer->url.path, path))
            return true;
    return false;
}

/* The directory that a link of the same origin lies in, if robots.txt does not mind. */
static bool gather_paths_dir(struct gather *gather, const struct page_url *found) {
    struct facts *facts = gather->facts;
    char ours[ORIGIN_SIZE], theirs[ORIGIN_SIZE], path[ANSWER_URL_SIZE];
    struct url url = found->url;
    while (url.path.len > 0 && url.path.ptr[url.path.len - 1] != '/')
        url.path.len--;
    url.query = text_make(NULL, 0);
    url_origin(&facts->final->url, ours, sizeof(ours));
    url_origin(&url, theirs, sizeof(theirs));
    if (strcmp(ours, theirs) != 0 || url.path.len < 2 || crawl_is_unsafe(url.path) ||
        !robots_allows(gather->robots, &url) || gather_paths_is_known(facts, url.path) ||
        !text_copy(url.path, path, sizeof(path)))
        return true;
    return gather_paths_ask(gather, &facts->paths.dirs[facts->paths.dir_count++], path);
}

static void gather_paths_dirs(struct gather *gather) {
    const struct facts *facts = gather->facts;
    struct page_url found;
    bool more = true;
    for (size_t i = 0; more && i < facts->pages.count; i++) {
        const struct page *page = &facts->pages.items[i];
        size_t count = 0;
        const struct html_link *links = page->html != NULL ? html_links(page->html, &count) : NULL;
        for (size_t k = 0; more && k < count && facts->paths.dir_count < PATHS_DIRS_MAX; k++)
            if (page_resolve(page, links[k].url, &found))
                more = gather_paths_dir(gather, &found);
    }
}

void gather_paths(struct gather *gather) {
    if (gather->facts->final == NULL || !gather->task->modes[RULE_SAFE])
        return;
    if (gather_paths_random(gather) && gather_paths_table(gather) && gather->robots != NULL)
        gather_paths_dirs(gather);
}
