/* The order of asking. Judges nothing. */
#include "agents/junior/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/junior/bodies.h"
#include "agents/junior/missing.h"
#include "agents/junior/visit.h"
#include "agnostic/base/time.h"
#include "agnostic/base/xml.h"

enum {
    STYLE_LINKS_MAX = 500,
    AGAIN_MAX = 20, /* URLs that are asked again */
    SERVER_ERROR = 500,
    SITEMAP_MAX = 50, /* URLs of a sitemap */
    PER_TEMPLATE = 20 /* pages of a series */
};

static const char PRODUCT[] = "agnostic-qa";

struct survey {
    struct visitor visitor;
    struct crawl *crawl;
};

/* What failed may have had a bad moment. found: as it was then. */
static void survey_flaky(struct site *site, const char *name, int status, const char *why) {
    char how[SITE_NOTE_SIZE];
    snprintf(how, sizeof(how), "%.150s", why);
    if (status > 0)
        snprintf(how, sizeof(how), "it answered %d", status);
    flaky_add(&site->flaky, text_of(name), text_of(how), TEXT(""));
}

/* --- pages ------------------------------------------------------------------------------------ */

static bool survey_is_followed(enum html_link_kind kind) {
    return kind == HTML_ANCHOR || kind == HTML_FRAME || kind == HTML_REFRESH;
}

static bool survey_is_checked(enum html_link_kind kind) {
    return kind != HTML_HINT && kind != HTML_ACTION;
}

/* Browsers and readers of feeds take these; the page itself is whole without. */
static bool survey_is_aside(const struct html_link *link) {
    static const char *const RELS[] = {"icon", "apple-touch-icon", "manifest", "alternate"};
    for (size_t i = 0; i < sizeof(RELS) / sizeof(RELS[0]); i++)
        if (html_rel_has(link->rel, RELS[i]))
            return !survey_is_followed(link->kind);
    return false;
}

/* A URL of the site, or one that leads away from it: SITE_NONE. */
static int survey_name(struct site *site, struct text url, bool is_page, int from, bool changes) {
    if (!site_leads_away(site, url))
        return site_add(site, url, is_page, from);
    elsewhere_add(&site->elsewhere, url, from, changes);
    return SITE_NONE;
}

static void survey_links(struct survey *survey, int page, const struct url *url,
                         const struct html *html) {
    struct site *site = survey->visitor.site;
    struct buf buf;
    size_t count;
    const struct html_link *links = html_links(html, &count);
    buf_init(&buf, 2 * URL_MAX_BYTES);
    for (size_t i = 0; i < count && i < CRAWL_PAGE_LINKS_MAX; i++) {
        buf_reset(&buf);
        if (!survey_is_checked(links[i].kind) || links[i].url.len == 0 ||
            html_resolve(html, url, links[i].url, &buf) != ERR_OK || buf.failed)
            continue;
        size_t known = site->url_count;
        bool changes = crawl_is_unsafe(links[i].words) || crawl_is_unsafe(links[i].url);
        int to =
            survey_name(site, buf_text(&buf), survey_is_followed(links[i].kind), page, changes);
        if (to != SITE_NONE)
            site->urls[to].is_aside =
                survey_is_aside(&links[i]) && (site->url_count > known || site->urls[to].is_aside);
        if (to != SITE_NONE && changes && site->urls[to].end == SITE_UNASKED)
            site->urls[to].end = SITE_LEFT;
        if (to != SITE_NONE)
            site->urls[to].is_style |= links[i].kind == HTML_STYLESHEET;
        if (to != SITE_NONE && links[i].kind == HTML_ANCHOR)
            site_note_fragment(site, page, to, links[i].url);
    }
    buf_done(&buf);
}

static bool survey_is_html(const struct http_response *response) {
    struct text type = http_response_header(response, "Content-Type", 0);
    return text_istarts(type, TEXT("text/html")) ||
           text_istarts(type, TEXT("application/xhtml+xml"));
}

