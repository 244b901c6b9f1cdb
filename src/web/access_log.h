/* access_log: one line per request. No credential, no query string, no body. */
#ifndef AGNOSTIC_WEB_ACCESS_LOG_H
#define AGNOSTIC_WEB_ACCESS_LOG_H

#include "web/incoming.h"
#include "web/reply.h"
#include "web/route.h"

enum { ACCESS_LOG_ID_SIZE = 65, ACCESS_LOG_PATH_MAX = 256 };

/* What is kept of a request that may be gone when its line is written. */
struct access_log_entry {
    int64_t start_us; /* monotonic */
    char request_id[ACCESS_LOG_ID_SIZE];
    char method[16], remote[64], path[ACCESS_LOG_PATH_MAX + 1];
};

/* access_log_begin(entry, incoming): copies; request_id is the caller's to fill. */
void access_log_begin(struct access_log_entry *entry, const struct incoming *incoming);
/* access_log_end(entry, route, reply, user, why): writes the line. route may be NULL (none
 * fits); why: what the store said, NULL when that is not the point. */
void access_log_end(const struct access_log_entry *entry, const struct route *route,
                    const struct reply *reply, const char *user, const char *why);

#endif
