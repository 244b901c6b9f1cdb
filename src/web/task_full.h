/* task_full: what ?view=full adds to the six members of a task. */
#ifndef AGNOSTIC_WEB_TASK_FULL_H
#define AGNOSTIC_WEB_TASK_FULL_H

#include "agnostic/task/record.h"
#include "web/call.h"

/* task_full_put(call, record, poll_s, out): members, to be written into an object. Asks the store
 * for history, and for the place of a task that waits. Wants TASK_VIEW_FULL. poll_s: seconds until
 * the next poll makes sense, 0: it has ended. What the original stored has no scheduling data:
 * zeros, nulls. Errors of the store. */
enum err task_full_put(struct call *call, const struct record *record, int64_t poll_s,
                       struct json_out *out);

#endif
