/* The order of asking, and what is noted of each page. Judges nothing. */
#include "agents/senior/walk.h"

#include <stdio.h>
#include <string.h>

#include "agents/form_query.h"
#include "agents/trail.h"

enum { ROBOTS_REDIRECTS_MAX = 5 };

static const char PRODUCT[] = "agnostic-qa";
static const struct http_limits PAGE = {5000, 10000, 1 << 20, 256 << 10};

struct walk {
    struct terrain *terrain;
    struct asker *asker;
    struct access *access;
    struct crawl *crawl;
    struct robots *robots; /* NULL: not known, nothing is discovered */
    enum err err;          /* ERR_NOMEM */
};

static void walk_note(struct terrain *terrain, enum spot spot, struct text url) {
    if (terrain->spots[spot][0] == '\0')
        (void)text_copy(url, terrain->spots[spot], sizeof(terrain->spots[spot]));
}

static bool walk_is_own(const struct terrain *terrain, const struct url *url) {
    char origin[sizeof(terrain->origin)];
    url_origin(url, origin, sizeof(origin));
    return strcmp(origin, terrain->origin) == 0;
}

/* May values of this URL be tried? */
static bool walk_is_open(const struct walk *walk, const struct url *url) {
    return walk->robots != NULL && robots_allows(walk->robots, url) &&
           !crawl_is_unsafe(url->path) && (url->query.ptr == NULL || !crawl_is_unsafe(url->query));
}

/* --- a page ----------------------------------------------------------------------------------- */

/* The URL that reference names on a page; false when it is none of this site. */
static bool walk_resolve(const struct walk *walk, const struct url *page, const struct html *html,
                         struct text reference, struct buf *buf, struct url *ret_url) {
    buf_reset(buf);
    return html_resolve(html, page, reference, buf) == ERR_OK && !buf->failed &&
           url_parse(buf_text(buf), ret_url, NULL) == ERR_OK && walk_is_own(walk->terrain, ret_url);
}

static void walk_link(const struct walk *walk, const struct url *page, const struct html_link *link,
                      const struct url *to) {
    struct terrain *terrain = walk->terrain;
    bool leads =
        link->kind == HTML_ANCHOR || link->kind == HTML_FRAME || link->kind == HTML_REFRESH;
    if (!leads || crawl_is_file(to))
        return;
    model_lead(&terrain->model, page, to, MODEL_LINK);
    if (walk_is_open(walk, to) && !crawl_is_unsafe(link->words))
        inlet_find(&terrain->inlets, to);
}

static void walk_links(const struct walk *walk, const struct url *page, const struct html *html) {
    size_t count;
    const struct html_link *links = html_links(html, &count);
    struct buf buf;
    struct url to;
    buf_init(&buf, 2 * URL_MAX_BYTES);
    for (size_t i = 0; i < count && i < CRAWL_PAGE_LINKS_MAX; i++) {
        enum html_link_kind kind = links[i].kind;
        if (links[i].url.len == 0 || !walk_resolve(walk, page, html, links[i].url, &buf, &to))
            continue;
        if ((kind == HTML_STYLESHEET || kind == HTML_SCRIPT || kind == HTML_IMAGE) &&
            walk_is_open(walk, &to))
            walk_note(walk->terrain, SPOT_FILE, buf_text(&buf));
        walk_link(walk, page, &links[i], &to);
    }
    buf_done(&buf);
}

/* Do the words of a form's buttons say that it changes something? */
static bool walk_form_is_unsafe(const struct html *html, size_t form) {
    size_t count;
    const struct html_field *fields = html_fields(html, &count);
    for (size_t i = 0; i < count; i++)
        if (fields[i].form == (int)form &&
            (crawl_is_unsafe(fields[i].words) || crawl_is_unsafe(fields[i].name) ||
             (text_ieq(fields[i].type, TEXT("submit")) && crawl_is_unsafe(fields[i].value))))
            return true;
    return false;
}

