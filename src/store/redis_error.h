/* redis_error: what an error answer of Redis means to us, one table. */
#ifndef STORE_REDIS_ERROR_H
#define STORE_REDIS_ERROR_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

/* redis_error(said, &drop): the error for an answer that starts `said` (without '-').
 * drop: the connection is of no more use, the next call makes a new one. */
enum err redis_error(struct text said, bool *ret_drop);

#endif
