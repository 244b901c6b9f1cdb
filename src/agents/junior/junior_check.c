/* The judgements. Nothing is said of what was not asked for. */
#include "agents/junior/junior_check.h"

#include <stdio.h>
#include <stdlib.h>

enum { SERVER_ERROR = 500, REDIRECTS_MANY = 3 };

/* What a URL is there for. */
enum junior_kind { JUNIOR_PAGE, JUNIOR_FILE, JUNIOR_ASIDE, JUNIOR_ANY };

bool junior_check_needs_site(const struct site *site, struct judgement *judgement) {
    if (site->home[0] != '\0')
        return true;
    judgement_not_tested(judgement, "no_2xx_answer");
    return false;
}

bool junior_check_needs_pages(const struct site *site, struct judgement *judgement) {
    if (!junior_check_needs_site(site, judgement))
        return false;
    if (site->page_count > 0)
        return true;
    judgement_skip(judgement, "not_html");
    return false;
}

/* The page that leads there, for people. */
static const char *junior_from(const struct site *site, const struct site_url *url) {
    return url->from == SITE_NONE ? "the site" : site->urls[site->pages[url->from].url].text;
}

static const char *junior_page(const struct site *site, size_t page) {
    return site->urls[site->pages[page].url].text;
}

static enum junior_kind junior_kind_of(const struct site_url *url) {
    return url->is_page ? JUNIOR_PAGE : url->is_aside ? JUNIOR_ASIDE : JUNIOR_FILE;
}

/* Was all of that kind left, but for the page that it was found on? */
static bool junior_is_left(const struct site *site, enum junior_kind kind) {
    size_t left = 0, asked = 0;
    for (size_t i = 0; i < site->url_count; i++) {
        const struct site_url *url = &site->urls[i];
        bool is_home = site->page_count > 0 && (int)i == site->pages[0].url;
        if (is_home || (kind != JUNIOR_ANY && junior_kind_of(url) != kind))
            continue;
        left += url->end == SITE_LEFT;
        asked += url->end >= SITE_FINE;
    }
    return left > 0 && asked == 0;
}

/* Passed so far; not tested where a page was not read to its end, whatever would stand there. */
static void junior_settle_read(const struct site *site, struct judgement *judgement) {
    judgement_pass(judgement);
    for (size_t i = 0; i < site->page_count; i++)
        if (site->pages[i].is_cut)
            judgement_not_tested(judgement, "body_cut");
}

/* The same, and not tested when some URLs were not asked for, or none of that kind might be. */
static void junior_settle(const struct site *site, enum junior_kind kind,
                          struct judgement *judgement) {
    size_t unasked = site->dropped, barred = 0;
    for (size_t i = 0; i < site->url_count; i++) {
        unasked += site->urls[i].end == SITE_UNASKED;
        barred += site->urls[i].end == SITE_BARRED;
    }
    junior_settle_read(site, judgement);
    if (junior_is_left(site, kind))
        judgement_not_tested(judgement, "all_left");
    if (barred > 0)
        judgement_not_tested(judgement, "constraints");
    if (unasked > 0)
        judgement_not_tested(judgement, "not_all_asked");
}

JUNIOR_CHECK(answers) {
    const struct site_url *start = &site->start;
    judgement_reproduce_chain(judgement, site->target_text);
    if (start->end == SITE_UNASKED)
        judgement_not_tested(judgement, "not_asked");
    else if (start->end == SITE_BARRED)
        judgement_not_tested(judgement, "constraints");
    else if (start->status == 0)
        judgement_fault(judgement, 0, site->target_text, "No answer: %s", start->why);
    else if (start->status >= SERVER_ERROR)
        judgement_fault(judgement, 1, site->target_text, "It answers %d", start->status);
    else if (start->end != SITE_FINE)
        judgement_fault(judgement, 2, site->target_text, "It answers %d%s%s", start->status,
                        start->why[0] != '\0' ? ": " : "", start->why);
    else
        judgement_pass(judgement);
}

/* One of the files that are looked for in the root. */
static void junior_reproduce_file(const struct site *site, const char *path,
                                  struct judgement *judgement) {
    char url[SITE_PROBE_SIZE];
    snprintf(url, sizeof(url), "%s%s", site->origin, path);
    judgement_reproduce_method(judgement, url, "-L");
}

JUNIOR_CHECK(robots) {
    if (!junior_check_needs_site(site, judgement))
        return;
    if (!site->robots_asked) {
        judgement_not_tested(judgement, "not_asked");
        return;
    }
    junior_reproduce_file(site, "/robots.txt", judgement);
    judgement_pass(judgement);
    if (site->robots_status / 100 != 2 && site->robots_status / 100 != 4)
        judgement_fault(judgement, 0, site->home,
                        "robots.txt answers %d: nothing may be discovered", site->robots_status);
    else if (site->crawl.disallowed > 0)
        judgement_fault(judgement, 1, site->home, "robots.txt disallows %zu of the pages found",
                        site->crawl.disallowed);
}

/* --- links -------------------------------------------------------------------------------------
 */