/* What the answer at the end of the trail says. */
static void survey_read(struct survey *survey, const struct trail *trail,
                        const struct http_response *response) {
    struct site *site = survey->visitor.site;
    struct html *html;
    int index = site_add(site, buf_text(&trail->at), true, SITE_NONE);
    if (index != SITE_NONE) {
        site->urls[index].look = look_of(&site->missing.mask, buf_text(&response->body));
        site->urls[index].is_read = true; /* noted where the trail began */
    }
    if (index == SITE_NONE || site->urls[index].page != SITE_NONE || !survey_is_html(response) ||
        site->page_count == SITE_PAGES_MAX ||
        html_parse(buf_text(&response->body), &html) != ERR_OK)
        return;
    site->urls[index].end = SITE_FINE;
    site->urls[index].status = response->status;
    survey->visitor.err = site_read(site, index, html, buf_text(&response->body),
                                    http_response_header(response, "Content-Type", 0));
    if (survey->visitor.err == ERR_OK) {
        site->pages[site->urls[index].page].is_cut = response->truncated;
        survey_links(survey, site->urls[index].page, &trail->url, html);
        if (survey->crawl != NULL)
            crawl_read(survey->crawl, &trail->url, html);
    }
    html_free(html);
}

static void survey_visit(struct survey *survey, struct site_url *found, struct text url) {
    struct http_response response = {0};
    struct trail trail;
    trail_init(&trail, url);
    visit_follow(&survey->visitor, found, &trail, VISIT_PAGE, &response);
    if (found->end == SITE_FINE && response.status / 100 == 2 &&
        response.body_end != HTTP_BODY_UNDECODABLE) {
        found->look = look_of(&survey->visitor.site->missing.mask, buf_text(&response.body));
        survey_read(survey, &trail, &response);
    }
    http_response_done(&response);
    trail_done(&trail);
}

/* --- robots.txt and sitemap.xml --------------------------------------------------------------- */

static bool survey_is_trouble(int status) {
    return status == 0 || status >= SERVER_ERROR;
}

/* As visit_fetch; asks again where the server is in trouble, since much hangs on these files. */
static bool survey_fetch(struct survey *survey, const char *path, struct http_response *response,
                         int *ret_status) {
    struct site *site = survey->visitor.site;
    char url[URL_HOST_SIZE + 64];
    bool asked = visit_fetch(&survey->visitor, path, response, ret_status);
    int first = *ret_status;
    for (size_t pass = 0; asked && survey_is_trouble(*ret_status) && pass < FLAKY_PASSES &&
                          asker_pause(&survey->visitor.asker, FLAKY_PAUSES_MS[pass]);
         pass++)
        asked = visit_fetch(&survey->visitor, path, response, ret_status);
    snprintf(url, sizeof(url), "%s%s", site->origin, path);
    if (asked && survey_is_trouble(first) && !survey_is_trouble(*ret_status))
        survey_flaky(site, url, first, "no answer");
    return asked;
}

static void survey_robots(struct survey *survey) {
    struct site *site = survey->visitor.site;
    struct http_response response = {0};
    site->robots_asked = survey_fetch(survey, "/robots.txt", &response, &site->robots_status);
    if (site->robots_asked &&
        robots_read(site->robots_status, buf_text(&response.body), PRODUCT,
                    survey->visitor.asker.bounds, &survey->visitor.robots) != ERR_OK)
        survey->visitor.err = ERR_NOMEM;
    http_response_done(&response);
}

