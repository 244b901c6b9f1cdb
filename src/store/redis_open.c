/* redis_open: sockets to Redis. Our own connecting instead of hiredis', which would wait for name
 * servers as long as they please. */
#include "store/redis_open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "agnostic/base/resolve.h"
#include "agnostic/base/time.h"
#include "store/redis_master.h"

enum { ADDRESSES_MAX = 4 /* of one name that are tried */ };

static int64_t left_ms(int64_t deadline_ms) {
    int64_t left = deadline_ms - time_mono_ms();
    return left < 1 ? 1 : left < INT_MAX ? left : INT_MAX;
}

/* 0, or the errno of a connect that is under way. */
static int await_connect(int fd, int64_t deadline_ms) {
    struct pollfd socket = {.fd = fd, .events = POLLOUT};
    int error = ETIMEDOUT, got;
    socklen_t size = sizeof error;
    do {
        got = poll(&socket, 1, (int)left_ms(deadline_ms));
    } while (got < 0 && errno == EINTR);
    if (got > 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
        error = errno;
    }
    return error;
}

static enum err open_one(const struct sockaddr *address, socklen_t size, int64_t deadline_ms,
                         int *ret_fd, struct fault *ret_fault) {
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    int error = fd < 0 || connect(fd, address, size) != 0 ? errno : 0;
    if (error == EINPROGRESS) {
        error = await_connect(fd, deadline_ms);
    }
    if (error == 0 && fcntl(fd, F_SETFL, 0) != 0) {
        error = errno;
    }
    if (error != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return fault_set(ret_fault, ERR_STORE, "%s", strerror(error));
    }
    if (address->sa_family != AF_UNIX) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    *ret_fd = fd;
    return ERR_OK;
}

static enum err open_path(const char *path, int64_t deadline_ms, int *ret_fd,
                          struct fault *ret_fault) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!text_copy(text_of(path), address.sun_path, sizeof address.sun_path)) {
        return fault_set(ret_fault, ERR_STORE, "the socket's name is too long");
    }
    return open_one((const struct sockaddr *)&address, sizeof address, deadline_ms, ret_fd,
                    ret_fault);
}

static enum err open_host(const struct redis_host *host, int64_t deadline_ms, int *ret_fd,
                          struct fault *ret_fault) {
    struct resolve_address addresses[ADDRESSES_MAX];
    size_t count = 0;
    if (resolve_host(host->name, (uint16_t)host->port, left_ms(deadline_ms), addresses,
                     ADDRESSES_MAX, &count, ret_fault) != ERR_OK) {
        return ERR_STORE;
    }
    enum err err = ERR_STORE;
    for (size_t i = 0; i < count && err != ERR_OK; i++) {
        int64_t share_ms = left_ms(deadline_ms) / (int64_t)(count - i);
        err = open_one((const struct sockaddr *)&addresses[i].sa, addresses[i].len,
                       time_mono_ms() + share_ms, ret_fd, ret_fault);
    }
    return err;
}

enum err redis_open(const struct redis_url *url, size_t *sentinel, int64_t deadline_ms,
                    struct redis_host *ret_host, int *ret_fd, struct fault *ret_fault) {
    if (url->path[0] != '\0') {
        return open_path(url->path, deadline_ms, ret_fd, ret_fault);
    }
    *ret_host = url->hosts[0];
    enum err err = ERR_OK;
    if (url->master[0] != '\0') {
        err = redis_master_find(url, sentinel, deadline_ms, ret_host, ret_fault);
    }
    return err != ERR_OK ? err : open_host(ret_host, deadline_ms, ret_fd, ret_fault);
}
