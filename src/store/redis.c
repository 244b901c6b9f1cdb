/* redis: one connection over hiredis 0.14, and replies seen through our own eyes. Knows nothing of
 * tasks or keys. */
#include "store/redis.h"

#include <errno.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"
#include "store/redis_error.h"

struct redis {
    struct redis_url url;
    int64_t timeout_ms;
    redisContext *context; /* NULL: not connected */
    pid_t owner;           /* the process that connected */
    int64_t patience_ms;   /* set on the socket */
    int64_t backoff_ms;    /* 0: the last connect went well */
    int64_t not_before_ms; /* no connect before this moment */
    char why[256];
};

struct redis *redis_new(const struct redis_url *url, int64_t timeout_ms) {
    struct redis *redis = calloc(1, sizeof *redis);
    if (redis == NULL) {
        return NULL;
    }
    redis->url = *url;
    redis->timeout_ms = timeout_ms;
    signal(SIGPIPE, SIG_IGN);
    return redis;
}

static void drop(struct redis *redis) {
    if (redis->context != NULL) {
        redisFree(redis->context);
        redis->context = NULL;
    }
}

void redis_free(struct redis *redis) {
    if (redis == NULL) {
        return;
    }
    drop(redis);
    secure_wipe(&redis->url, sizeof redis->url);
    free(redis);
}

const char *redis_why(const struct redis *redis) {
    return redis->why;
}

bool redis_said(const struct redis *redis, const char *word) {
    return strncmp(redis->why, word, strlen(word)) == 0;
}

static struct timeval to_timeval(int64_t ms) {
    if (ms < 1) {
        ms = 1; /* 0 would mean: for ever */
    }
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* The connection is lost: says why and drops it. */
static enum err broken(struct redis *redis, int64_t patience_ms) {
    const redisContext *context = redis->context;
    if (context->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        snprintf(redis->why, sizeof redis->why, "no answer within %lld ms", (long long)patience_ms);
    } else {
        snprintf(redis->why, sizeof redis->why, "%s",
                 context->err != 0 ? context->errstr : "connection closed");
    }
    drop(redis);
    return ERR_STORE;
}

/* How long the socket waits for an answer; what is past still waits a moment. */
static enum err set_patience(struct redis *redis, int64_t ms) {
    if (redis->patience_ms == ms) {
        return ERR_OK;
    }
    redis->patience_ms = ms;
    return redisSetTimeout(redis->context, to_timeval(ms)) == REDIS_OK ? ERR_OK : broken(redis, ms);
}

static void free_replies(struct redis_reply **replies, size_t count) {
    for (size_t i = 0; i < count; i++) {
        redis_reply_free(replies[i]);
        replies[i] = NULL;
    }
}

static enum err send_commands(struct redis *redis, const struct command *commands, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *args[COMMAND_ARGS_MAX];
        size_t lengths[COMMAND_ARGS_MAX];
        for (size_t k = 0; k < commands[i].count; k++) {
            args[k] = commands[i].args[k].ptr;
            lengths[k] = commands[i].args[k].len;
        }
        if (redisAppendCommandArgv(redis->context, (int)commands[i].count, args, lengths) !=
            REDIS_OK) {
            return broken(redis, 0);
        }
    }
    return ERR_OK;
}

/* One reply for each command; all are read even when one is an error, so that the stream stays in
 * step. */
static enum err receive(struct redis *redis, size_t count, struct redis_reply **ret_replies) {
    enum err err = ERR_OK;
    bool useless = false;
    for (size_t i = 0; i < count; i++) {
        void *reply = NULL;
        errno = 0;
        if (redisGetReply(redis->context, &reply) != REDIS_OK || reply == NULL) {
            free_replies(ret_replies, i);
            return broken(redis, redis->patience_ms);
        }
        ret_replies[i] = reply;
        const redisReply *answer = reply;
        if (answer->type == REDIS_REPLY_ERROR && err == ERR_OK) {
            err = redis_error(text_make(answer->str, answer->len), &useless);
            snprintf(redis->why, sizeof redis->why, "%s", answer->str);
        }
    }
    if (err != ERR_OK) {
        free_replies(ret_replies, count);
    }
    if (useless) {
        drop(redis);
    }
    return err;
}

