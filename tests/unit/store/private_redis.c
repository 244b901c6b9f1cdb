/* private_redis: starts, asks and stops a redis-server for one test program. */
#include "store/private_redis.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/buf.h"
#include "agnostic/base/time.h"
#include "store/redis.h"

enum { ARGS_MAX = 40, START_TRIES = 1000, ANSWER_MAX = 1 << 22 };

struct private_redis {
    char folder[64];
    char url[160];
    const char *const *args;
    pid_t pid;
    struct redis *link;
    struct buf answer;
};

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "private_redis: %s\n", what);
    exit(99);
}

/* A configuration file stands first, so that what makes this server private wins over it. */
static _Noreturn void become_server(const struct private_redis *redis) {
    char socket[96], log[96];
    const char *const ours[] = {"--port",       "0",           "--save",      "",
                                "--dir",        redis->folder, "--daemonize", "no",
                                "--unixsocket", socket,        "--logfile",   log};
    const char *argv[ARGS_MAX] = {"redis-server"};
    const char *const *args = redis->args;
    size_t count = 1;
    snprintf(socket, sizeof socket, "%s/s", redis->folder);
    snprintf(log, sizeof log, "%s/log", redis->folder);
    if (args != NULL && args[0][0] == '/') {
        argv[count++] = *args++;
    }
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        argv[count++] = ours[i];
    }
    for (; args != NULL && *args != NULL && count + 1 < ARGS_MAX; args++) {
        argv[count++] = *args;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp("redis-server", (char *const *)argv);
    _exit(127);
}

static void await_answer(struct private_redis *redis) {
    struct command ping;
    struct redis_reply *reply = NULL;
    command_init(&ping, "PING");
    for (int i = 0; i < START_TRIES; i++) {
        if (redis_call(redis->link, &ping, 1000, &reply) == ERR_OK) {
            redis_reply_free(reply);
            return;
        }
        if (redis_said(redis->link, "NOAUTH") || redis_said(redis->link, "LOADING")) {
            return; /* it lives */
        }
        if (waitpid(redis->pid, NULL, WNOHANG) == redis->pid) {
            fail("redis-server ended at once");
        }
        time_sleep_ms(20);
    }
    fail("redis-server does not answer");
}

static void launch(struct private_redis *redis) {
    redis->pid = fork();
    if (redis->pid < 0) {
        fail("fork");
    }
    if (redis->pid == 0) {
        become_server(redis);
    }
    await_answer(redis);
}

static void connect_link(struct private_redis *redis) {
    struct redis_url url;
    struct fault fault;
    if (redis_url_read(private_redis_url(redis, ""), &url, &fault) != ERR_OK) {
        fail(fault.text);
    }
    redis->link = redis_new(&url, 5000);
    buf_init(&redis->answer, ANSWER_MAX);
}

struct private_redis *private_redis_start(const char *const *args) {
    struct private_redis *redis = calloc(1, sizeof *redis);
    if (redis == NULL) {
        fail("memory");
    }
    snprintf(redis->folder, sizeof redis->folder, "/tmp/agnostic-store-XXXXXX");
    if (mkdtemp(redis->folder) == NULL) {
        fail("mkdtemp");
    }
    redis->args = args;
    connect_link(redis);
    launch(redis);
    return redis;
}

void private_redis_kill(struct private_redis *redis) {
    if (redis->pid > 0) {
        kill(redis->pid, SIGKILL);
        waitpid(redis->pid, NULL, 0);
        redis->pid = 0;
    }
}

void private_redis_revive(struct private_redis *redis) {
    launch(redis);
}

static void remove_tree(const char *folder) {
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", "--", folder, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

void private_redis_stop(struct private_redis *redis) {
    private_redis_kill(redis);
    remove_tree(redis->folder);
    redis_free(redis->link);
    buf_done(&redis->answer);
    free(redis);
}

const char *private_redis_url(struct private_redis *redis, const char *tail) {
    snprintf(redis->url, sizeof redis->url, "unix://%s/s%s", redis->folder, tail);
    return redis->url;
}

pid_t private_redis_pid(const struct private_redis *redis) {
    return redis->pid;
}

static void put_answer(struct buf *buf, const struct redis_reply *reply) {
    struct text text;
    int64_t n;
    if (redis_text(reply, &text)) {
        buf_puttext(buf, text);
    } else if (redis_int(reply, &n)) {
        buf_printf(buf, "%lld", (long long)n);
    } else if (redis_count(reply) == 0) {
        buf_puts(buf, "(nil)");
    }
    for (size_t i = 0; i < redis_count(reply); i++) {
        buf_puts(buf, i > 0 ? " " : "");
        put_answer(buf, redis_at(reply, i));
    }
}

static const char *ask(struct private_redis *redis, const struct command *command) {
    struct redis_reply *reply = NULL;
    enum err err = redis_call(redis->link, command, 0, &reply);
    buf_reset(&redis->answer);
    if (err == ERR_OK) {
        put_answer(&redis->answer, reply);
    } else {
        buf_puts(&redis->answer, redis_why(redis->link));
    }
    redis_reply_free(reply);
    return buf_str(&redis->answer);
}

const char *private_redis_ask(struct private_redis *redis, const char *format, ...) {
    char line[1024];
    struct command command = {0};
    struct text rest, word;
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    rest = text_of(line);
    while (text_cut(&rest, ' ', &word)) {
        command_text(&command, word);
    }
    return ask(redis, &command);
}

void private_redis_set(struct private_redis *redis, const char *key, const char *value) {
    struct command command;
    command_init(&command, "SET");
    command_str(&command, key);
    command_str(&command, value);
    ask(redis, &command);
}
