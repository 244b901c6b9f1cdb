/* brake: who fails to authenticate too often has to wait. Counted by address (the /64 of IPv6) on
 * the host's board, so it works without Redis, and for all workers together. */
#ifndef AGNOSTIC_WEB_BRAKE_H
#define AGNOSTIC_WEB_BRAKE_H

#include "web/board.h"

struct brake {
    struct board *board;
    int64_t per_min; /* AGNOSTIC_AUTH_FAIL_PER_MIN, 0: none */
};

/* brake_retry_s(brake, remote, now_ms): 0: its credential may be looked at; else seconds until it
 * may. remote: REMOTE_ADDR as the web server told it; what is no address counts as one of its own.
 * now_ms: monotonic. */
int64_t brake_retry_s(const struct brake *brake, struct text remote, int64_t now_ms);
/* brake_tell(brake, remote, now_ms, err): what came of its credential; only ERR_BAD_KEY and
 * ERR_BAD_TOKEN count. */
void brake_tell(const struct brake *brake, struct text remote, int64_t now_ms, enum err err);

#endif
