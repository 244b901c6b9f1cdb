/* http_engine: a way to send many requests at once. What each does is in http_many.h. */
#ifndef PROBE_HTTP_ENGINE_H
#define PROBE_HTTP_ENGINE_H

#include "agnostic/probe/http_many.h"

#define HTTP_ENGINE_CODINGS "gzip, deflate, br"

struct http_engine {
    enum err (*make)(const struct http_many_plan *plan, void **ret_self, struct fault *ret_fault);
    void (*free)(void *self);
    bool (*start)(void *self, uint64_t tag, size_t which);
    size_t (*running)(const void *self);
    void (*step)(void *self, int64_t until_us, http_many_done done, void *ctx);
};

extern const struct http_engine HTTP_SOCKETS; /* HTTP/1.1, a connection a request */
extern const struct http_engine HTTP_STREAMS; /* HTTP/2, many requests a connection */

#endif
