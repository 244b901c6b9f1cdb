/* local: the commands that talk to Redis, without a service between. */
#ifndef CTL_LOCAL_H
#define CTL_LOCAL_H

#include "agnostic/base/settings.h"
#include "agnostic/store/store.h"

/* local_open(settings, &status): NULL after saying why, with the exit status for it. The caller
 * frees with store_free. */
struct store *local_open(const struct settings *settings, int *ret_status);
/* local_complain(what, err, store): says on stderr why `what` failed; the exit status for it. */
int local_complain(const char *what, enum err err, const struct store *store);

#endif
