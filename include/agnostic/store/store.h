/* store: the connection to Redis, in our words. One process, one connection, made
 * lazily and after fork; never shared.
 *
 * After any fault the connection is dropped and rebuilt at the next call (backoff 50 ms to
 * 1 s), so a late answer can never be read as another's. Errors of every store function:
 * ERR_STORE (away, loading, busy, read-only, wrong password: try later), ERR_STORE_FULL
 * (Redis is out of memory or disk), ERR_DAMAGED (a key holds something it must not). */
#ifndef AGNOSTIC_STORE_STORE_H
#define AGNOSTIC_STORE_STORE_H

#include "agnostic/base/buf.h"
#include "agnostic/base/err.h"

struct store;

/* store_new(url, timeout_ms, &store, &fault): reads url (AGNOSTIC_REDIS_URL); connects to
 * nothing yet. ERR_CONFIG names what is wrong with the url. The caller frees with store_free.
 * From here on the process ignores SIGPIPE (who starts other programs resets it for them). */
enum err store_new(const char *url, int64_t timeout_ms, struct store **ret_store,
                   struct fault *ret_fault);
void store_free(struct store *store);
/* store_replicas(store, replicas): from here on a change that a client is told of (submit, cancel,
 * keys) must be in so many replicas first (AGNOSTIC_REDIS_REPLICAS); otherwise it is ERR_STORE,
 * although it may have happened. At first 0. */
void store_replicas(struct store *store, int64_t replicas);
/* store_why(store): what Redis or the system said at the last failure, for the log. */
const char *store_why(const struct store *store);
/* store_where(store, dst): where the connection leads (with Sentinels: the master in use, and whom
 * it was learnt from), for operators; never a password. */
enum { STORE_WHERE_SIZE = 768 };
void store_where(const struct store *store, char dst[static STORE_WHERE_SIZE]);

/* store_ping(store, limit_ms): answered within limit_ms? */
enum err store_ping(struct store *store, int64_t limit_ms);

/* Named checks of readiness. */
struct store_check {
    const char *name; /* "redis", "maxmemory_policy", "aof", "role", "replicas" */
    bool ok;
    char why[160]; /* "" when ok */
};
enum { STORE_CHECKS_MAX = 8 };
/* store_check(store, volatile_ok, checks, &count): noeviction, AOF on and its last write good,
 * master; as many replicas connected as store_replicas asks for ("replicas", only then).
 * volatile_ok (AGNOSTIC_REDIS_VOLATILE_OK) passes policy and AOF, saying so in why. A Redis
 * that is away, loading or older than 7.0 gives a failed check "redis", not an error. */
void store_check(struct store *store, bool volatile_ok,
                 struct store_check checks[static STORE_CHECKS_MAX], size_t *ret_count);

#endif
