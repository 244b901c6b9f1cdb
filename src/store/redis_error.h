/* redis_error: what an error answer of Redis means to us, one table. */
#ifndef STORE_REDIS_ERROR_H
#define STORE_REDIS_ERROR_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

/* What becomes of the connection that gave the answer. */
enum redis_after {
    REDIS_KEEP,
    REDIS_DROP, /* of no more use: the next call makes a new one */
    REDIS_MOVED /* not the master (any more): nothing was done, so that the call may be made once
                   again on a new connection, to where the master is now */
};

/* redis_error(said, &after): the error for an answer that starts `said` (without '-'). */
enum err redis_error(struct text said, enum redis_after *ret_after);

#endif