static void walk_form(const struct walk *walk, const struct url *page, const struct html *html,
                      size_t form) {
    size_t count;
    const struct html_form *forms = html_forms(html, &count);
    struct terrain *terrain = walk->terrain;
    struct buf buf;
    struct url to;
    buf_init(&buf, URL_MAX_BYTES);
    if (!form_query_is_get(&forms[form])) {
        struct text action = forms[form].action.ptr != NULL ? forms[form].action : TEXT("");
        if (walk_resolve(walk, page, html, action, &buf, &to))
            model_lead(&terrain->model, page, &to, MODEL_SENDING);
    } else if (form_query_put(html, form, page, &buf) == ERR_OK &&
               url_parse(buf_text(&buf), &to, NULL) == ERR_OK && walk_is_own(terrain, &to)) {
        model_lead(&terrain->model, page, &to, MODEL_FORM);
        if (walk_is_open(walk, &to) && !walk_form_is_unsafe(html, form))
            inlet_find(&terrain->inlets, &to);
    }
    buf_done(&buf);
}

static bool walk_is_html(const struct http_response *response) {
    struct text type = http_response_header(response, "Content-Type", 0);
    return text_istarts(type, TEXT("text/html")) ||
           text_istarts(type, TEXT("application/xhtml+xml"));
}

static void walk_read(struct walk *walk, const struct url *page,
                      const struct http_response *response) {
    struct html *html;
    struct buf whole;
    size_t forms;
    if (html_parse(buf_text(&response->body), &html) != ERR_OK)
        return;
    walk->terrain->pages++;
    buf_init(&whole, 2 * URL_MAX_BYTES);
    url_put(page, &whole);
    if (response->truncated)
        access_pass_over(walk->access);
    else if (access_read(walk->access, buf_str(&whole), html) != ERR_OK)
        walk->err = ERR_NOMEM;
    buf_done(&whole);
    crawl_read(walk->crawl, page, html);
    walk_links(walk, page, html);
    (void)html_forms(html, &forms);
    for (size_t i = 0; i < forms; i++)
        walk_form(walk, page, html, i);
    html_free(html);
}

/* What an answer says of the site. */
static void walk_take(struct walk *walk, const struct url *url, struct text text,
                      const struct http_response *response) {
    struct terrain *terrain = walk->terrain;
    struct text type = http_response_header(response, "Content-Type", 0);
    struct text location = trail_redirect(response);
    struct buf buf;
    struct url to;
    model_visit(&terrain->model, url);
    if (response->status == 401 || response->status == 403)
        walk_note(terrain, SPOT_CLOSED, text);
    if (location.ptr != NULL) {
        buf_init(&buf, 2 * URL_MAX_BYTES);
        crawl_redirect(walk->crawl, url, location);
        if (walk_resolve(walk, url, NULL, location, &buf, &to))
            model_lead(&terrain->model, url, &to, MODEL_REDIRECT);
        buf_done(&buf);
    }
    if (response->status / 100 != 2)
        return;
    if (strcmp(terrain->spots[SPOT_HOME], "") != 0 && !text_is(text, terrain->spots[SPOT_HOME]))
        walk_note(terrain, SPOT_PAGE, text);
    if (text_istarts(type, TEXT("application/json")) || text_ifind(type, TEXT("+json")) >= 0)
        walk_note(terrain, SPOT_DATA, text);
    if (walk_is_open(walk, url))
        inlet_find(&terrain->inlets, url);
    if (walk_is_html(response))
        walk_read(walk, url, response);
}

/* --- the way ---------------------------------------------------------------------------------- */

