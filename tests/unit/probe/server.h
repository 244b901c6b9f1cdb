/* server: small real servers on loopback for the tests of probe/ and ctl/. Each is a child
 * process that dies with the test. */
#ifndef TESTS_PROBE_SERVER_H
#define TESTS_PROBE_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/text.h"
#include "agnostic/probe/gate.h"

struct server {
    pid_t pid;
    uint16_t port;
    int *connections; /* accepted so far, shared with the child */
};

/* What the child does with each connection; ctx is the server_start's. */
typedef void server_talk(int fd, const void *ctx);

static inline int server_listen(uint16_t *ret_port) {
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(sa);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
    *ret_port = ntohs(sa.sin_port);
    return fd;
}

static inline void server_serve(int listener, int *connections, server_talk *talk,
                                const void *ctx) {
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            _exit(0);
        __atomic_add_fetch(connections, 1, __ATOMIC_SEQ_CST);
        talk(fd, ctx);
        close(fd);
    }
}

static inline struct server server_start(server_talk *talk, const void *ctx) {
    struct server server = {0};
    int listener = server_listen(&server.port);
    server.connections =
        mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(server.connections != MAP_FAILED);
    server.pid = fork();
    assert_true(server.pid >= 0);
    if (server.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, SIG_IGN);
        server_serve(listener, server.connections, talk, ctx);
    }
    close(listener);
    return server;
}

static inline int server_connections(const struct server *server) {
    return __atomic_load_n(server->connections, __ATOMIC_SEQ_CST);
}

static inline void server_stop(struct server *server) {
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    munmap(server->connections, sizeof(int));
}

/* Reads a request's head into buf (NUL-terminated); what follows it may be in there too. */
static inline size_t server_read_head(int fd, char *buf, size_t size) {
    size_t len = 0;
    while (len < size - 1) {
        ssize_t n = read(fd, buf + len, size - 1 - len);
        if (n <= 0)
            break;
        len += (size_t)n;
        buf[len] = '\0';
        if (strstr(buf, "\r\n\r\n"))
            break;
    }
    buf[len] = '\0';
    return len;
}

static inline void server_write(int fd, const void *bytes, size_t len) {
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, (const char *)bytes + done, len - done);
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

/* A talk: reads the head, then sends the struct text that ctx points to. */
static inline void server_say(int fd, const void *ctx) {
    const struct text *answer = ctx;
    char head[8192];
    server_read_head(fd, head, sizeof(head));
    server_write(fd, answer->ptr, answer->len);
}

/* The URL of path ("/x") at this server under a host name. */
static inline const char *server_url(const struct server *server, const char *scheme,
                                     const char *host, const char *path) {
    static char url[512];
    snprintf(url, sizeof(url), "%s://%s:%u%s", scheme, host, server->port, path);
    return url;
}

/* A gate over a list; the list is kept for the life of the test program. */
static inline struct gate *gate_over(const char *list) {
    static struct allow *lists[64];
    static size_t count;
    struct fault fault = {0};
    struct gate *gate = NULL;
    assert_true(count < sizeof(lists) / sizeof(lists[0]));
    assert_int_equal(allow_parse(text_of(list), true, &lists[count], &fault), ERR_OK);
    assert_int_equal(gate_new(lists[count++], "AGNOSTIC_TARGET_ALLOW", &gate), ERR_OK);
    return gate;
}

static inline struct url url_of(const char *text) {
    struct url url;
    struct fault fault = {0};
    assert_int_equal(url_parse(text_of(text), &url, &fault), ERR_OK);
    return url;
}

#endif
