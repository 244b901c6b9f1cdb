/* cors: exact matching of Origin against the configured list; nothing else opens a door.
 * Must not know routes: a preflight is answered for any path, as the original does. */
#include "web/cors.h"

#include <stdlib.h>

#include "agnostic/base/url.h"

enum { CORS_ORIGINS_MAX = 64 };

struct cors {
    char *list; /* what the origins point into */
    struct text origins[CORS_ORIGINS_MAX];
    size_t count;
};

/* What each dialect lets through; headers NULL: whatever is asked for. */
static const struct {
    const char *methods, *headers;
} DIALECTS[] = {
    [DIALECT_G1] = {"DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT", NULL},
    [DIALECT_G2] = {"GET, POST, PUT, DELETE, OPTIONS",
                    "Accept, Accept-Language, Authorization, Content-Language, Content-Type, "
                    "Idempotency-Key, X-API-Key, X-Correlation-ID"},
};

/* scheme://host[:port], as a browser writes it: nothing behind the authority. */
static bool cors_is_origin(struct text entry) {
    struct url url;
    char canonical[URL_HOST_SIZE + 16];
    if (url_parse(entry, &url, NULL) != ERR_OK)
        return false;
    url_origin(&url, canonical, sizeof(canonical));
    return text_is(entry, canonical);
}

static enum err cors_read(struct cors *cors, struct fault *ret_fault) {
    struct text rest = text_of(cors->list);
    for (struct text part; text_cut(&rest, ',', &part);) {
        struct text origin = text_trim(part);
        if (origin.len == 0)
            continue;
        if (!cors_is_origin(origin) || cors->count == CORS_ORIGINS_MAX)
            return fault_set(ret_fault, ERR_CONFIG,
                             "CORS_ALLOWED_ORIGINS: not an origin like https://host:port: %.*s",
                             TEXT_ARG(origin));
        cors->origins[cors->count++] = origin;
    }
    return ERR_OK;
}

enum err cors_new(struct text origins, struct cors **ret_cors, struct fault *ret_fault) {
    struct cors *cors = calloc(1, sizeof(*cors));
    if (cors == NULL || (cors->list = text_dup(origins)) == NULL) {
        cors_free(cors);
        return fault_set(ret_fault, ERR_NOMEM, "out of memory");
    }
    enum err err = cors_read(cors, ret_fault);
    if (err != ERR_OK) {
        cors_free(cors);
        return err;
    }
    *ret_cors = cors;
    return ERR_OK;
}

void cors_free(struct cors *cors) {
    if (cors == NULL)
        return;
    free(cors->list);
    free(cors);
}

static bool cors_knows(const struct cors *cors, struct text origin) {
    for (size_t i = 0; i < cors->count; i++)
        if (text_eq(cors->origins[i], origin))
            return true;
    return false;
}

/* Is every word of `asked` in the comma-separated `known`? */
static bool cors_all_known(const char *known, struct text asked) {
    for (struct text word; text_cut(&asked, ',', &word);) {
        struct text rest = text_of(known), part;
        bool found = false;
        while (!found && text_cut(&rest, ',', &part))
            found = text_ieq(text_trim(part), text_trim(word));
        if (!found)
            return false;
    }
    return true;
}

bool cors_is_preflight(const struct incoming *incoming) {
    return text_is(incoming->header[INCOMING_METHOD], "OPTIONS") &&
           incoming_has(incoming, INCOMING_ORIGIN) && incoming_has(incoming, INCOMING_CORS_METHOD);
}

static void cors_fault(struct buf *text, bool wrong, const char *word) {
    if (!wrong)
        return;
    buf_puts(text, text->len == 0 ? "Disallowed CORS " : ", ");
    buf_puts(text, word);
}

const struct answer *cors_preflight(const struct cors *cors, const struct incoming *incoming,
                                    enum dialect dialect, struct reply *reply) {
    char text[64];
    struct buf faults;
    struct text origin = incoming->header[INCOMING_ORIGIN];
    struct text method = incoming->header[INCOMING_CORS_METHOD];
    struct text headers = incoming->header[INCOMING_CORS_HEADERS];
    const char *methods = DIALECTS[dialect].methods, *known = DIALECTS[dialect].headers;
    bool origin_known = cors_knows(cors, origin);
    reply_field(reply, "Access-Control-Allow-Methods", text_of(methods));
    if (known != NULL || headers.ptr != NULL)
        reply_field(reply, "Access-Control-Allow-Headers",
                    known != NULL ? text_of(known) : headers);
    reply_field_int(reply, "Access-Control-Max-Age", 600);
    buf_init(&faults, sizeof(text));
    cors_fault(&faults, !origin_known, "origin");
    cors_fault(&faults, method.len == 0 || !cors_all_known(methods, method), "method");
    cors_fault(&faults, known != NULL && headers.ptr != NULL && !cors_all_known(known, headers),
               "headers");
    (void)text_copy(buf_text(&faults), text, sizeof(text));
    buf_done(&faults);
    bool good = text[0] == '\0';
    return reply_text(reply, good ? 200 : 400, "text/plain; charset=utf-8",
                      good ? TEXT("OK") : text_of(text));
}

void cors_fields(const struct cors *cors, const struct incoming *incoming, struct reply *reply) {
    struct text origin = incoming->header[INCOMING_ORIGIN];
    if (origin.ptr == NULL)
        return;
    reply_field(reply, "Access-Control-Allow-Credentials", TEXT("true"));
    if (!cors_knows(cors, origin))
        return;
    reply_field(reply, "Access-Control-Allow-Origin", origin);
    reply_field(reply, "Access-Control-Expose-Headers",
                TEXT("Deduplicated, ETag, Idempotency-Replayed, Location, RateLimit, "
                     "RateLimit-Policy, Retry-After, X-Request-ID"));
    reply_field(reply, "Vary", TEXT("Origin"));
}
