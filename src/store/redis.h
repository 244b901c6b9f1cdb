/* redis: the connection. Only redis.c and redis_reply.c use hiredis; everybody else speaks commands
 * and replies.
 *
 * Connects when first needed, in the process that needs it (a forked child makes its own), within
 * 500 ms, names and Sentinels included; after a refusal not again before 50 ms to 1 s have passed.
 * A connection that timed out, broke, or holds bytes nobody asked for is dropped at once. Nothing
 * is sent twice, but to the master what a replica refused. */
#ifndef STORE_REDIS_H
#define STORE_REDIS_H

#include "agnostic/base/err.h"
#include "store/command.h"
#include "store/redis_url.h"

struct redis;
struct redis_reply;

enum { REDIS_CONNECT_MS = 500, REDIS_BACKOFF_MIN_MS = 50, REDIS_BACKOFF_MAX_MS = 1000 };

/* redis_new(url, timeout_ms): copies url; NULL without memory. timeout_ms: longest silence of Redis
 * in the middle of a call. Ignores SIGPIPE for the process: hiredis writes without MSG_NOSIGNAL. */
struct redis *redis_new(const struct redis_url *url, int64_t timeout_ms);
void redis_free(struct redis *redis);
/* redis_why(redis): what went wrong last, "" nothing yet. */
const char *redis_why(const struct redis *redis);

/* redis_call(redis, command, limit_ms, &reply): one command, one reply; the caller frees reply with
 * redis_reply_free. limit_ms: patience for this call, connecting included; 0: timeout_ms. An error
 * answer is ERR_STORE, ERR_STORE_FULL or ERR_DAMAGED (redis_error). */
enum err redis_call(struct redis *redis, const struct command *command, int64_t limit_ms,
                    struct redis_reply **ret_reply);
/* redis_calls(redis, commands, count, replies): several at once, one round trip. One error answer
 * fails them all. */
enum err redis_calls(struct redis *redis, const struct command *commands, size_t count,
                     struct redis_reply **ret_replies);
/* redis_block(redis, command, wait_ms, &reply): a command that may block for wait_ms. ERR_EMPTY
 * when a signal came first. */
enum err redis_block(struct redis *redis, const struct command *command, int64_t wait_ms,
                     struct redis_reply **ret_reply);
/* redis_confirm(redis, replicas): waits, at most half of timeout_ms, until so many replicas have
 * what was changed over this connection. ERR_STORE when they have not, or the connection is another
 * by now; the change stands in the master that was, if it still is one. */
enum err redis_confirm(struct redis *redis, int64_t replicas);
/* redis_where(redis, dst, size): where the connection leads, for people; no password. */
void redis_where(const struct redis *redis, char *dst, size_t size);
/* redis_said(redis, word): the last error answer began with word. */
bool redis_said(const struct redis *redis, const char *word);

void redis_reply_free(struct redis_reply *reply);
/* redis_text(reply, &text): false unless it is a string; lives as long as reply, and a NUL stands
 * behind it. NULL is legal. */
bool redis_text(const struct redis_reply *reply, struct text *ret_text);
/* redis_int(reply, &n): an integer, or a string of one. */
bool redis_int(const struct redis_reply *reply, int64_t *ret_n);
/* redis_count(reply): elements of an array, else 0. redis_at: NULL beyond the end. */
size_t redis_count(const struct redis_reply *reply);
const struct redis_reply *redis_at(const struct redis_reply *reply, size_t index);
/* redis_dup(reply): a NUL-terminated copy of a string; NULL when it is none or without memory. */
char *redis_dup(const struct redis_reply *reply);

#endif
