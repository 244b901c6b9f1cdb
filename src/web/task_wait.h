/* task_wait: looking at a task again and again until it is as the client wishes. */
#ifndef AGNOSTIC_WEB_TASK_WAIT_H
#define AGNOSTIC_WEB_TASK_WAIT_H

#include "web/wait.h"

/* What the client waits for: looks at call->view. ret_settled: need not be waited for any longer.
 */
typedef enum err (*task_wait_look)(struct call *call, void *ctx, bool *ret_settled);

/* task_wait(call, wait, look, ctx): looks; as long as it is not settled and wait permits, reads
 * call->view anew after each event of the task and looks again. Errors of the store and of look. */
enum err task_wait(struct call *call, struct wait *wait, task_wait_look look, void *ctx);

#endif
