/* courier: delivers callbacks, several at a time, each in a process of its own. When and how often
 * is decided in Redis (webhook_store.h). */
#ifndef AGNOSTIC_RUNNER_COURIER_H
#define AGNOSTIC_RUNNER_COURIER_H

#include <poll.h>

#include "agnostic/probe/gate.h"
#include "agnostic/store/webhook_store.h"

enum { COURIER_MAX = WEBHOOK_STORE_MAX /* under way at a time */ };

struct courier;

/* courier_new(store, gate, schedule, &courier): all three are borrowed. ERR_NOMEM. The caller frees
 * with courier_free; what is under way then is abandoned. */
enum err courier_new(struct store *store, const struct gate *gate, const char *schedule,
                     struct courier **ret_courier);
void courier_free(struct courier *courier);

/* courier_send(courier): starts what is due, as far as there is room. ERR_EMPTY: nothing was
 * started. Else the errors of the store. */
enum err courier_send(struct courier *courier);
/* courier_watch(courier, fds): what to wait for. */
void courier_watch(const struct courier *courier, struct pollfd fds[static COURIER_MAX]);
/* courier_collect(courier, fds): tells Redis what has ended, or took too long; tells it again later
 * should Redis be away. ERR_EMPTY: nothing has ended. Else the errors of the store. */
enum err courier_collect(struct courier *courier, const struct pollfd fds[static COURIER_MAX]);
/* courier_is_busy(courier): is anything under way or untold? */
bool courier_is_busy(const struct courier *courier);

#endif
