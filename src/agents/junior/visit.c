/* Asks. Judges nothing. */
#include "agents/junior/visit.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *method;
    struct http_limits limits;
} HOWS[] = {
    [VISIT_PAGE] = {"GET", {5000, 10000, 1 << 20, 256 << 10}},
    [VISIT_FILE] = {"GET", {5000, 10000, 256 << 10, 256 << 10}},
    [VISIT_FRONT] = {"GET", {5000, 10000, 16 << 10, 256 << 10}},
    [VISIT_HEAD] = {"HEAD", {5000, 10000, 16 << 10, 256 << 10}},
};

/* --- one request ------------------------------------------------------------------------------ */

/* The answer is to be released whatever is returned. ERR_BUSY: nothing may be asked any more. */
static enum err visit_ask(struct visitor *visitor, struct text url, enum visit_how how,
                          struct http_response *response, struct fault *fault) {
    const struct http_request request = {.method = HOWS[how].method, .url = url};
    *response = (struct http_response){0};
    if (visitor->err != ERR_OK)
        return ERR_BUSY;
    presence_look(&visitor->site->presence, &visitor->asker);
    return asker_send(&visitor->asker, &request, &HOWS[how].limits, response, fault);
}

static enum site_end visit_end_of(int status) {
    if (status >= 200 && status < 300)
        return SITE_FINE;
    return status == 401 || status == 403 || status == 429 ? SITE_CLOSED : SITE_BROKEN;
}

/* --- a URL with its redirects ----------------------------------------------------------------- */

static bool visit_is_own(const struct site *site, const struct url *url) {
    char origin[sizeof(site->origin)];
    url_origin(url, origin, sizeof(origin));
    return site->origin[0] == '\0' || strcmp(origin, site->origin) == 0;
}

/* Why a URL is not asked for, whoever leads there: a link, a redirect, a sitemap. SITE_UNASKED: it
 * is to be asked for. Before robots.txt is known only the target itself is, and where it redirects
 * to. */
static enum site_end visit_leaves(const struct visitor *visitor, const struct url *url) {
    if (bounds_excludes(visitor->asker.bounds, url->path) ||
        (visitor->robots != NULL && bounds_stays(visitor->asker.bounds)))
        return SITE_BARRED;
    bool left = visitor->robots != NULL &&
                (!robots_allows(visitor->robots, url) || crawl_is_unsafe(url->path) ||
                 (url->query.ptr != NULL && crawl_is_unsafe(url->query)));
    return left ? SITE_LEFT : SITE_UNASKED;
}

void visit_follow(struct visitor *visitor, struct site_url *found, struct trail *trail,
                  enum visit_how how, struct http_response *response) {
    struct fault fault = {0};
    size_t changes = 0; /* between http and https */
    found->redirects = 0;
    for (;;) {
        bool tls = trail->url.tls;
        http_response_done(response);
        if (!trail_look(trail))
            return;
        changes += found->redirects > 0 && tls != trail->url.tls;
        found->flips = changes > 1;
        if (!visit_is_own(visitor->site, &trail->url)) {
            found->end = SITE_FINE; /* another site's affair */
            return;
        }
        enum err err = ERR_BUSY; /* the end of the way was not seen: nothing is said of it */
        found->end = visit_leaves(visitor, &trail->url);
        if (found->end == SITE_UNASKED)
            err = visit_ask(visitor, buf_text(&trail->at), how, response, &fault);
        if (err == ERR_BUSY)
            return;
        found->status = response->status;
        found->end = err == ERR_OK ? visit_end_of(response->status) : SITE_BROKEN;
        snprintf(found->why, sizeof(found->why), "%.150s", err == ERR_OK ? "" : fault.text);
        if (how != VISIT_HEAD && found->end == SITE_FINE)
            site_note_body(found, response);
        struct text location = trail_redirect(response);
        if (err != ERR_OK || location.ptr == NULL)
            return;
        if (found->redirects++ == SITE_REDIRECTS_MAX) {
            snprintf(found->why, sizeof(found->why), "more than %d redirects", SITE_REDIRECTS_MAX);
            return;
        }
        if (!trail_step(trail, location)) {
            snprintf(found->why, sizeof(found->why), "it redirects to what is no web address");
            return;
        }
    }
}

bool visit_fetch(struct visitor *visitor, const char *path, struct http_response *response,
                 int *ret_status) {
    char url[URL_HOST_SIZE + 64];
    struct site_url found = {.end = SITE_UNASKED};
    struct trail trail;
    snprintf(url, sizeof(url), "%s%s", visitor->site->origin, path);
    trail_init(&trail, text_of(url));
    visit_follow(visitor, &found, &trail, VISIT_PAGE, response);
    trail_done(&trail);
    *ret_status = found.status;
    return found.end > SITE_BARRED;
}
