/* asker: an agent's requests to its target, one at a time: as fast as the target may be asked, as
 * many as its task permits, for so long. Asks no more where nobody answers. */
#ifndef AGENTS_ASKER_H
#define AGENTS_ASKER_H

#include "agents/agent_task.h"
#include "agnostic/probe/bucket.h"
#include "agnostic/probe/http.h"

enum {
    ASKER_RPS_PUBLIC = 5,  /* at most, of a target on the public internet */
    ASKER_RPS = 50,        /* of any other */
    ASKER_FAILURES_MAX = 3 /* without an answer, in a row */
};

struct asker {
    struct http *http;
    const struct bounds *bounds; /* the task's */
    struct bucket bucket;
    int64_t end_ms, most;
    size_t requests;
    int64_t bytes; /* of bodies, as they were sent */
    int failures;  /* without an answer, in a row */
};

/* asker_open(asker, task, gate, non_public, budget_ms): asks for budget_ms at most, and not beyond
 * the task's deadline. task and gate are borrowed. ERR_NOMEM. */
enum err asker_open(struct asker *asker, const struct agent_task *task, const struct gate *gate,
                    bool non_public, int64_t budget_ms);
void asker_close(struct asker *asker);

/* asker_turn(asker): waits until one more request may be sent, and counts it. false: none may be
 * any more. */
bool asker_turn(struct asker *asker);
/* asker_pause(asker, ms): before something is asked again; what failed in a row until then is
 * forgotten. false, at once: nothing could be asked afterwards. */
bool asker_pause(struct asker *asker, int64_t ms);
/* asker_heed(asker, err, status, retry_after_s, total_us): what came of it, for whoever sends
 * himself. */
void asker_heed(struct asker *asker, enum err err, int status, int64_t retry_after_s,
                int64_t total_us);
/* asker_send(asker, request, limits, response, fault): the next request in its turn. ERR_BUSY: none
 * may be sent any more; else as http_send. What http_permits refuses takes no turn. response is to
 * be released whatever is returned. */
enum err asker_send(struct asker *asker, const struct http_request *request,
                    const struct http_limits *limits, struct http_response *response,
                    struct fault *fault);

#endif
