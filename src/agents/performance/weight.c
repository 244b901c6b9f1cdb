/* Asks for what a page loads. Judges nothing. */
#include "agents/performance/weight.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "agnostic/probe/bucket.h"
#include "agnostic/probe/html.h"

enum { WEIGHT_BUDGET_MS = 10000 };

static const struct http_limits LIMITS = {5000, 5000, 4 << 20, 64 << 10};

/* One weighing. */
struct weighing {
    struct http *http;
    struct bucket bucket;
    int64_t end_ms;
    struct weight *page;
    char origin[URL_HOST_SIZE + 16];
};

/* --- one answer ------------------------------------------------------------------------------- */

static bool weight_is_text(struct text type) {
    static const char *const TEXTS[] = {"text/", "application/javascript", "application/json",
                                        "application/xml", "image/svg+xml"};
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
        if (text_istarts(type, text_of(TEXTS[i])))
            return true;
    return false;
}

static bool weight_may_be_kept(const struct http_response *response) {
    static const char *const FIELDS[] = {"Cache-Control", "Expires", "ETag", "Last-Modified"};
    for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++)
        if (http_response_header(response, FIELDS[i], 0).ptr != NULL)
            return true;
    return false;
}

static enum err weight_add(struct weight *page, struct text url,
                           const struct http_response *response) {
    struct text coding = http_response_header(response, "Content-Encoding", 0);
    struct weight_part *part = &page->parts[page->count];
    *part = (struct weight_part){
        .url = text_dup(url),
        .status = response->status,
        .bytes = response->wire_bytes,
        .decoded = (int64_t)response->body.len,
        .is_text = weight_is_text(http_response_header(response, "Content-Type", 0)),
        .is_compressed = coding.len > 0 && !text_ieq(coding, TEXT("identity")),
        .may_be_kept = weight_may_be_kept(response),
    };
    if (part->url == NULL)
        return ERR_NOMEM;
    page->count++;
    return ERR_OK;
}

/* False: time is up. */
static bool weight_wait(struct weighing *weighing) {
    int64_t wait_us = bucket_wait_us(&weighing->bucket, time_mono_us());
    if (time_mono_ms() + wait_us / 1000 >= weighing->end_ms)
        return false;
    time_sleep_ms((wait_us + 999) / 1000);
    bucket_take(&weighing->bucket, time_mono_us());
    return true;
}

/* False: there is no answer, and nothing to release. */
static bool weight_ask(struct weighing *weighing, struct text url,
                       struct http_response *ret_response) {
    const struct http_request request = {.method = "GET", .url = url};
    *ret_response = (struct http_response){0};
    if (http_permits(weighing->http, &request, NULL) != ERR_OK || !weight_wait(weighing))
        return false;
    weighing->page->asked++;
    enum err err = http_send(weighing->http, &request, &LIMITS, ret_response, NULL);
    if (err != ERR_OK) {
        http_response_done(ret_response);
        return false;
    }
    bucket_heed(&weighing->bucket, ret_response->status, ret_response->retry_after_s,
                time_mono_us());
    bucket_time(&weighing->bucket, ret_response->total_us);
    return true;
}

/* --- redirects -------------------------------------------------------------------------------- */

static bool weight_is_own(const struct weighing *weighing, struct text text, struct url *ret_url) {
    char origin[sizeof(weighing->origin)];
    if (url_parse(text, ret_url, NULL) != ERR_OK)
        return false;
    url_origin(ret_url, origin, sizeof(origin));
    return strcmp(origin, weighing->origin) == 0;
}

/* Where the answer leads, in buf; false: nowhere of this origin. */
static bool weight_next(struct weighing *weighing, const struct url *url,
                        const struct http_response *response, struct buf *buf) {
    struct text location = http_response_header(response, "Location", 0);
    struct url next;
    if (response->status < 300 || response->status > 399 || location.ptr == NULL)
        return false;
    buf_reset(buf);
    weighing->page->redirects++;
    weighing->page->is_elsewhere =
        url_resolve(url, location, buf) != ERR_OK || !weight_is_own(weighing, buf_text(buf), &next);
    return !weighing->page->is_elsewhere;
}

/* --- what it loads -----------------------------------------------------------------------------
 */

static bool weight_is_loaded(enum html_link_kind kind) {
    return kind == HTML_SCRIPT || kind == HTML_STYLESHEET || kind == HTML_IMAGE ||
           kind == HTML_FRAME;
}

