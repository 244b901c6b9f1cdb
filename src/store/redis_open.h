/* redis_open: a socket to Redis, within a bounded time. */
#ifndef STORE_REDIS_OPEN_H
#define STORE_REDIS_OPEN_H

#include "store/redis_url.h"

/* redis_open(url, &sentinel, deadline_ms, &host, &fd, &fault): a connected, blocking socket to
 * where url leads (with Sentinels: to whom they name, asked from number sentinel on), host being
 * what that is over TCP. deadline_ms on the monotonic clock bounds names, Sentinels and connecting
 * together. ERR_STORE: fault says why. */
enum err redis_open(const struct redis_url *url, size_t *sentinel, int64_t deadline_ms,
                    struct redis_host *ret_host, int *ret_fd, struct fault *ret_fault);

#endif
