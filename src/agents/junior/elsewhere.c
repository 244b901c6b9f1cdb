/* Asks other people's servers, slowly. Judges nothing. */
#include "agents/junior/elsewhere.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/asker.h"
#include "agents/trail.h"
#include "agnostic/base/time.h"
#include "agnostic/probe/crawl.h"

enum { MS_PER_S = 1000 };

static const struct http_limits LIMITS = {5000, 10000, 4 << 10, 64 << 10};

/* --- links ------------------------------------------------------------------------------------ */

/* NULL: there is no room. */
static struct elsewhere_host *elsewhere_host(struct elsewhere *elsewhere, const char *name) {
    for (size_t i = 0; i < elsewhere->host_count; i++)
        if (strcmp(elsewhere->hosts[i].name, name) == 0)
            return &elsewhere->hosts[i];
    if (elsewhere->host_count == ELSEWHERE_HOSTS_MAX)
        return NULL;
    struct elsewhere_host *host = &elsewhere->hosts[elsewhere->host_count++];
    text_copy(text_of(name), host->name, sizeof(host->name));
    return host;
}

static bool elsewhere_knows(const struct elsewhere *elsewhere, const char *text) {
    for (size_t i = 0; i < elsewhere->count; i++)
        if (strcmp(elsewhere->links[i].text, text) == 0)
            return true;
    return false;
}

void elsewhere_add(struct elsewhere *elsewhere, struct text text, int from, bool changes) {
    struct url url;
    struct buf normal;
    if (url_parse(text, &url, NULL) != ERR_OK)
        return;
    buf_init(&normal, 2 * URL_MAX_BYTES);
    url_put(&url, &normal);
    bool is_known = !normal.failed && elsewhere_knows(elsewhere, buf_str(&normal));
    char *kept = !is_known && !normal.failed && elsewhere->count < ELSEWHERE_LINKS_MAX
                     ? text_dup(buf_text(&normal))
                     : NULL;
    buf_done(&normal);
    if (kept == NULL) {
        elsewhere->dropped += !is_known;
        return;
    }
    elsewhere->links[elsewhere->count++] =
        (struct elsewhere_link){.text = kept,
                                .from = from,
                                .host = elsewhere_host(elsewhere, url.host),
                                .end = changes ? ELSEWHERE_LEFT : ELSEWHERE_UNASKED};
}

void elsewhere_done(struct elsewhere *elsewhere) {
    for (size_t i = 0; i < elsewhere->count; i++)
        free(elsewhere->links[i].text);
    elsewhere->count = 0;
}

size_t elsewhere_ended(const struct elsewhere *elsewhere, enum elsewhere_end end) {
    size_t count = 0;
    for (size_t i = 0; i < elsewhere->count; i++)
        count += elsewhere->links[i].end == end;
    return count;
}

/* --- one request ------------------------------------------------------------------------------ */

/* Waits until that host may be asked. false: nothing may be asked any more. */
static bool elsewhere_turn(struct asker *asker, const struct elsewhere_host *host) {
    int64_t wait_ms = host->next_ms - time_mono_ms();
    wait_ms = wait_ms > 0 ? wait_ms : 0;
    if (time_mono_ms() + wait_ms >= asker->end_ms)
        return false;
    time_sleep_ms(wait_ms);
    return asker_turn(asker);
}

/* A host that asks for patience gets it, within bounds. */
static void elsewhere_rest(struct elsewhere_host *host, int64_t retry_after_s) {
    int64_t pause_ms = retry_after_s > BUCKET_PAUSE_MAX_MS / MS_PER_S ? BUCKET_PAUSE_MAX_MS
                                                                      : retry_after_s * MS_PER_S;
    pause_ms = pause_ms > ELSEWHERE_INTERVAL_MS ? pause_ms : ELSEWHERE_INTERVAL_MS;
    host->next_ms = time_mono_ms() + pause_ms + 1; /* the clock cuts parts of a millisecond off */
}

/* response is released first, and to be released. ERR_BUSY: nothing may be asked any more. */
static enum err elsewhere_send(struct elsewhere *elsewhere, struct asker *asker, const char *method,
                               const struct trail *trail, struct http_response *response,
                               struct fault *fault) {
    const struct http_request request = {.method = method, .url = buf_text(&trail->at)};
    struct elsewhere_host *host = elsewhere_host(elsewhere, trail->url.host);
    http_response_done(response);
    if (host == NULL || !elsewhere_turn(asker, host))
        return ERR_BUSY;
    enum err err = http_send(asker->http, &request, &LIMITS, response, fault);
    elsewhere_rest(host, response->retry_after_s);
    elsewhere->requests++;
    return err;
}

/* --- a link with its redirects ---------------------------------------------------------------- */

