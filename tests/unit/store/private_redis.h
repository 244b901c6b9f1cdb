/* private_redis: a redis-server of a test's own: temporary folder, unix socket only, stopped by
 * its pid. Everything here ends the test when it fails. */
#ifndef TESTS_PRIVATE_REDIS_H
#define TESTS_PRIVATE_REDIS_H

#include <stdint.h>
#include <sys/types.h>

struct private_redis;

/* private_redis_start(args): `redis-server args...` (NULL-terminated, may be NULL). A
 * path in front is its configuration file. */
struct private_redis *private_redis_start(const char *const *args);
/* Stops it and removes its folder. */
void private_redis_stop(struct private_redis *redis);
/* SIGKILL; and started again on the same socket and data. */
void private_redis_kill(struct private_redis *redis);
void private_redis_revive(struct private_redis *redis);
/* private_redis_url(redis, tail): unix://... and tail, valid until the next call. */
const char *private_redis_url(struct private_redis *redis, const char *tail);
pid_t private_redis_pid(const struct private_redis *redis);

/* private_redis_ask(redis, "GET key"): the answer as text (integers in decimal, arrays joined by
 * spaces, nil as "(nil)"), valid until the next call. Words are separated by single spaces. */
const char *private_redis_ask(struct private_redis *redis, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* private_redis_set(redis, key, value): SET of a value that may hold spaces. */
void private_redis_set(struct private_redis *redis, const char *key, const char *value);

#endif