static enum err exchange(struct redis *redis, const struct command *commands, size_t count,
                         struct redis_reply **ret_replies) {
    enum err err = send_commands(redis, commands, count);
    return err != ERR_OK ? err : receive(redis, count, ret_replies);
}

/* AUTH and SELECT, as far as the address asks for them. */
static enum err greet(struct redis *redis) {
    struct command commands[2];
    struct redis_reply *replies[2] = {NULL, NULL};
    size_t count = 0;
    if (redis->url.password[0] != '\0') {
        command_init(&commands[count], "AUTH");
        if (redis->url.user[0] != '\0') {
            command_str(&commands[count], redis->url.user);
        }
        command_str(&commands[count++], redis->url.password);
    }
    if (redis->url.db != 0) {
        command_init(&commands[count], "SELECT");
        command_int(&commands[count++], redis->url.db);
    }
    if (exchange(redis, commands, count, replies) != ERR_OK) {
        if (redis_said(redis, "ERR unknown command")) { /* goes on to quote the password */
            snprintf(redis->why, sizeof redis->why, "AUTH or SELECT is unknown there");
        }
        drop(redis);
        return ERR_STORE;
    }
    free_replies(replies, count);
    return ERR_OK;
}

static enum err refused(struct redis *redis) {
    redis->backoff_ms = redis->backoff_ms == 0 ? REDIS_BACKOFF_MIN_MS
                                               : least(redis->backoff_ms * 2, REDIS_BACKOFF_MAX_MS);
    redis->not_before_ms = time_mono_ms() + redis->backoff_ms;
    return ERR_STORE;
}

/* Connects until deadline_ms, or waits out the pause after the last refusal (redis->why still says
 * why that was). */
static enum err connect_now(struct redis *redis, int64_t deadline_ms) {
    int64_t now_ms = time_mono_ms();
    if (redis->backoff_ms > 0 && now_ms < redis->not_before_ms) {
        return ERR_STORE;
    }
    int64_t limit_ms = least(deadline_ms - now_ms, REDIS_CONNECT_MS);
    struct timeval limit = to_timeval(limit_ms);
    redis->context = redis->url.path[0] != '\0'
                         ? redisConnectUnixWithTimeout(redis->url.path, limit)
                         : redisConnectWithTimeout(redis->url.host, redis->url.port, limit);
    if (redis->context == NULL) {
        return ERR_NOMEM;
    }
    if (redis->context->err != 0) {
        broken(redis, limit_ms);
        return refused(redis);
    }
    redis->owner = getpid();
    redis->patience_ms = 0;
    fcntl(redis->context->fd, F_SETFD, FD_CLOEXEC);
    if (set_patience(redis, deadline_ms - time_mono_ms()) != ERR_OK || greet(redis) != ERR_OK) {
        return refused(redis);
    }
    redis->backoff_ms = 0;
    return ERR_OK;
}

/* A connection is in step when nobody closed it and nothing waits on it unasked for; and it is ours
 * only in the process that made it. */
