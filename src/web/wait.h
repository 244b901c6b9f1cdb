/* wait: staying with a client until something happens, but not for long, not in too many workers,
 * and not when this one is to stop. */
#ifndef AGNOSTIC_WEB_WAIT_H
#define AGNOSTIC_WEB_WAIT_H

#include "web/call.h"

enum { WAIT_MAX_S = 30 };

struct wait {
    int64_t seconds; /* as asked for, at most WAIT_MAX_S; 0: not at all */
    bool preferred;  /* by Prefer: the answer says whether it was obeyed */
    bool begun;
    int64_t begun_us, deadline_ms;
};

/* wait_read(call, &wait, detail): `?wait=N`, else `Prefer: wait=N`. Errors as query_int. */
enum err wait_read(const struct call *call, struct wait *ret_wait, struct json_out *detail);
/* wait_begin(call, wait): may we? false when no waiting is asked for, or enough workers wait
 * already. true: wait_end must follow. */
bool wait_begin(struct call *call, struct wait *wait);
/* wait_left_ms(wait): how long the next step may last, at most a second; 0: the time is over, or
 * this worker is to stop. */
int64_t wait_left_ms(const struct wait *wait);
void wait_end(struct call *call, struct wait *wait);

#endif
