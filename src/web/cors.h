/* cors: which browsers' origins may call (ADR-018), in both dialects. */
#ifndef AGNOSTIC_WEB_CORS_H
#define AGNOSTIC_WEB_CORS_H

#include "web/incoming.h"
#include "web/reply.h"
#include "web/route.h"

struct cors; /* the list of origins */

/* cors_new(origins, &cors, &fault): reads CORS_ALLOWED_ORIGINS, "https://a.example,http://b:3001".
 * ERR_CONFIG names an entry that is no origin ("*" is none). The caller frees with cors_free. */
enum err cors_new(struct text origins, struct cors **ret_cors, struct fault *ret_fault);
void cors_free(struct cors *cors);

/* cors_is_preflight(incoming): OPTIONS with Origin and Access-Control-Request-Method. */
bool cors_is_preflight(const struct incoming *incoming);
/* cors_preflight(cors, incoming, dialect, reply): 200 "OK", or 400 naming what is not allowed. */
REPLY_ANSWER cors_preflight(const struct cors *cors, const struct incoming *incoming,
                            enum dialect dialect, struct reply *reply);
/* cors_fields(cors, incoming, reply): the fields of an answer that is no preflight's. */
void cors_fields(const struct cors *cors, const struct incoming *incoming, struct reply *reply);

#endif
