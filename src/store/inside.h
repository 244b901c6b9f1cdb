/* inside: what a struct store is, for the files of this room. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/redis.h"

enum { STORE_CURSOR_SIZE = 24 };

struct store {
    struct redis *redis;
    char sweep[STORE_CURSOR_SIZE]; /* where the next look at the keys begins, "" at the start */
    int64_t replicas;              /* that must have a change before it is acknowledged */
};

/* store_confirm(store, err): what may be told of a change that a script has just answered with err.
 * Without replicas to wait for, err. Else, unless err is a failure of ours (5xx): err when the
 * replicas have what the script did or found done, ERR_STORE when they do not, although it may
 * stand nevertheless: whoever repeats it (Idempotency-Key) comes here again. */
enum err store_confirm(struct store *store, enum err err);

#endif
