/* http_many: GET requests of a few URLs many times over, several at once, with as little work for
 * each as can be. Bodies are counted and thrown away, compressed ones stay compressed. Connections
 * are kept and used again; the rules are http.h's. */
#ifndef AGNOSTIC_PROBE_HTTP_MANY_H
#define AGNOSTIC_PROBE_HTTP_MANY_H

#include "agnostic/probe/http.h"

struct http_many;

struct http_many_plan {
    const struct gate *gate;
    const char *user_agent;
    const struct text *urls; /* of one origin */
    size_t url_count;        /* at least 1 */
    size_t slots;            /* requests at once, at most */
    const struct http_limits *limits;
    enum http_version version;
};

struct http_many_answer {
    uint64_t tag;
    enum err err; /* ERR_OK: whole; ERR_REFUSED, ERR_RESOLVE, ERR_CONNECT, ERR_TLS, ERR_TIMEOUT,
                     ERR_PEER (also: a body longer than limits.body_max_bytes) */
    int status;
    int version;        /* 11, 20 */
    int64_t service_us; /* from the first byte sent to the last received */
    int64_t retry_after_s;
    int64_t bytes;   /* of the body */
    const char *why; /* words for err; valid during the call */
};
typedef void (*http_many_done)(void *ctx, const struct http_many_answer *answer);

/* http_many_new(plan, &many, &fault): what plan points to must outlive it. ERR_SYNTAX (a URL),
 * ERR_REFUSED (its path is out of bounds), ERR_NOMEM, ERR_IO (no descriptors). */
enum err http_many_new(const struct http_many_plan *plan, struct http_many **ret_many,
                       struct fault *ret_fault);
void http_many_free(struct http_many *many);
/* http_many_start(many, tag, which): begins one request of plan->urls[which]; false when no slot is
 * free. */
bool http_many_start(struct http_many *many, uint64_t tag, size_t which);
/* http_many_running(many): requests begun and not ended. */
size_t http_many_running(const struct http_many *many);
/* http_many_step(many, until_us, done, ctx): waits until something happens, at the latest until
 * that moment of the monotonic clock; tells of each request that ended. */
void http_many_step(struct http_many *many, int64_t until_us, http_many_done done, void *ctx);

#endif
