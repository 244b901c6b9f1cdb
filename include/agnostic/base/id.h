/* id: names drawn from the kernel's randomness. */
#ifndef AGNOSTIC_BASE_ID_H
#define AGNOSTIC_BASE_ID_H

#include <stdint.h>

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

enum {
    ID_UUID_SIZE = 37,   /* with NUL */
    ID_SESSION_SIZE = 40 /* "session_YYYYMMDD_HHMMSS_xxxxxxxx" and NUL */
};

/* id_uuid4(dst): a version 4 UUID in lower case. ERR_INTERNAL when the kernel
 * gives no randomness. */
enum err id_uuid4(char dst[static ID_UUID_SIZE]);
/* id_session(us, task_id, dst): the original's session id for a task created at us
 * (UTC): session_20260221_100000_ and the first 8 characters of task_id. */
void id_session(int64_t us, const char *task_id, char dst[static ID_SESSION_SIZE]);
/* id_is_task(t): [A-Za-z0-9-]{1,100}, what the original accepts as a task id. */
bool id_is_task(struct text t);
/* id_is_uuid(t): has the form of id_uuid4's, in either case. */
bool id_is_uuid(struct text t);

#endif