/* Asks along redirects; the last answer is in response. `own`: no further than this site. */
static enum err walk_follow(struct walk *walk, struct trail *trail, bool own, size_t redirects,
                            struct http_response *response, struct fault *fault) {
    for (size_t i = 0;; i++) {
        if (!trail_look(trail) || (own && !walk_is_own(walk->terrain, &trail->url)))
            return ERR_OK;
        http_response_done(response);
        const struct http_request request = {.method = "GET", .url = buf_text(&trail->at)};
        enum err err = asker_send(walk->asker, &request, &PAGE, response, fault);
        struct text location = trail_redirect(response);
        if (err != ERR_OK || location.ptr == NULL || i == redirects || !trail_step(trail, location))
            return err;
    }
}

static void walk_robots(struct walk *walk) {
    struct terrain *terrain = walk->terrain;
    struct http_response response = {0};
    struct fault fault = {0};
    struct trail trail;
    char url[URL_HOST_SIZE + 64];
    snprintf(url, sizeof(url), "%s/robots.txt", terrain->origin);
    trail_init(&trail, text_of(url));
    enum err err = walk_follow(walk, &trail, true, ROBOTS_REDIRECTS_MAX, &response, &fault);
    terrain->robots_asked = err != ERR_BUSY;
    terrain->robots_status = err == ERR_OK ? response.status : 0;
    if (terrain->robots_asked && robots_read(terrain->robots_status, buf_text(&response.body),
                                             PRODUCT, walk->asker->bounds, &walk->robots) != ERR_OK)
        walk->robots = NULL;
    http_response_done(&response);
    trail_done(&trail);
}

/* The target, wherever it redirects to; the site is what is found there. */
static enum err walk_start(struct walk *walk, const struct agent *agent) {
    const struct crawl_limits limits = {WALK_DEPTH, WALK_PER_TEMPLATE, walk->asker->bounds};
    struct terrain *terrain = walk->terrain;
    struct http_response response = {0};
    struct fault fault = {0};
    struct trail trail;
    trail_init(&trail, text_of(terrain->target_text));
    enum err err = walk_follow(walk, &trail, false, WALK_REDIRECTS_MAX, &response, &fault);
    snprintf(terrain->start_why, sizeof(terrain->start_why), "%.150s", fault.text);
    terrain->start_status = err == ERR_OK ? response.status : 0;
    err = ERR_OK;
    if (terrain->start_status / 100 == 2 && trail_look(&trail)) {
        walk_note(terrain, SPOT_HOME, buf_text(&trail.at));
        url_origin(&trail.url, terrain->origin, sizeof(terrain->origin));
        err = crawl_new(&trail.url, &limits, &walk->crawl);
        if (err == ERR_OK && agent->task->modes[RULE_SAFE])
            walk_robots(walk);
        if (err == ERR_OK)
            walk_take(walk, &trail.url, buf_text(&trail.at), &response);
    }
    http_response_done(&response);
    trail_done(&trail);
    return err;
}

static void walk_pages(struct walk *walk) {
    struct text text;
    while (walk->err == ERR_OK && walk->terrain->pages < WALK_PAGES_MAX &&
           crawl_next(walk->crawl, walk->robots, &text)) {
        struct http_response response;
        struct fault fault = {0};
        struct url url;
        const struct http_request request = {.method = "GET", .url = text};
        enum err err = asker_send(walk->asker, &request, &PAGE, &response, &fault);
        if (err == ERR_OK && url_parse(text, &url, NULL) == ERR_OK)
            walk_take(walk, &url, text, &response);
        http_response_done(&response);
        if (err == ERR_BUSY)
            return;
    }
}

enum err walk_run(const struct agent *agent, struct asker *asker, struct terrain *terrain,
                  struct access *access) {
    struct walk walk = {.terrain = terrain, .asker = asker, .access = access};
    enum err err = walk_start(&walk, agent);
    if (err == ERR_OK && walk.robots != NULL)
        walk_pages(&walk);
    err = err == ERR_OK ? walk.err : err;
    if (walk.crawl != NULL)
        terrain->crawl = crawl_counts(walk.crawl);
    crawl_free(walk.crawl);
    robots_free(walk.robots);
    return err;
}
