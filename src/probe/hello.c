/* hello: says one hand-written ClientHello over a socket of the gate and reads the first answer,
 * within one deadline and a fixed number of bytes. */
#include "agnostic/probe/hello.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agnostic/base/secure.h"
#include "agnostic/base/time.h"

static bool hello_await(int fd, short events, int64_t deadline) {
    for (;;) {
        int64_t left = deadline - time_mono_ms();
        if (left <= 0)
            return false;
        struct pollfd poll_fd = {.fd = fd, .events = events};
        int ready = poll(&poll_fd, 1, (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

/* A peer that hangs up while we speak has its answer read all the same. */
static enum err hello_say(int fd, const uint8_t *bytes, size_t len, int64_t deadline) {
    for (size_t done = 0; done < len;) {
        ssize_t sent = send(fd, bytes + done, len - done, MSG_NOSIGNAL);
        if (sent > 0)
            done += (size_t)sent;
        else if (errno != EAGAIN && errno != EINTR)
            return ERR_OK;
        else if (!hello_await(fd, POLLOUT, deadline))
            return ERR_TIMEOUT;
    }
    return ERR_OK;
}

static enum err hello_hear(int fd, const struct hello_offer *offer, int64_t deadline,
                           struct hello_answer *ret_answer) {
    uint8_t bytes[HELLO_ANSWER_BYTES_MAX];
    size_t len = 0;
    while (len < sizeof(bytes)) {
        if (!hello_await(fd, POLLIN, deadline))
            return ERR_TIMEOUT;
        ssize_t got = recv(fd, bytes + len, sizeof(bytes) - len, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0) {
            ret_answer->end = len == 0 ? HELLO_DECLINED : HELLO_GARBLED;
            return ERR_OK;
        }
        len += (size_t)got;
        if (hello_read(offer, bytes, len, ret_answer))
            return ERR_OK;
    }
    ret_answer->end = HELLO_GARBLED;
    return ERR_OK;
}

enum err hello_ask(const struct gate *gate, const struct url *url, const struct hello_offer *offer,
                   int64_t timeout_ms, struct hello_answer *ret_answer, struct fault *ret_fault) {
    int64_t deadline = time_mono_ms() + timeout_ms;
    uint8_t random[32], bytes[HELLO_BYTES_MAX];
    struct hello_answer answer = {0};
    int fd = -1;
    if (secure_random(random, sizeof(random)) != ERR_OK)
        return fault_set(ret_fault, ERR_INTERNAL, "no randomness for a TLS hello");
    size_t len = hello_write(offer, url->host_is_ip ? "" : url->host, random, bytes);
    if (len == 0)
        return fault_set(ret_fault, ERR_SYNTAX, "this TLS hello is too long");
    enum err err = gate_connect(gate, url, url->port, timeout_ms, &fd, ret_fault);
    if (err != ERR_OK)
        return err;
    err = hello_say(fd, bytes, len, deadline);
    if (err == ERR_OK)
        err = hello_hear(fd, offer, deadline, &answer);
    close(fd);
    if (err != ERR_OK)
        return fault_set(ret_fault, err, "%s port %u: no answer to a TLS hello in time", url->host,
                         url->port);
    *ret_answer = answer;
    return ERR_OK;
}
