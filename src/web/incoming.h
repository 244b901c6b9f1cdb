/* incoming: what a client asked, as the web server handed it over. Knows no transport: the
 * body is fetched through `read_body`, so that handlers can be tried without a socket. */
#ifndef AGNOSTIC_WEB_INCOMING_H
#define AGNOSTIC_WEB_INCOMING_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

/* The CGI parameters we look at; all others are ignored. */
#define INCOMING_HEADERS(X)                                                                        \
    X(METHOD, "REQUEST_METHOD")                                                                    \
    X(URI, "REQUEST_URI")                                                                          \
    X(REMOTE_ADDR, "REMOTE_ADDR")                                                                  \
    X(CONTENT_LENGTH, "CONTENT_LENGTH")                                                            \
    X(CONTENT_TYPE, "CONTENT_TYPE")                                                                \
    X(API_KEY, "HTTP_X_API_KEY")                                                                   \
    X(AUTHORIZATION, "HTTP_AUTHORIZATION")                                                         \
    X(ACCEPT, "HTTP_ACCEPT")                                                                       \
    X(IF_NONE_MATCH, "HTTP_IF_NONE_MATCH")                                                         \
    X(RANGE, "HTTP_RANGE")                                                                         \
    X(IF_RANGE, "HTTP_IF_RANGE")                                                                   \
    X(PREFER, "HTTP_PREFER")                                                                       \
    X(LAST_EVENT_ID, "HTTP_LAST_EVENT_ID")                                                         \
    X(ORIGIN, "HTTP_ORIGIN")                                                                       \
    X(CORS_METHOD, "HTTP_ACCESS_CONTROL_REQUEST_METHOD")                                           \
    X(CORS_HEADERS, "HTTP_ACCESS_CONTROL_REQUEST_HEADERS")                                         \
    X(REQUEST_ID, "HTTP_X_REQUEST_ID")                                                             \
    X(CORRELATION_ID, "HTTP_X_CORRELATION_ID")                                                     \
    X(IDEMPOTENCY_KEY, "HTTP_IDEMPOTENCY_KEY")

enum incoming_header {
#define X(id, name) INCOMING_##id,
    INCOMING_HEADERS(X)
#undef X
        INCOMING_HEADER__COUNT
};

enum { INCOMING_PARAMS_MAX = 512 };

struct incoming {
    struct text header[INCOMING_HEADER__COUNT]; /* ptr NULL: not there */
    uint32_t twice;                             /* bit of each header that was there twice */
    enum err fault; /* ERR_OK, or why the parameters as such cannot be used */

    /* read_body(io, max, body): appends the whole body, at most max bytes. ERR_TOO_LARGE,
     * ERR_BODY_SHORT (fewer bytes than CONTENT_LENGTH), ERR_BAD_REQUEST (more bytes, or a
     * CONTENT_LENGTH that is no number), ERR_NOMEM. */
    enum err (*read_body)(void *io, size_t max, struct buf *body);
    void *io;
};

/* incoming_init(incoming, envp): reads "NAME=value" strings, once each; the views point into them.
 */
void incoming_init(struct incoming *incoming, const char *const *envp);
bool incoming_has(const struct incoming *incoming, enum incoming_header id);
bool incoming_has_twice(const struct incoming *incoming, enum incoming_header id);

#endif