static bool weight_is_known(const struct weight *page, struct text url) {
    for (size_t i = 0; i < page->count; i++)
        if (text_is(url, page->parts[i].url))
            return true;
    return false;
}

static enum err weight_load(struct weighing *weighing, struct text url) {
    struct weight *page = weighing->page;
    struct http_response response;
    struct url parsed;
    enum err err = ERR_OK;
    if (!weight_is_own(weighing, url, &parsed)) {
        page->foreign++;
        return ERR_OK;
    }
    if (weight_is_known(page, url))
        return ERR_OK;
    if (page->count > WEIGHT_RESOURCES_MAX || !weight_ask(weighing, url, &response)) {
        page->not_asked++;
        return ERR_OK;
    }
    err = weight_add(page, url, &response);
    http_response_done(&response);
    return err;
}

static enum err weight_load_all(struct weighing *weighing, const struct url *url,
                                struct text body) {
    struct html *html;
    struct buf buf;
    size_t count;
    enum err err = html_parse(body, &html);
    if (err != ERR_OK)
        return err == ERR_NOMEM ? err : ERR_OK; /* what cannot be read loads nothing we know of */
    const struct html_link *links = html_links(html, &count);
    buf_init(&buf, 2 * URL_MAX_BYTES);
    for (size_t i = 0; err == ERR_OK && i < count; i++) {
        buf_reset(&buf);
        if (weight_is_loaded(links[i].kind) &&
            html_resolve(html, url, links[i].url, &buf) == ERR_OK && !buf.failed)
            err = weight_load(weighing, buf_text(&buf));
    }
    buf_done(&buf);
    html_free(html);
    return err;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static bool weight_is_html(const struct http_response *response) {
    return text_istarts(http_response_header(response, "Content-Type", 0), TEXT("text/html"));
}

/* `at` is where `response` came from; both change hands on the way. */
static enum err weight_follow(struct weighing *weighing, struct buf *at, struct url *url,
                              const struct http_response *first) {
    struct http_response later = {0};
    const struct http_response *response = first;
    struct buf next;
    enum err err = ERR_OK;
    buf_init(&next, 2 * URL_MAX_BYTES);
    while (weighing->page->redirects < WEIGHT_REDIRECTS_MAX &&
           weight_next(weighing, url, response, &next)) {
        http_response_done(&later);
        buf_reset(at);
        buf_puttext(at, buf_text(&next));
        if (url_parse(buf_text(at), url, NULL) != ERR_OK ||
            !weight_ask(weighing, buf_text(at), &later))
            break;
        response = &later;
    }
    if (response->status >= 200 && response->status < 300) {
        err = weight_add(weighing->page, buf_text(at), response);
        if (err == ERR_OK && weight_is_html(response))
            err = weight_load_all(weighing, url, buf_text(&response->body));
    }
    http_response_done(&later);
    buf_done(&next);
    return err;
}

enum err weight_weigh(const struct weight_plan *plan, struct text url,
                      const struct http_response *first, struct weight *ret_weight) {
    struct weight page = {.known = true};
    struct weighing weighing = {.page = &page, .end_ms = time_mono_ms() + WEIGHT_BUDGET_MS};
    struct url parsed;
    struct buf at;
    buf_init(&at, 2 * URL_MAX_BYTES);
    buf_puttext(&at, url);
    bucket_init(&weighing.bucket, plan->max_rps);
    enum err err = url_parse(buf_text(&at), &parsed, NULL);
    if (err == ERR_OK)
        err = http_new(plan->gate, "agnostic-qa/" AGNOSTIC_VERSION, &weighing.http);
    if (err == ERR_OK) {
        url_origin(&parsed, weighing.origin, sizeof(weighing.origin));
        http_trust(weighing.http, false); /* certificates are judged by another agent */
        http_speak(weighing.http, plan->version);
        err = weight_follow(&weighing, &at, &parsed, first);
    }
    http_free(weighing.http);
    buf_done(&at);
    if (err == ERR_OK)
        *ret_weight = page;
    else
        weight_done(&page);
    return err;
}

void weight_done(struct weight *page) {
    for (size_t i = 0; i < page->count; i++)
        free(page->parts[i].url);
    *page = (struct weight){0};
}

int64_t weight_bytes(const struct weight *page) {
    int64_t bytes = 0;
    for (size_t i = 0; i < page->count; i++)
        bytes += page->parts[i].bytes;
    return bytes;
}
