/* redis_master: which Redis is the master now. */
#ifndef STORE_REDIS_MASTER_H
#define STORE_REDIS_MASTER_H

#include "store/redis_url.h"

/* redis_master_find(url, &first, deadline_ms, &master, &fault): asks the Sentinels of url in turn,
 * from number first on, each for its share of the time until deadline_ms; the first answer counts,
 * and first is then who gave it. ERR_STORE: nobody knows; fault says what the last one said. The
 * caller asks the one found for its ROLE: a Sentinel may not have noticed yet. */
enum err redis_master_find(const struct redis_url *url, size_t *first, int64_t deadline_ms,
                           struct redis_host *ret_master, struct fault *ret_fault);

#endif
