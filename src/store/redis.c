/* redis: one connection over hiredis 0.14. Knows nothing of tasks or keys. */
#include "store/redis.h"

#include <errno.h>
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
#include "store/redis_open.h"

struct redis {
    struct redis_url url;
    int64_t timeout_ms;
    size_t sentinel;        /* whom to ask first for the master */
    struct redis_host host; /* where the connection leads, over TCP */
    bool moved;             /* the last answer came from a replica */
    redisContext *context;  /* NULL: not connected */
    pid_t owner;            /* the process that connected */
    int64_t patience_ms;    /* set on the socket */
    int64_t backoff_ms;     /* 0: the last connect went well */
    int64_t not_before_ms;  /* no connect before this moment */
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

/* What is behind the connection is not the master: who led there is asked last the next time. */
static void leave(struct redis *redis) {
    drop(redis);
    redis->sentinel++;
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

/* Who hangs up on us may have said why before we noticed (too many clients, for one). */
static bool last_words(const redisContext *context, char *dst, size_t size) {
    char said[128];
    ssize_t len = recv(context->fd, said, sizeof said - 1, MSG_DONTWAIT);
    if (len < 2 || said[0] != '-') {
        return false;
    }
    said[len] = '\0';
    snprintf(dst, size, "%.*s", (int)strcspn(said + 1, "\r\n"), said + 1);
    return true;
}

/* The connection is lost: says why. Where it led is perhaps no master any more. */
static enum err broken(struct redis *redis, int64_t patience_ms) {
    const redisContext *context = redis->context;
    if (context->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        snprintf(redis->why, sizeof redis->why, "no answer within %lld ms", (long long)patience_ms);
    } else if (!last_words(context, redis->why, sizeof redis->why)) {
        snprintf(redis->why, sizeof redis->why, "%s",
                 context->err != 0 ? context->errstr : "connection closed");
    }
    leave(redis);
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
    enum redis_after after = REDIS_KEEP;
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
            err = redis_error(text_make(answer->str, answer->len), &after);
            snprintf(redis->why, sizeof redis->why, "%s", answer->str);
        }
    }
    if (err != ERR_OK) {
        free_replies(ret_replies, count);
    }
    redis->moved = after == REDIS_MOVED;
    if (redis->moved) {
        leave(redis);
    } else if (after == REDIS_DROP) {
        drop(redis);
    }
    return err;
}

static enum err exchange(struct redis *redis, const struct command *commands, size_t count,
                         struct redis_reply **ret_replies) {
    enum err err = send_commands(redis, commands, count);
    return err != ERR_OK ? err : receive(redis, count, ret_replies);
}

/* Whether a ROLE answer is a master's. */
static bool is_master(const struct redis_reply *role) {
    struct text word;
    return redis_text(redis_at(role, 0), &word) && text_is(word, "master");
}

static size_t put_greeting(const struct redis_url *url, struct command commands[static 3]) {
    size_t count = 0;
    if (url->password[0] != '\0') {
        command_init(&commands[count], "AUTH");
        if (url->user[0] != '\0') {
            command_str(&commands[count], url->user);
        }
        command_str(&commands[count++], url->password);
    }
    if (url->db != 0) {
        command_init(&commands[count], "SELECT");
        command_int(&commands[count++], url->db);
    }
    if (url->master[0] != '\0') {
        command_init(&commands[count++], "ROLE");
    }
    return count;
}

/* AUTH and SELECT, as far as the address asks for them; what Sentinels led to must be a master. */
static enum err greet(struct redis *redis) {
    struct command commands[3];
    struct redis_reply *replies[3] = {NULL, NULL, NULL};
    size_t count = put_greeting(&redis->url, commands);
    if (exchange(redis, commands, count, replies) != ERR_OK) {
        if (redis_said(redis, "ERR unknown command")) { /* goes on to quote the password */
            snprintf(redis->why, sizeof redis->why, "AUTH, SELECT or ROLE is unknown there");
        }
        leave(redis);
        return ERR_STORE;
    }
    bool wanted = redis->url.master[0] == '\0' || is_master(replies[count - 1]);
    free_replies(replies, count);
    if (!wanted) {
        snprintf(redis->why, sizeof redis->why, "%.200s:%d is not the master", redis->host.name,
                 redis->host.port);
        leave(redis);
    }
    return wanted ? ERR_OK : ERR_STORE;
}

