/* access_query: the lookup of a credential as one command, so that a poll can send it together
 * with its own. */
#ifndef STORE_ACCESS_QUERY_H
#define STORE_ACCESS_QUERY_H

#include "agnostic/store/access_store.h"
#include "store/redis.h"

/* access_query_put(query, command): false for ACCESS_NOTHING: nothing to ask. */
bool access_query_put(const struct access_query *query, struct command *command);
/* access_query_read(query, reply, &answer): what the command brought. ERR_NOMEM, ERR_DAMAGED. */
enum err access_query_read(const struct access_query *query, const struct redis_reply *reply,
                           struct access_answer *ret_answer);

#endif
