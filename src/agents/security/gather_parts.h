/* gather_parts: what the parts of gather share. */
#ifndef AGENTS_SECURITY_GATHER_PARTS_H
#define AGENTS_SECURITY_GATHER_PARTS_H

#include "agents/security/gather.h"
#include "agnostic/probe/bucket.h"

struct gather {
    const struct agent_task *task;
    struct facts *facts;
    struct gate *gate;
    struct http *http;
    struct robots *robots; /* of the final page's origin; NULL: not known */
    struct bucket bucket;  /* everything that is sent to the target takes from it */
    int64_t end_ms;        /* monotonic; nothing is sent behind it */
    int64_t most;          /* requests that the task permits */
    size_t requests;
    int silences; /* TLS offers that timed out, since one was answered */
};

/* gather_turn(gather, why, why_size): waits until one more connection or request may be sent, and
 * counts it. ERR_TIMEOUT (why says so) when that would be behind GATHER_BUDGET_MS, or more than the
 * task permits. */
enum err gather_turn(struct gather *gather, char *why, size_t why_size);
/* gather_ask(gather, answer, origin, limits): one GET of answer->url in its turn; origin NULL: none
 * is sent. An answer that asks for patience slows everything that follows. */
void gather_ask(struct gather *gather, struct answer *answer, const char *origin,
                const struct http_limits *limits);
/* One request of any method, with one header more (value NULL: none) and a body (ptr NULL: none).
 */
struct gather_request {
    const char *method, *name, *value;
    struct text body;
};
/* gather_send(gather, answer, request, limits): the same of any request. */
void gather_send(struct gather *gather, struct answer *answer, const struct gather_request *request,
                 const struct http_limits *limits);
/* gather_count(answer, &failures): of answers that did not come, in a row; what was refused was not
 * asked for. */
void gather_count(const struct answer *answer, int *failures);
/* gather_follow(from, next): next is to ask where the redirect `from` leads; false when that is
 * nowhere. */
bool gather_follow(const struct answer *from, struct answer *next);

#endif