static enum err refused(struct redis *redis) {
    redis->backoff_ms = redis->backoff_ms == 0 ? REDIS_BACKOFF_MIN_MS
                                               : least(redis->backoff_ms * 2, REDIS_BACKOFF_MAX_MS);
    redis->not_before_ms = time_mono_ms() + redis->backoff_ms;
    return ERR_STORE;
}

static enum err open_link(struct redis *redis, int64_t deadline_ms) {
    struct fault fault = {0};
    int fd = -1;
    if (redis_open(&redis->url, &redis->sentinel, deadline_ms, &redis->host, &fd, &fault) !=
        ERR_OK) {
        snprintf(redis->why, sizeof redis->why, "%.250s", fault.text);
        leave(redis);
        return refused(redis);
    }
    redis->context = redisConnectFd(fd);
    if (redis->context == NULL) {
        close(fd);
        return ERR_NOMEM;
    }
    return ERR_OK;
}

/* Connects until deadline_ms, or waits out the pause after the last refusal (redis->why still says
 * why that was). */
static enum err connect_now(struct redis *redis, int64_t deadline_ms) {
    int64_t now_ms = time_mono_ms();
    if (redis->backoff_ms > 0 && now_ms < redis->not_before_ms) {
        return ERR_STORE;
    }
    enum err err = open_link(redis, least(deadline_ms, now_ms + REDIS_CONNECT_MS));
    if (err != ERR_OK) {
        return err;
    }
    redis->owner = getpid();
    redis->patience_ms = 0;
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

static enum err attempt(struct redis *redis, const struct command *commands, size_t count,
                        int64_t limit_ms, struct redis_reply **ret_replies) {
    redis->moved = false;
    enum err err = ready(redis, limit_ms);
    return err != ERR_OK ? err : exchange(redis, commands, count, ret_replies);
}

/* A replica has done nothing of what it was asked, so that the master may be asked once more. */
static enum err calls(struct redis *redis, const struct command *commands, size_t count,
                      int64_t limit_ms, struct redis_reply **ret_replies) {
    int64_t deadline_ms = time_mono_ms() + limit_ms;
    for (size_t i = 0; i < count; i++) {
        if (commands[i].failed) {
            return ERR_INTERNAL;
        }
    }
    enum err err = attempt(redis, commands, count, limit_ms, ret_replies);
    if (err == ERR_STORE && redis->moved && count == 1) {
        err = attempt(redis, commands, count, deadline_ms - time_mono_ms(), ret_replies);
    }
    return err;
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

enum err redis_confirm(struct redis *redis, int64_t replicas) {
    struct command command;
    struct redis_reply *reply = NULL;
    int64_t have = 0;
    if (!is_usable(redis)) {
        snprintf(redis->why, sizeof redis->why, "connection lost before replicas confirmed");
        drop(redis);
        return ERR_STORE;
    }
    command_init(&command, "WAIT");
    command_int(&command, replicas);
    command_int(&command, redis->timeout_ms / 2); /* so that Redis is the one to give up */
    enum err err = set_patience(redis, redis->timeout_ms);
    if (err == ERR_OK) {
        err = exchange(redis, &command, 1, &reply);
    }
    if (err == ERR_OK && (!redis_int(reply, &have) || have < replicas)) {
        snprintf(redis->why, sizeof redis->why, "confirmed by %lld of %lld replicas",
                 (long long)have, (long long)replicas);
        leave(redis);
        err = ERR_STORE;
    }
    redis_reply_free(reply);
    return err;
}

void redis_where(const struct redis *redis, char *dst, size_t size) {
    const struct redis_url *url = &redis->url;
    const struct redis_host *asked = &url->hosts[redis->sentinel % REDIS_URL_HOSTS_MAX];
    if (redis->context == NULL) {
        snprintf(dst, size, "not connected");
    } else if (url->path[0] != '\0') {
        snprintf(dst, size, "%s", url->path);
    } else if (url->master[0] == '\0') {
        snprintf(dst, size, "%s:%d", redis->host.name, redis->host.port);
    } else {
        snprintf(dst, size, "%s:%d, master \"%s\" of the Sentinel at %s:%d", redis->host.name,
                 redis->host.port, url->master, asked->name, asked->port);
    }
}