static enum elsewhere_end elsewhere_end_of(enum err err, int status) {
    switch (err) {
    case ERR_OK:
        break;
    case ERR_RESOLVE:
    case ERR_CONNECT:
        return ELSEWHERE_BROKEN;
    case ERR_REFUSED:
        return ELSEWHERE_FORBIDDEN;
    case ERR_BUSY:
        return ELSEWHERE_UNASKED;
    default:
        return ELSEWHERE_UNCLEAR;
    }
    if (status == 401 || status == 403 || status == 429 || status == 999)
        return ELSEWHERE_CLOSED;
    return status >= 400 ? ELSEWHERE_BROKEN : ELSEWHERE_FINE;
}

/* Servers that answer GET alone. */
static bool elsewhere_denies_head(int status) {
    return status == 403 || status == 405 || status == 501;
}

static void elsewhere_look(struct elsewhere *elsewhere, struct asker *asker,
                           struct elsewhere_link *link, const char *method,
                           const struct trail *trail, struct http_response *response) {
    struct fault fault = {0};
    if (bounds_excludes(asker->bounds, trail->url.path)) {
        http_response_done(response);
        link->end = ELSEWHERE_BARRED;
        return;
    }
    enum err err = elsewhere_send(elsewhere, asker, method, trail, response, &fault);
    if (err == ERR_OK && strcmp(method, "HEAD") == 0 && elsewhere_denies_head(response->status))
        err = elsewhere_send(elsewhere, asker, "GET", trail, response, &fault);
    link->end = elsewhere_end_of(err, response->status);
    link->status = err == ERR_OK ? response->status : 0;
    snprintf(link->why, sizeof(link->why), "%.150s", err == ERR_OK ? "" : fault.text);
}

static void elsewhere_follow(struct elsewhere *elsewhere, struct asker *asker,
                             struct elsewhere_link *link, const char *method) {
    struct http_response response = {0};
    struct trail trail;
    size_t redirects = 0;
    trail_init(&trail, text_of(link->text));
    while (trail_look(&trail)) {
        elsewhere_look(elsewhere, asker, link, method, &trail, &response);
        struct text location = trail_redirect(&response);
        if (link->end != ELSEWHERE_FINE || location.ptr == NULL)
            break;
        link->end = ELSEWHERE_UNCLEAR; /* cookies, or a browser, may find the end */
        if (redirects++ == ELSEWHERE_REDIRECTS_MAX || !trail_step(&trail, location))
            break;
    }
    http_response_done(&response);
    trail_done(&trail);
}

/* --- all of them ------------------------------------------------------------------------------ */

/* The one whose host may be asked first. NULL: none is left. */
static struct elsewhere_link *elsewhere_next(struct elsewhere *elsewhere) {
    struct elsewhere_link *next = NULL;
    for (size_t i = 0; i < elsewhere->count; i++) {
        struct elsewhere_link *link = &elsewhere->links[i];
        if (link->end == ELSEWHERE_UNASKED &&
            (next == NULL || link->host->next_ms < next->host->next_ms))
            next = link;
    }
    return next;
}

static void elsewhere_first(struct elsewhere *elsewhere, struct asker *asker) {
    struct elsewhere_link *link;
    while ((link = elsewhere_next(elsewhere)) != NULL) {
        elsewhere_follow(elsewhere, asker, link, "HEAD");
        if (link->end == ELSEWHERE_UNASKED)
            return; /* nothing may be asked any more */
    }
}

/* What failed may have had a bad moment, or no answer to HEAD. */
static void elsewhere_again(struct elsewhere *elsewhere, struct asker *asker) {
    size_t asked = 0;
    for (size_t i = 0; i < elsewhere->count && asked < ELSEWHERE_AGAIN_MAX; i++) {
        struct elsewhere_link *link = &elsewhere->links[i], second = *link;
        if (link->end != ELSEWHERE_BROKEN)
            continue;
        asked++;
        elsewhere_follow(elsewhere, asker, &second, "GET");
        if (second.end != ELSEWHERE_UNASKED)
            *link = second;
    }
}

static void elsewhere_bar(struct elsewhere *elsewhere) {
    for (size_t i = 0; i < elsewhere->count; i++)
        elsewhere->links[i].end = ELSEWHERE_BARRED;
}

enum err elsewhere_ask(struct elsewhere *elsewhere, const struct agent_task *task,
                       const struct gate *gate, bool non_public, size_t spent) {
    struct asker asker;
    if (!elsewhere->is_wanted || !task->modes[RULE_SAFE])
        return ERR_OK;
    if (bounds_stays(task->bounds)) {
        elsewhere_bar(elsewhere);
        return ERR_OK;
    }
    enum err err = asker_open(&asker, task, gate, non_public, ELSEWHERE_BUDGET_MS);
    if (err == ERR_OK) {
        asker.most -= (int64_t)spent;
        elsewhere_first(elsewhere, &asker);
        elsewhere_again(elsewhere, &asker);
    }
    asker_close(&asker);
    return err;
}
