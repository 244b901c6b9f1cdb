/* key_local: keys written straight into Redis, for whoever may reach it: how the first key comes
 * into being when no other credential exists. */
#ifndef CTL_KEY_LOCAL_H
#define CTL_KEY_LOCAL_H

#include "agnostic/base/settings.h"

/* What a new key is to be; "" or NULL where nothing was said. */
struct key_order {
    const char *role, *description, *expires_at;
};

/* Each prints and returns the exit status, as the commands over REST do. */
int key_local_create(const struct settings *settings, const struct key_order *order);
int key_local_list(const struct settings *settings);
int key_local_revoke(const struct settings *settings, const char *id);

#endif
