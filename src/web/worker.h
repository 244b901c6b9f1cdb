/* worker: answers requests one after another until it is told to stop. */
#ifndef AGNOSTIC_WEB_WORKER_H
#define AGNOSTIC_WEB_WORKER_H

#include "agnostic/base/settings.h"
#include "web/board.h"

/* worker_check(settings, &fault): could a worker run with these? ERR_CONFIG names what is wrong. */
enum err worker_check(const struct settings *settings, struct fault *ret_fault);
/* worker_run(settings, board, pool): joins that pool on the board and serves from file descriptor 0
 * until TERM, INT, HUP or USR1 (the request in hand is answered), or until about
 * AGNOSTIC_RECYCLE_REQUESTS were served. Returns the exit status. */
int worker_run(const struct settings *settings, struct board *board, int64_t pool);

#endif
