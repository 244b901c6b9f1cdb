/* watch: ends the program in time. A thread waits for TERM, INT or a deadline while the agent
 * works, so that not even a slow target delays the answer. */
#ifndef AGENTS_WATCH_H
#define AGENTS_WATCH_H

#include <stdint.h>

#include "agnostic/base/err.h"

/* Why the work is cut short: "stopped" or "timeout". Ends the process when it returns. */
typedef void (*watch_end)(void *ctx, const char *reason);

/* watch_start(timeout_ms, end, ctx): call before any other thread exists. timeout_ms 0: no
 * deadline. end runs in the watching thread, after which the process exits with status 0.
 * ERR_INTERNAL when there can be no thread. */
enum err watch_start(int64_t timeout_ms, watch_end end, void *ctx);
/* watch_stop(): the work is done; end will not be called any more. */
void watch_stop(void);

#endif
