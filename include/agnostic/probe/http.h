/* http: one bounded HTTP request at a time. Only user of libcurl; agents, webhooks and
 * agnosticctl all use it. Never follows a redirect, never uses a proxy, netrc, cookies or
 * another protocol; checks every address at the moment of connecting (gate.h). */
#ifndef AGNOSTIC_PROBE_HTTP_H
#define AGNOSTIC_PROBE_HTTP_H

#include "agnostic/base/buf.h"
#include "agnostic/probe/gate.h"

struct http; /* a client: keeps connections, DNS results are not trusted across requests */

struct http_limits {
    int64_t connect_ms, total_ms;
    size_t body_max_bytes, header_max_bytes; /* after decoding; more is cut, `truncated` set */
};
extern const struct http_limits HTTP_LIMITS_PROBE;   /* 5 s, 20 s, 4 MiB, 256 KiB */
extern const struct http_limits HTTP_LIMITS_WEBHOOK; /* 3 s, 10 s, 4 KiB, 32 KiB */

/* What is spoken. HTTP/2 is agreed on in the TLS handshake, and HTTP/1.1 is taken where it is not
 * offered or there is no TLS (libcurl 7.88 cannot use a connection again that began without). */
enum http_version { HTTP_1, HTTP_2 };

/* http_new(gate, user_agent, &http): gate is borrowed. */
enum err http_new(const struct gate *gate, const char *user_agent, struct http **ret_http);
void http_free(struct http *http);
/* http_trust(http, verify): false for servers whose certificate was judged by tls.h: their pages
 * are fetched whatever it is worth, over whatever TLS they speak. New clients verify. */
void http_trust(struct http *http, bool verify);
/* http_speak(http, version): new clients speak HTTP/1.1. */
void http_speak(struct http *http, enum http_version version);

struct http_header {
    struct text name, value; /* as sent; value trimmed */
};
struct http_request {
    const char *method; /* "GET" */
    struct text url;    /* absolute; parsed by url_parse */
    struct text target; /* what stands in the request line instead of url's path and query, of any
                           length, as it is; ptr NULL: they do */
    const struct http_header *headers;
    size_t header_count;
    struct text body; /* ptr NULL: none */
    bool fresh;       /* do not reuse a connection, nor a TLS session */
};
/* How a body ended. */
enum http_body_end {
    HTTP_BODY_WHOLE,
    HTTP_BODY_CUT,   /* by a limit of ours, or in a way that says nothing of the other side */
    HTTP_BODY_SHORT, /* the other side ended it before the length, or the last chunk, announced */
    HTTP_BODY_UNDECODABLE /* it is not in its Content-Encoding, or in one that nobody knows */
};
struct http_response {
    int status;                  /* 0: none */
    int version;                 /* 10, 11, 20 */
    struct http_header *headers; /* of the final answer, in order, repeats kept */
    size_t header_count;
    struct buf body;
    struct buf raw;     /* header bytes that headers points into */
    int64_t wire_bytes; /* of the body as it was sent, before decoding */
    bool truncated;     /* not all of the answer: its body is not whole, or head_truncated */
    enum http_body_end body_end;
    bool head_truncated;                /* headers are missing, by a limit */
    struct addr addr;                   /* that answered */
    int64_t dns_us, connect_us, tls_us; /* each phase by itself; 0 on a connection used again */
    int64_t first_byte_us, total_us;    /* since the start */
    int64_t retry_after_s;              /* of Retry-After, in seconds or as a date; 0: none */
};
void http_response_done(struct http_response *response);
/* http_response_header(response, name, index): the index-th header of that name, or ptr NULL. */
struct text http_response_header(const struct http_response *response, const char *name,
                                 size_t index);

/* http_permits(http, request, &fault): may it be sent, as far as its URL says? ERR_SYNTAX;
 * ERR_REFUSED: its path, or that of its target, is out of bounds (gate.h). */
enum err http_permits(const struct http *http, const struct http_request *request,
                      struct fault *ret_fault);
/* http_send(http, request, limits, &response, &fault): one request. An HTTP error status is
 * ERR_OK, and so is an answer whose body was cut short once its headers were whole. ERR_REFUSED,
 * ERR_RESOLVE, ERR_CONNECT, ERR_TLS, ERR_TIMEOUT, ERR_PEER, ERR_SYNTAX (url). ret_response is to be
 * released with http_response_done in every case. */
enum err http_send(struct http *http, const struct http_request *request,
                   const struct http_limits *limits, struct http_response *ret_response,
                   struct fault *ret_fault);

#endif