static void junior_tell_broken(const struct site *site, const struct site_url *url,
                               struct judgement *judgement) {
    if (judgement->fault_count == 0)
        judgement_reproduce_curl(judgement, url->text, NULL);
    if (url->status > 0)
        judgement_fault(judgement, 0, url->text, "%s answers %d%s%s, linked from %s", url->text,
                        url->status, url->why[0] != '\0' ? ", " : "", url->why,
                        junior_from(site, url));
    else
        judgement_fault(judgement, 0, url->text, "%s: %s, linked from %s", url->text, url->why,
                        junior_from(site, url));
}

static bool junior_is_file(const struct site_url *found) {
    struct url url;
    return url_parse(text_of(found->text), &url, NULL) == ERR_OK && crawl_is_file(&url);
}

static void junior_broken(const struct site *site, enum junior_kind kind,
                          struct judgement *judgement) {
    junior_settle(site, kind, judgement);
    for (size_t i = 0; i < site->url_count; i++) {
        const struct site_url *url = &site->urls[i];
        if (url->end == SITE_BROKEN && junior_kind_of(url) == kind && url->status < SERVER_ERROR)
            junior_tell_broken(site, url, judgement);
    }
}

/* Where what is missing is answered as if it were there, only its look tells. */
static void junior_look(const struct site *site, const struct site_url *url,
                        struct judgement *judgement) {
    const struct site_missing *missing = &site->missing;
    if (url->look == 0 || !missing->is_known) {
        judgement_not_tested(judgement, "soft_404");
    } else if (url->look == missing->look) {
        if (judgement->fault_count == 0)
            judgement_reproduce_curl(judgement, url->text, NULL);
        judgement_fault(judgement, 0, url->text, "%s shows what %s shows too, linked from %s",
                        url->text, missing->url, junior_from(site, url));
    }
}

JUNIOR_CHECK(links) {
    if (!junior_check_needs_pages(site, judgement))
        return;
    junior_broken(site, JUNIOR_PAGE, judgement);
    for (size_t i = 0; site->missing.page_answered && i < site->url_count; i++) {
        const struct site_url *url = &site->urls[i];
        bool is_certain = url->look == 0 && !site->missing.file_answered && junior_is_file(url);
        if (url->end == SITE_FINE && url->is_page && !is_certain)
            junior_look(site, url, judgement);
    }
}

JUNIOR_CHECK(assets) {
    if (!junior_check_needs_pages(site, judgement))
        return;
    junior_broken(site, JUNIOR_FILE, judgement);
    if (site->missing.file_answered)
        judgement_not_tested(judgement, "soft_404");
}

JUNIOR_CHECK(asides) {
    size_t count = 0;
    if (!junior_check_needs_pages(site, judgement))
        return;
    for (size_t i = 0; i < site->url_count; i++)
        count += junior_kind_of(&site->urls[i]) == JUNIOR_ASIDE;
    if (count == 0) {
        judgement_skip(judgement, "none_named");
        return;
    }
    junior_broken(site, JUNIOR_ASIDE, judgement);
    if (site->missing.file_answered)
        judgement_not_tested(judgement, "soft_404");
}

JUNIOR_CHECK(presence) {
    const struct presence *presence = &site->presence;
    if (!junior_check_needs_site(site, judgement))
        return;
    if (presence->asked < PRESENCE_SAMPLES_MIN) {
        judgement_skip(judgement, "too_few_samples");
        return;
    }
    judgement_pass(judgement);
    judgement_reproduce_curl(judgement, site->home, NULL);
    if (presence->absent >= PRESENCE_ABSENT_MIN &&
        presence_absence(presence) > PRESENCE_ABSENCE_MAX)
        judgement_fault(judgement, 0, site->home,
                        "Asked once a second, it failed %zu of %zu times; the last time: %s",
                        presence->absent, presence->asked, presence->why);
}

JUNIOR_CHECK(server_errors) {
    if (!junior_check_needs_site(site, judgement))
        return;
    junior_settle(site, JUNIOR_ANY, judgement);
    for (size_t i = 0; i < site->url_count; i++)
        if (site->urls[i].end == SITE_BROKEN && site->urls[i].status >= SERVER_ERROR)
            junior_tell_broken(site, &site->urls[i], judgement);
}