static void survey_sitemap(struct survey *survey) {
    struct site *site = survey->visitor.site;
    struct http_response response = {0};
    struct xml *root = NULL;
    (void)survey_fetch(survey, "/sitemap.xml", &response, &site->sitemap_status);
    if (site->sitemap_status == 200 &&
        xml_parse(buf_text(&response.body), &XML_LIMITS, &root, NULL) == ERR_OK) {
        const struct xml *entry = xml_child(root, "url");
        for (; entry != NULL && site->sitemap_urls < SITEMAP_MAX;
             entry = xml_next(entry, "url"), site->sitemap_urls++) {
            struct text url = xml_text(xml_child(entry, "loc"));
            site_add(site, url, true, SITE_NONE);
            site->sitemap_foreign += site_leads_away(site, url);
        }
    }
    xml_free(root);
    http_response_done(&response);
}

/* --- the visit -------------------------------------------------------------------------------- */

/* The target, wherever it redirects to; the site is what is found there. */
static void survey_start(struct survey *survey) {
    struct site *site = survey->visitor.site;
    struct http_response response = {0};
    struct trail trail;
    const struct crawl_limits limits = {SURVEY_DEPTH, PER_TEMPLATE, survey->visitor.asker.bounds};
    trail_init(&trail, text_of(site->target_text));
    visit_follow(&survey->visitor, &site->start, &trail, VISIT_PAGE, &response);
    if (site->start.end == SITE_FINE) {
        bool is_readable = response.body_end != HTTP_BODY_UNDECODABLE;
        text_copy(buf_text(&trail.at), site->home, sizeof(site->home));
        presence_watch(&site->presence, site->home);
        url_origin(&trail.url, site->origin, sizeof(site->origin));
        if (crawl_new(&trail.url, &limits, &survey->crawl) != ERR_OK)
            survey->visitor.err = ERR_NOMEM;
        else if (is_readable)
            survey_read(survey, &trail, &response);
    }
    http_response_done(&response);
    trail_done(&trail);
}

/* The target, whose bad moment is not the end of the visit. */
static void survey_begin(struct survey *survey) {
    struct site *site = survey->visitor.site;
    survey_start(survey);
    const struct site_url first = site->start;
    for (size_t pass = 0; site->start.end == SITE_BROKEN && pass < FLAKY_PASSES &&
                          asker_pause(&survey->visitor.asker, FLAKY_PAUSES_MS[pass]);
         pass++)
        survey_start(survey);
    if (first.end == SITE_BROKEN && site->start.end == SITE_FINE)
        survey_flaky(site, site->target_text, first.status, first.why);
}

static void survey_pages(struct survey *survey) {
    struct site *site = survey->visitor.site;
    struct text url;
    while (site->page_count < SITE_PAGES_MAX &&
           survey->visitor.asker.failures < ASKER_FAILURES_MAX && survey->visitor.err == ERR_OK &&
           crawl_next(survey->crawl, survey->visitor.robots, &url)) {
        int index = site_add(site, url, true, SITE_NONE);
        if (index == SITE_NONE || site->urls[index].end != SITE_UNASKED)
            continue;
        survey_visit(survey, &site->urls[index], url);
        if (site->urls[index].end == SITE_UNASKED)
            return; /* nothing may be asked any more */
    }
}

/* What a style sheet names: images, fonts, other style sheets. */
static void survey_style(struct survey *survey, int from, const struct url *url,
                         struct text sheet) {
    struct text rest = sheet, name;
    struct buf buf;
    bool import;
    buf_init(&buf, 2 * URL_MAX_BYTES);
    for (size_t n = 0; n < STYLE_LINKS_MAX && html_css_next(&rest, &name, &import); n++) {
        buf_reset(&buf);
        if (name.len == 0 || html_resolve(NULL, url, name, &buf) != ERR_OK || buf.failed)
            continue;
        int to = survey_name(survey->visitor.site, buf_text(&buf), false, from, false);
        if (to != SITE_NONE)
            survey->visitor.site->urls[to].is_style |= import;
    }
    buf_done(&buf);
}