static bool is_usable(const struct redis *redis) {
    const redisContext *context = redis->context;
    char byte;
    if (context == NULL || redis->owner != getpid() ||
        context->reader->pos < context->reader->len) {
        return false;
    }
    return recv(context->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

static enum err ready(struct redis *redis, int64_t limit_ms) {
    if (is_usable(redis)) {
        return set_patience(redis, limit_ms);
    }
    int64_t deadline_ms = time_mono_ms() + limit_ms;
    drop(redis);
    enum err err = connect_now(redis, deadline_ms);
    return err != ERR_OK ? err : set_patience(redis, deadline_ms - time_mono_ms());
}

static enum err calls(struct redis *redis, const struct command *commands, size_t count,
                      int64_t limit_ms, struct redis_reply **ret_replies) {
    for (size_t i = 0; i < count; i++) {
        if (commands[i].failed) {
            return ERR_INTERNAL;
        }
    }
    enum err err = ready(redis, limit_ms);
    return err != ERR_OK ? err : exchange(redis, commands, count, ret_replies);
}

enum err redis_calls(struct redis *redis, const struct command *commands, size_t count,
                     struct redis_reply **ret_replies) {
    return calls(redis, commands, count, redis->timeout_ms, ret_replies);
}

enum err redis_call(struct redis *redis, const struct command *command, int64_t limit_ms,
                    struct redis_reply **ret_reply) {
    return calls(redis, command, 1, limit_ms > 0 ? limit_ms : redis->timeout_ms, ret_reply);
}

/* Waits for the first byte of an answer. A signal ends it: the answer may still come, so that the
 * connection is given up. */
static enum err await(struct redis *redis, int64_t wait_ms) {
    struct pollfd socket = {.fd = redis->context->fd, .events = POLLIN};
    int got = poll(&socket, 1, (int)least(wait_ms, INT_MAX));
    if (got > 0) {
        return ERR_OK;
    }
    snprintf(redis->why, sizeof redis->why, "%s", got == 0 ? "no answer" : strerror(errno));
    drop(redis);
    return got < 0 && errno == EINTR ? ERR_EMPTY : ERR_STORE;
}

enum err redis_block(struct redis *redis, const struct command *command, int64_t wait_ms,
                     struct redis_reply **ret_reply) {
    int done = 0;
    if (command->failed) {
        return ERR_INTERNAL;
    }
    enum err err = ready(redis, redis->timeout_ms);
    if (err == ERR_OK) {
        err = send_commands(redis, command, 1);
    }
    while (err == ERR_OK && done == 0) {
        if (redisBufferWrite(redis->context, &done) != REDIS_OK) {
            err = broken(redis, redis->patience_ms);
        }
    }
    if (err == ERR_OK) {
        err = await(redis, wait_ms + redis->timeout_ms);
    }
    return err != ERR_OK ? err : receive(redis, 1, ret_reply);
}

/* --- replies: a struct redis_reply is a redisReply ---------------------------------- */

static const redisReply *inside(const struct redis_reply *reply) {
    return (const redisReply *)reply;
}

void redis_reply_free(struct redis_reply *reply) {
    if (reply != NULL) {
        freeReplyObject(reply);
    }
}

bool redis_text(const struct redis_reply *reply, struct text *ret_text) {
    const redisReply *r = inside(reply);
    if (r == NULL || (r->type != REDIS_REPLY_STRING && r->type != REDIS_REPLY_STATUS)) {
        return false;
    }
    *ret_text = text_make(r->str, r->len);
    return true;
}

bool redis_int(const struct redis_reply *reply, int64_t *ret_n) {
    struct text t;
    uint64_t n;
    if (reply != NULL && inside(reply)->type == REDIS_REPLY_INTEGER) {
        *ret_n = inside(reply)->integer;
        return true;
    }
    if (!redis_text(reply, &t) || !text_u64(t, INT64_MAX, &n)) {
        return false;
    }
    *ret_n = (int64_t)n;
    return true;
}

size_t redis_count(const struct redis_reply *reply) {
    return reply != NULL && inside(reply)->type == REDIS_REPLY_ARRAY ? inside(reply)->elements : 0;
}

const struct redis_reply *redis_at(const struct redis_reply *reply, size_t index) {
    return index < redis_count(reply) ? (const struct redis_reply *)inside(reply)->element[index]
                                      : NULL;
}

char *redis_dup(const struct redis_reply *reply) {
    struct text t;
    return redis_text(reply, &t) ? text_dup(t) : NULL;
}
