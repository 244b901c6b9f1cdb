/* Requests as bytes. Sends none. */
#include "probe/http_get.h"

#include <stdlib.h>

#include "probe/http_engine.h"

struct http_get {
    size_t count;
    struct buf bytes[]; /* one for each URL */
};

static void http_get_put(const struct url *url, const char *user_agent, struct buf *bytes) {
    char authority[URL_HOST_SIZE + 16];
    url_authority(url, authority, sizeof(authority));
    buf_init(bytes, 2 * URL_MAX_BYTES);
    buf_printf(bytes, "GET %.*s", TEXT_ARG(url->path));
    if (url->query.ptr)
        buf_printf(bytes, "?%.*s", TEXT_ARG(url->query));
    buf_printf(bytes,
               " HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nAccept: */*\r\n"
               "Accept-Encoding: " HTTP_ENGINE_CODINGS "\r\n\r\n",
               authority, user_agent);
}

enum err http_get_new(const struct http_many_plan *plan, struct http_get **ret_get,
                      struct fault *ret_fault) {
    struct http_get *get = calloc(1, sizeof(*get) + plan->url_count * sizeof(get->bytes[0]));
    enum err err = get ? ERR_OK : ERR_NOMEM;
    struct url url;
    while (err == ERR_OK && get->count < plan->url_count) {
        err = url_parse(plan->urls[get->count], &url, ret_fault);
        if (err != ERR_OK)
            break;
        http_get_put(&url, plan->user_agent, &get->bytes[get->count]);
        err = get->bytes[get->count++].failed ? ERR_NOMEM : ERR_OK;
    }
    if (err == ERR_OK)
        *ret_get = get;
    else
        http_get_free(get);
    return err;
}

void http_get_free(struct http_get *get) {
    if (!get)
        return;
    for (size_t i = 0; i < get->count; i++)
        buf_done(&get->bytes[i]);
    free(get);
}

struct text http_get_bytes(const struct http_get *get, size_t which) {
    return buf_text(&get->bytes[which]);
}
