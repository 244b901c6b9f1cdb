/* Looks for descriptions. Judges nothing. */
#include "agents/api.h"

#include <stdio.h>

#include "agnostic/probe/crawl.h"

enum { LINKS_MAX = 8 };

static const char *const NAMES[] = {"/openapi.json", "/openapi.yaml", "/swagger.json",
                                    "/v3/api-docs"};
static const struct http_limits DESCRIPTION = {5000, 10000, OPENAPI_MAX_BYTES, 64 << 10};

/* The target of a Link field's entry whose relation is service-desc (RFC 8631); ptr NULL: none. */
static struct text api_link(struct text field) {
    struct text part, target;
    while (field.ptr != NULL && text_cut(&field, ',', &part)) {
        part = text_trim(part);
        long end = text_find(part, TEXT(">"));
        if (end < 1 || part.ptr[0] != '<')
            continue;
        target = text_make(part.ptr + 1, (size_t)end - 1);
        if (text_ifind(text_make(part.ptr + end, part.len - (size_t)end), TEXT("service-desc")) > 0)
            return target;
    }
    return text_make(NULL, 0);
}

static bool api_is_own(const struct url *home, const struct url *url) {
    char a[URL_HOST_SIZE + 32], b[URL_HOST_SIZE + 32];
    url_origin(home, a, sizeof(a));
    url_origin(url, b, sizeof(b));
    return text_eq(text_of(a), text_of(b));
}

static void api_take(struct api *api, const struct url *url, struct text body) {
    struct openapi *openapi;
    struct fault fault;
    struct buf server;
    if (openapi_read(body, &openapi, &fault) != ERR_OK) {
        api->doubt = "api_not_understood";
        return;
    }
    buf_init(&server, URL_MAX_BYTES);
    if (!openapi_server(openapi, url, &server) || server.failed) {
        openapi_free(openapi);
        api->reason = "api_elsewhere";
    } else {
        api->openapi = openapi;
        (void)text_copy(buf_text(&server), api->server, sizeof(api->server));
    }
    buf_done(&server);
}

static bool api_says_data(struct text type) {
    return openapi_is_json(type) || text_ifind(type, TEXT("yaml")) >= 0;
}

static bool api_may(const struct asker *asker, struct api *api, const struct url *url) {
    bool allowed = robots_allows(api->robots, url);
    bool barred = bounds_stays(asker->bounds) || bounds_excludes(asker->bounds, url->path);
    if (!allowed && api->doubt == NULL)
        api->doubt = barred ? "constraints" : "robots_disallows";
    return allowed;
}

/* Asks for one place; true when nothing else is to be tried. */
static bool api_try(struct asker *asker, const struct url *home, struct text reference,
                    bool announced, struct api *api) {
    struct http_response response = {0};
    struct fault fault = {0};
    struct buf whole;
    struct url url;
    buf_init(&whole, 2 * URL_MAX_BYTES);
    if (url_resolve(home, reference, &whole) == ERR_OK && !whole.failed &&
        url_parse(buf_text(&whole), &url, NULL) == ERR_OK && api_is_own(home, &url) &&
        api_may(asker, api, &url)) {
        const struct http_request request = {.method = "GET", .url = buf_text(&whole)};
        enum err err = asker_send(asker, &request, &DESCRIPTION, &response, &fault);
        struct text type = http_response_header(&response, "Content-Type", 0);
        if (err == ERR_OK && response.status / 100 == 2 && (announced || api_says_data(type)))
            api_take(api, &url, buf_text(&response.body));
        else if (err != ERR_OK)
            api->doubt = "not_asked";
        http_response_done(&response);
    }
    buf_done(&whole);
    return api->openapi != NULL || api->reason != NULL;
}

/* What the start page announces. */
static bool api_announced(struct asker *asker, const struct url *home, struct text text,
                          struct api *api) {
    static const struct http_limits FRONT = {5000, 10000, 4096, 64 << 10};
    const struct http_request request = {.method = "GET", .url = text};
    struct http_response response;
    struct fault fault = {0};
    bool found = false;
    enum err err = asker_send(asker, &request, &FRONT, &response, &fault);
    for (size_t i = 0; err == ERR_OK && !found && i < LINKS_MAX; i++) {
        struct text link = api_link(http_response_header(&response, "Link", i));
        found = link.ptr != NULL && api_try(asker, home, link, true, api);
    }
    http_response_done(&response);
    return found;
}

static enum err api_robots(struct asker *asker, const struct url *home, struct api *api) {
    struct http_response response;
    struct fault fault = {0};
    char url[URL_HOST_SIZE + 64], origin[URL_HOST_SIZE + 32];
    url_origin(home, origin, sizeof(origin));
    snprintf(url, sizeof(url), "%s/robots.txt", origin);
    const struct http_request request = {.method = "GET", .url = text_of(url)};
    enum err err = asker_send(asker, &request, &DESCRIPTION, &response, &fault);
    int status = err == ERR_OK ? response.status : 0;
    err = err == ERR_BUSY ? ERR_OK
                          : robots_read(status, buf_text(&response.body), "agnostic-qa",
                                        asker->bounds, &api->robots);
    http_response_done(&response);
    return err;
}

enum err api_find(struct asker *asker, const char *home, struct api *ret_api) {
    struct url url;
    *ret_api = (struct api){.openapi = NULL};
    if (url_parse(text_of(home), &url, NULL) != ERR_OK)
        return ERR_OK;
    enum err err = api_robots(asker, &url, ret_api);
    bool done = err != ERR_OK || ret_api->robots == NULL ||
                api_announced(asker, &url, text_of(home), ret_api);
    for (size_t i = 0; !done && i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        done = api_try(asker, &url, text_of(NAMES[i]), false, ret_api);
    if (ret_api->robots == NULL)
        ret_api->doubt = "not_asked";
    if (ret_api->openapi == NULL && ret_api->reason == NULL)
        ret_api->reason = ret_api->doubt != NULL ? ret_api->doubt : "no_api_description";
    return err;
}

void api_done(struct api *api) {
    openapi_free(api->openapi);
    robots_free(api->robots);
    *api = (struct api){.openapi = NULL};
}

bool api_is_open(const struct api *api, struct text text, bool may_change) {
    struct url url;
    return url_parse(text, &url, NULL) == ERR_OK && robots_allows(api->robots, &url) &&
           (may_change ||
            (!crawl_is_unsafe(url.path) && (url.query.ptr == NULL || !crawl_is_unsafe(url.query))));
}