static void survey_check(struct survey *survey, struct site_url *found) {
    struct http_response response = {0};
    struct trail trail;
    int from = found->from;
    trail_init(&trail, text_of(found->text));
    if (found->is_style) {
        visit_follow(&survey->visitor, found, &trail, VISIT_PAGE, &response);
        if (found->end == SITE_FINE)
            survey_style(survey, from, &trail.url, buf_text(&response.body));
        http_response_done(&response);
        trail_done(&trail);
        return;
    }
    visit_follow(&survey->visitor, found, &trail, VISIT_HEAD, &response);
    if (found->end == SITE_BROKEN || found->end == SITE_CLOSED) { /* some answer only GET well */
        trail_restart(&trail, text_of(found->text));
        visit_follow(&survey->visitor, found, &trail, VISIT_FRONT, &response);
    }
    http_response_done(&response);
    trail_done(&trail);
}

/* What pages name and nobody asked for yet. */
static void survey_rest(struct survey *survey) {
    struct site *site = survey->visitor.site;
    for (size_t i = 0; i < site->url_count && survey->visitor.asker.failures < ASKER_FAILURES_MAX;
         i++)
        if (site->urls[i].end == SITE_UNASKED)
            survey_check(survey, &site->urls[i]);
}

static void survey_again(struct survey *survey) {
    struct site *site = survey->visitor.site;
    bool broken = false;
    for (size_t i = 0; i < site->url_count; i++)
        broken |= site->urls[i].end == SITE_BROKEN;
    for (size_t pass = 0; broken && pass < FLAKY_PASSES &&
                          asker_pause(&survey->visitor.asker, FLAKY_PAUSES_MS[pass]);
         pass++) {
        size_t asked = 0;
        for (size_t i = 0; i < site->url_count && asked < AGAIN_MAX; i++) {
            struct site_url *found = &site->urls[i], second = *found;
            if (found->end != SITE_BROKEN)
                continue;
            asked++;
            survey_check(survey, &second);
            if (second.end != SITE_FINE)
                continue;
            found->end = SITE_FLAKY;
            survey_flaky(site, found->text, found->status, found->why);
        }
    }
}

static void survey_do(struct survey *survey, const struct agent *agent) {
    struct site *site = survey->visitor.site;
    lines_progress(agent->lines, "target", 0, NULL);
    survey_begin(survey);
    if (site->home[0] == '\0' || survey->visitor.err != ERR_OK || !agent->task->modes[RULE_SAFE])
        return;
    survey_robots(survey);
    survey_sitemap(survey);
    if (survey->visitor.robots != NULL)
        missing_ask(&survey->visitor);
    lines_progress(agent->lines, "pages", survey->visitor.asker.requests, NULL);
    if (survey->visitor.err == ERR_OK && survey->visitor.robots != NULL)
        survey_pages(survey);
    lines_progress(agent->lines, "links", survey->visitor.asker.requests, NULL);
    if (survey->visitor.err == ERR_OK && survey->visitor.robots != NULL)
        survey_rest(survey);
    lines_progress(agent->lines, "files", survey->visitor.asker.requests, NULL);
    if (survey->visitor.err == ERR_OK && survey->visitor.robots != NULL)
        bodies_read(&survey->visitor);
    lines_progress(agent->lines, "once more", survey->visitor.asker.requests, NULL);
    survey_again(survey);
    missing_recheck(&survey->visitor);
    site->crawl = crawl_counts(survey->crawl);
}

enum err survey_run(const struct agent *agent, const struct gate *gate, struct site *site) {
    struct survey survey = {.visitor = {.site = site}};
    enum err err =
        asker_open(&survey.visitor.asker, agent->task, gate, site->non_public, SURVEY_BUDGET_MS);
    if (err == ERR_OK) {
        survey_do(&survey, agent);
        err = survey.visitor.err;
    }
    site->requests = survey.visitor.asker.requests;
    site->bytes = survey.visitor.asker.bytes;
    asker_close(&survey.visitor.asker);
    crawl_free(survey.crawl);
    robots_free(survey.visitor.robots);
    return err;
}