static int junior_by_value(const void *a, const void *b) {
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Why nothing can be said of a place in what a link leads to; NULL: it was read whole. */
static const char *junior_unread(const struct site *site, const struct site_url *to) {
    if (to->page == SITE_NONE)
        return "not_all_read";
    if (site->pages[to->page].is_cut)
        return "body_cut";
    return site->pages[to->page].has_scripts ? "needs_browser" : NULL; /* they may make the place */
}

JUNIOR_CHECK(fragments) {
    if (!junior_check_needs_pages(site, judgement))
        return;
    judgement_pass(judgement);
    if (site->fragment_count == SITE_FRAGMENTS_MAX)
        judgement_not_tested(judgement, "not_all_read");
    for (size_t i = 0; i < site->fragment_count; i++) {
        const struct site_fragment *link = &site->fragments[i];
        const char *unread = junior_unread(site, &site->urls[link->to]);
        if (unread != NULL) {
            judgement_not_tested(judgement, unread);
            continue;
        }
        const struct site_page *page = &site->pages[site->urls[link->to].page];
        if (bsearch(&link->id, page->ids, page->id_count, sizeof(link->id), junior_by_value) !=
            NULL)
            continue;
        const char *text = site->urls[link->to].text;
        if (judgement->fault_count == 0)
            judgement_reproduce_body(judgement, text, TEXT(""));
        judgement_fault(judgement, 0, text, "Nothing is called #%s there; linked from %s",
                        link->words, junior_page(site, (size_t)link->from));
    }
}

static void junior_tell_redirects(const struct site_url *url, const char *text,
                                  struct judgement *judgement) {
    if (url->redirects <= REDIRECTS_MANY && !url->flips)
        return;
    if (judgement->fault_count == 0)
        judgement_reproduce_chain(judgement, text);
    judgement_fault(judgement, 0, text, "%s: %zu redirects%s", text, url->redirects,
                    url->flips ? ", to and fro between http and https" : "");
}

JUNIOR_CHECK(redirects) {
    if (site->start.end == SITE_UNASKED || site->start.status == 0) {
        judgement_not_tested(judgement, "target_unavailable");
        return;
    }
    judgement_pass(judgement);
    junior_tell_redirects(&site->start, site->target_text, judgement);
    for (size_t i = 0; i < site->url_count; i++)
        junior_tell_redirects(&site->urls[i], site->urls[i].text, judgement);
    for (size_t i = 0; i < site->page_count; i++) {
        if (!site->pages[i].refreshes)
            continue;
        if (judgement->fault_count == 0)
            judgement_reproduce_body(judgement, junior_page(site, i), TEXT("http-equiv"));
        judgement_fault(judgement, 0, junior_page(site, i), "%s leads on by <meta refresh>",
                        junior_page(site, i));
    }
}

/* --- documents ---------------------------------------------------------------------------------
 */

static void junior_tell_page(const struct site *site, size_t page, struct judgement *judgement,
                             size_t variant, const char *words) {
    if (judgement_is_gravest(judgement, variant))
        judgement_reproduce_body(judgement, junior_page(site, page), TEXT(""));
    judgement_fault(judgement, variant, junior_page(site, page), "%s: %s", junior_page(site, page),
                    words);
}

JUNIOR_CHECK(documents) {
    if (!junior_check_needs_pages(site, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < site->page_count; i++) {
        const struct site_page *page = &site->pages[i];
        if (!page->has_title)
            junior_tell_page(site, i, judgement, 0, "no title");
        if (!page->has_doctype && page->says_html)
            junior_tell_page(site, i, judgement, 1, "no <!doctype html>");
    }
}

JUNIOR_CHECK(ids) {
    if (!junior_check_needs_pages(site, judgement))
        return;
    junior_settle_read(site, judgement);
    for (size_t i = 0; i < site->page_count; i++) {
        if (site->pages[i].twice[0] == '\0')
            continue;
        if (judgement->fault_count == 0)
            judgement_reproduce_body(judgement, junior_page(site, i), TEXT(""));
        judgement_fault(judgement, 0, junior_page(site, i), "%s: the id %s is there twice",
                        junior_page(site, i), site->pages[i].twice);
    }
}

JUNIOR_CHECK(forms) {
    if (!junior_check_needs_pages(site, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < site->page_count; i++) {
        if (site->pages[i].dead_forms == 0)
            continue;
        if (site->pages[i].is_cut) /* its button may stand beyond */
            judgement_not_tested(judgement, "body_cut");
        else
            junior_tell_page(site, i, judgement, 0, "a form that nothing sends");
    }
}

JUNIOR_CHECK(sitemap) {
    if (!junior_check_needs_site(site, judgement))
        return;
    if (site->sitemap_status != 200) {
        judgement_skip(judgement, "no_sitemap");
        return;
    }
    junior_reproduce_file(site, "/sitemap.xml", judgement);
    if (site->sitemap_urls == 0)
        judgement_not_tested(judgement, "no_urls_in_sitemap");
    else if (site->sitemap_foreign > 0)
        judgement_fault(judgement, 0, site->home, "%zu of the first %zu URLs are of other origins",
                        site->sitemap_foreign, site->sitemap_urls);
    else
        judgement_pass(judgement);
}

JUNIOR_CHECK(flaky) {
    if (junior_check_needs_site(site, judgement) &&
        (site->flaky.count > 0 || junior_check_needs_pages(site, judgement)))
        flaky_judge(&site->flaky, judgement);
}

JUNIOR_CHECK(smoke) {
    if (junior_check_needs_site(site, judgement))
        api_notes_judge(&site->api, 0, judgement);
}

JUNIOR_CHECK(pictures) {
    (void)site;
    judgement_not_tested(judgement, "not_available");
}

JUNIOR_CHECK(users) {
    (void)site;
    judgement_skip(judgement, "no_checks");
}
