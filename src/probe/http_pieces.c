/* A request over a socket of our own, because libcurl sends a head in one go. */
#include "agnostic/probe/http_pieces.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "probe/http_frame.h"
#include "probe/tls_stream.h"

enum { READ_SIZE = 4096, LOOK_MS = 20 /* TLS may wait for the other direction */ };

struct wire {
    int fd;
    struct tls_stream *tls; /* NULL: none is spoken */
    int64_t deadline_ms;
};

static bool wire_await(const struct wire *wire, short events) {
    int64_t left = wire->deadline_ms - time_mono_ms();
    struct pollfd poll_fd = {.fd = wire->fd, .events = events};
    if (left <= 0)
        return false;
    if (wire->tls != NULL && left > LOOK_MS)
        left = LOOK_MS;
    (void)poll(&poll_fd, 1, (int)left);
    return true;
}

static bool wire_is_waiting(void) {
    return errno == EAGAIN || errno == EINTR;
}

/* A peer that hangs up while we speak has its answer read all the same. */
static enum err wire_say(const struct wire *wire, struct text bytes) {
    while (bytes.len > 0) {
        ssize_t n = wire->tls != NULL ? tls_stream_write(wire->tls, bytes.ptr, bytes.len)
                                      : send(wire->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n > 0)
            bytes = text_make(bytes.ptr + n, bytes.len - (size_t)n);
        else if (!wire_is_waiting())
            return ERR_OK;
        else if (!wire_await(wire, wire->tls != NULL ? POLLIN : POLLOUT))
            return ERR_TIMEOUT;
    }
    return ERR_OK;
}

static enum err wire_hear(const struct wire *wire, int *ret_status) {
    struct http_frame frame;
    char bytes[READ_SIZE];
    http_frame_start(&frame);
    for (;;) {
        size_t used;
        ssize_t n = wire->tls != NULL ? tls_stream_read(wire->tls, bytes, sizeof(bytes))
                                      : recv(wire->fd, bytes, sizeof(bytes), 0);
        if (n < 0 && wire_is_waiting()) {
            if (!wire_await(wire, POLLIN))
                return ERR_TIMEOUT;
            continue;
        }
        if (n <= 0)
            return ERR_PEER;
        enum http_frame_end end = http_frame_feed(&frame, bytes, (size_t)n, &used);
        if (end == HTTP_FRAME_BAD)
            return ERR_PEER;
        if (end == HTTP_FRAME_WHOLE || frame.state >= HTTP_FRAME_BODY) {
            *ret_status = frame.status;
            return ERR_OK;
        }
    }
}

static enum err wire_ask(const struct wire *wire, const struct http_pieces *pieces,
                         int *ret_status) {
    struct text rest = pieces->bytes;
    for (size_t left = pieces->count; left > 0; left--) {
        size_t len = rest.len / left;
        enum err err = wire_say(wire, text_make(rest.ptr, len));
        if (err != ERR_OK)
            return err;
        rest = text_make(rest.ptr + len, rest.len - len);
        if (left > 1)
            time_sleep_ms(pieces->pause_ms);
    }
    return wire_hear(wire, ret_status);
}

enum err http_pieces_send(const struct gate *gate, const struct url *url,
                          const struct http_pieces *pieces, int *ret_status,
                          struct fault *ret_fault) {
    struct wire wire = {.deadline_ms = time_mono_ms() + pieces->total_ms};
    struct tls_streams *streams = NULL;
    enum err err = gate_enter(gate, url->path, ret_fault);
    if (err == ERR_OK)
        err = gate_connect(gate, url, url->port, pieces->connect_ms, &wire.fd, ret_fault);
    if (err != ERR_OK)
        return err;
    if (url->tls)
        err = tls_streams_new(url, &streams);
    if (url->tls && err == ERR_OK)
        err = tls_stream_new(streams, wire.fd, &wire.tls);
    if (err == ERR_OK)
        err = wire_ask(&wire, pieces, ret_status);
    tls_stream_free(wire.tls);
    tls_streams_free(streams);
    close(wire.fd);
    if (err != ERR_OK)
        fault_set(ret_fault, err, "%s: %s", url->host,
                  err == ERR_TIMEOUT ? "no answer in time" : "hung up without an answer");
    return err;
}
