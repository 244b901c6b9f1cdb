/* fastcgi: a small client of the protocol, and the processes it talks to. */
#include "web/fastcgi.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agnostic/base/log.h"
#include "web/metrics.h"
#include "web/supervisor.h"
#include "web/worker.h"

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, PATIENCE_S = 60 };

static char folder[] = "/tmp/agnostic-fastcgi-XXXXXX", config[64], socket_path[64];
static int listening = -1;
static pid_t server;
static bool cut_off;

void fastcgi_settings(const char *settings) {
    int fd = open(config, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dprintf(fd, "AGNOSTIC_REDIS_URL=unix:///nonexistent/redis.sock\nAGNOSTIC_LOG_LEVEL=error\n%s",
            settings);
    close(fd);
}

static void open_socket(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    assert_non_null(mkdtemp(folder));
    snprintf(config, sizeof(config), "%s/agnostic.conf", folder);
    snprintf(socket_path, sizeof(socket_path), "%s/api.sock", folder);
    snprintf(name.sun_path, sizeof(name.sun_path), "%s", socket_path);
    listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&name, sizeof(name)), 0);
    assert_int_equal(listen(listening, 128), 0);
}

static _Noreturn void be_server(int workers) {
    struct settings *settings = NULL;
    struct fault fault = {0};
    dup2(listening, 0);
    clearenv();
    setenv("AGNOSTIC_CONFIG", config, 1);
    if (settings_load(&settings, &fault) != ERR_OK) {
        fprintf(stderr, "%s\n", fault.text);
        _exit(78);
    }
    log_open("fastcgi", false, LOG_LEVEL_ERROR);
    struct board *board = metrics_board(NULL);
    _exit(workers > 0 ? supervisor_run(settings, board, workers) : worker_run(settings, board, 0));
}

pid_t fastcgi_serve(int workers, const char *settings) {
    open_socket();
    fastcgi_settings(settings);
    server = fork();
    if (server == 0)
        be_server(workers);
    assert_true(server > 0);
    return server;
}

int fastcgi_wait(void) {
    int status = 0;
    assert_int_equal(waitpid(server, &status, 0), server);
    close(listening);
    unlink(config);
    unlink(socket_path);
    rmdir(folder);
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int fastcgi_stop(void) {
    kill(server, SIGTERM);
    return fastcgi_wait();
}

/* --- the client --------------------------------------------------------------------------------
 */

int fastcgi_connect(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(name.sun_path, sizeof(name.sun_path), "%s", socket_path);
    cut_off = false;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof(name)), 0);
    return fd;
}

/* A web server that cannot send all of a request does not look at the answer. */
static void put_bytes(int fd, const void *bytes, size_t len) {
    cut_off |= send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len;
}

static void put_record(int fd, int type, const void *bytes, size_t len) {
    unsigned char head[8] = {1, (unsigned char)type,       0,
                             1, (unsigned char)(len >> 8), (unsigned char)len};
    put_bytes(fd, head, sizeof(head));
    if (len > 0)
        put_bytes(fd, bytes, len);
}

static void put_param(int fd, const char *name, const char *value) {
    char pair[512];
    int len = snprintf(pair, sizeof(pair), "%c%c%s%s", (char)strlen(name), (char)strlen(value),
                       name, value);
    if (value[0] == '\0') /* its length is a NUL, which ends the text early */
        len = 2 + snprintf(pair + 2, sizeof(pair) - 2, "%s", name);
    put_record(fd, PARAMS, pair, (size_t)len);
}

void fastcgi_head(int fd, int role, int flags, const char *method, const char *uri,
                  const char *length) {
    const unsigned char begin[8] = {0, (unsigned char)role, (unsigned char)flags};
    put_record(fd, BEGIN, begin, sizeof(begin));
    fastcgi_params(fd, method, uri, length);
}

void fastcgi_params(int fd, const char *method, const char *uri, const char *length) {
    put_param(fd, "REQUEST_METHOD", method);
    put_param(fd, "REQUEST_URI", uri);
    put_param(fd, "CONTENT_TYPE", "application/json");
    if (length != NULL)
        put_param(fd, "CONTENT_LENGTH", length);
    put_record(fd, PARAMS, NULL, 0);
}

void fastcgi_body(int fd, const char *bytes, size_t len) {
    while (len > 0) {
        size_t part = len < 32768 ? len : 32768;
        put_record(fd, STDIN, bytes, part);
        bytes += part;
        len -= part;
    }
}

void fastcgi_end(int fd) {
    put_record(fd, STDIN, NULL, 0);
}

static bool get_bytes(int fd, void *dst, size_t len) {
    return recv(fd, dst, len, MSG_WAITALL) == (ssize_t)len;
}

int fastcgi_status(int fd) {
    static unsigned char content[65536 + 256];
    char answer[64] = "";
    unsigned char head[8];
    int status = 0;
    while (get_bytes(fd, head, sizeof(head))) {
        size_t len = (size_t)(head[4] << 8 | head[5]);
        if (!get_bytes(fd, content, len + head[6]))
            break;
        if (head[1] == STDOUT && answer[0] == '\0')
            snprintf(answer, sizeof(answer), "%.*s", (int)(len < 60 ? len : 60), (char *)content);
        if (head[1] == END && sscanf(answer, "Status: %d", &status) != 1)
            status = 0;
    }
    close(fd);
    return cut_off ? 0 : status;
}

int fastcgi_get(const char *uri) {
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, 0, "GET", uri, NULL);
    fastcgi_end(fd);
    return fastcgi_status(fd);
}

int fastcgi_post(const char *uri, const char *length, const char *body) {
    int fd = fastcgi_connect();
    fastcgi_head(fd, FASTCGI_RESPONDER, 0, "POST", uri, length);
    fastcgi_body(fd, body, strlen(body));
    fastcgi_end(fd);
    return fastcgi_status(fd);
}

size_t fastcgi_children(pid_t pid, pid_t *pids, size_t max) {
    char path[64];
    int child;
    size_t count = 0;
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && count < max && fscanf(file, "%d", &child) == 1)
        pids[count++] = child;
    if (file != NULL)
        fclose(file);
    return count;
}
