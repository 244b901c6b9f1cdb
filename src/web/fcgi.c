/* fcgi: the accept loop and the streams of libfcgi, with its traps closed. Must not know
 * routes or handlers.
 *
 * libfcgi's own accept is not used: it gives no chance to set time-outs before it reads, and
 * has a window in which a signal is missed. It gets connections that were accepted here. */
#include "web/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "web/silence.h"

enum {
    FCGI_LISTEN_FD = 0,
    FCGI_ROLE_RESPONDER = 1,
    FCGI_TRASH_BYTES = 16384,
    FCGI_PIECE_BYTES = 4096, /* the patience with a peer begins anew after so many */
    FCGI_SCARCE_MS = 50,     /* pause when descriptors or memory run out */
    FCGI_STRAIGHT_MAX = 16   /* requests taken in a row without a look at the stop signals */
};

struct fcgi {
    FCGX_Request stream;
    int epoll;
    int straight; /* requests since the last look */
    const struct incoming *incoming;
    char trash[FCGI_TRASH_BYTES];
};

static bool fcgi_watch(struct fcgi *fcgi, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(fcgi->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* EPOLLEXCLUSIVE: a connection wakes one worker, not all of them. */
static enum err fcgi_open(struct fcgi *fcgi, int stop_fd, struct fault *ret_fault) {
    int flags = fcntl(FCGI_LISTEN_FD, F_GETFL);
    fcgi->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (flags < 0 || fcntl(FCGI_LISTEN_FD, F_SETFL, flags | O_NONBLOCK) != 0 || fcgi->epoll < 0 ||
        !fcgi_watch(fcgi, FCGI_LISTEN_FD, EPOLLIN | EPOLLEXCLUSIVE) ||
        !fcgi_watch(fcgi, stop_fd, EPOLLIN))
        return fault_set(ret_fault, ERR_IO, "listening socket: %s", strerror(errno));
    return ERR_OK;
}

enum err fcgi_new(int stop_fd, int64_t io_timeout_ms, struct fcgi **ret_fcgi,
                  struct fault *ret_fault) {
    struct fcgi *fcgi = calloc(1, sizeof(*fcgi));
    if (fcgi == NULL)
        return fault_set(ret_fault, ERR_NOMEM, "out of memory");
    fcgi->epoll = -1;
    enum err err = fcgi_open(fcgi, stop_fd, ret_fault);
    if (err == ERR_OK && silence_open(io_timeout_ms) != ERR_OK)
        err = fault_set(ret_fault, ERR_IO, "no timer: %s", strerror(errno));
    /* -1: libfcgi must never accept by itself. */
    if (err == ERR_OK && (FCGX_Init() != 0 || FCGX_InitRequest(&fcgi->stream, -1, 0) != 0))
        err = fault_set(ret_fault, ERR_IO, "libfcgi does not start");
    if (err != ERR_OK) {
        fcgi_free(fcgi);
        return err;
    }
    *ret_fcgi = fcgi;
    return ERR_OK;
}

void fcgi_free(struct fcgi *fcgi) {
    if (fcgi == NULL)
        return;
    if (fcgi->epoll >= 0)
        close(fcgi->epoll);
    free(fcgi);
}

/* ret_fd stays as it is when there was nothing to be had. */
static enum err fcgi_accept(int *ret_fd) {
    int fd = accept4(FCGI_LISTEN_FD, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK || errno == EOPNOTSUPP)
            return ERR_IO;
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
            time_sleep_ms(FCGI_SCARCE_MS);
        return ERR_OK; /* another worker had it, or the peer is gone */
    }
    *ret_fd = fd;
    return ERR_OK;
}

/* Looks at the first byte of the body: of a request that has none, all is read then. */
static void fcgi_peek(FCGX_Stream *in) {
    int first = FCGX_GetChar(in);
    if (first != EOF)
        FCGX_UnGetChar(first, in);
}

/* Reads the head of a request from an accepted connection. */
static bool fcgi_begin(struct fcgi *fcgi, int fd) {
    fcgi->stream.ipcFd = fd;
    fcgi->stream.keepConnection = 1; /* else FCGX_Accept_r begins by closing it */
    silence_watch(fd, SILENCE_READING);
    bool begun = FCGX_Accept_r(&fcgi->stream) == 0;
    if (begun)
        fcgi_peek(fcgi->stream.in);
    silence_rest();
    if (!begun)
        return false;
    fcgi->stream.keepConnection = 0;
    if (fcgi->stream.role == FCGI_ROLE_RESPONDER)
        return true;
    FCGX_Finish_r(&fcgi->stream);
    return false;
}

/* FCGX_GetStr with patience for each piece: how many bytes came. */
static size_t fcgi_get(struct fcgi *fcgi, char *dst, size_t len) {
    size_t done = 0;
    for (bool more = true; more && done < len;) {
        size_t left = len - done, piece = left < FCGI_PIECE_BYTES ? left : FCGI_PIECE_BYTES;
        silence_watch(fcgi->stream.ipcFd, SILENCE_READING);
        int got = FCGX_GetStr(dst + done, (int)piece, fcgi->stream.in);
        done += got > 0 ? (size_t)got : 0;
        more = got == (int)piece;
    }
    return done;
}

static enum err fcgi_read_body(void *io, size_t max, struct buf *body) {
    struct fcgi *fcgi = io;
    struct text length = fcgi->incoming->header[INCOMING_CONTENT_LENGTH];
    uint64_t announced = 0;
    if (length.len > 0 && !text_u64(length, INT64_MAX, &announced))
        return ERR_BAD_REQUEST;
    if (announced > max || announced > INT32_MAX)
        return ERR_TOO_LARGE;
    char *at = buf_room(body, announced);
    if (at == NULL)
        return ERR_NOMEM;
    size_t got = fcgi_get(fcgi, at, announced);
    bool whole = got == announced && FCGX_GetError(fcgi->stream.in) == 0;
    bool more = whole && FCGX_GetChar(fcgi->stream.in) != EOF;
    silence_rest();
    if (!whole)
        return ERR_BODY_SHORT;
    buf_wrote(body, announced);
    return more ? ERR_BAD_REQUEST : ERR_OK;
}

static enum err fcgi_wait(struct fcgi *fcgi) {
    struct epoll_event events[2];
    int count = epoll_wait(fcgi->epoll, events, 2, -1);
    for (int i = 0; i < count; i++)
        if (events[i].data.fd != FCGI_LISTEN_FD)
            return ERR_EMPTY; /* stopping goes before serving, or a busy worker never would */
    return count > 0 || errno == EINTR ? ERR_OK : ERR_IO;
}

/* Under load the next connection is there already, and asking for it costs less than waiting. */
static enum err fcgi_take(struct fcgi *fcgi, int *ret_fd) {
    if (++fcgi->straight < FCGI_STRAIGHT_MAX) {
        enum err err = fcgi_accept(ret_fd);
        if (err != ERR_OK || *ret_fd >= 0)
            return err;
    }
    fcgi->straight = 0;
    enum err err = fcgi_wait(fcgi);
    return err == ERR_OK ? fcgi_accept(ret_fd) : err;
}

enum err fcgi_next(struct fcgi *fcgi, struct incoming *ret_incoming) {
    for (int fd = -1;; fd = -1) {
        enum err err = fcgi_take(fcgi, &fd);
        if (err != ERR_OK)
            return err;
        if (fd < 0 || !fcgi_begin(fcgi, fd))
            continue;
        incoming_init(ret_incoming, (const char *const *)fcgi->stream.envp);
        ret_incoming->read_body = fcgi_read_body;
        ret_incoming->io = fcgi;
        fcgi->incoming = ret_incoming;
        return ERR_OK;
    }
}

/* true: the body was read to its end. */
static bool fcgi_discard(struct fcgi *fcgi) {
    FCGX_Stream *in = fcgi->stream.in;
    for (size_t total = 0; !FCGX_HasSeenEOF(in) && total < FCGI_DISCARD_MAX_BYTES;)
        total += fcgi_get(fcgi, fcgi->trash, sizeof(fcgi->trash));
    return FCGX_HasSeenEOF(in) && FCGX_GetError(in) == 0;
}

static void fcgi_put(struct fcgi *fcgi, struct text t) {
    FCGX_PutStr(t.ptr, (int)t.len, fcgi->stream.out);
}

/* The first piece fits into what a fresh connection takes without anybody reading. */
static void fcgi_put_payload(struct fcgi *fcgi, struct text payload) {
    for (size_t done = 0; done < payload.len;) {
        size_t left = payload.len - done, piece = left < FCGI_PIECE_BYTES ? left : FCGI_PIECE_BYTES;
        if (done > 0)
            silence_watch(fcgi->stream.ipcFd, SILENCE_WRITING);
        fcgi_put(fcgi, text_make(payload.ptr + done, piece));
        done += piece;
    }
}

void fcgi_send(struct fcgi *fcgi, const struct reply *reply, bool with_body) {
    char first[256];
    bool whole = fcgi_discard(fcgi);
    int len = snprintf(first, sizeof(first), "Status: %d %s\r\n", reply->status,
                       reply_phrase(reply->status));
    fcgi_put(fcgi, text_make(first, (size_t)len));
    if (reply->status != 304) {
        len = snprintf(first, sizeof(first), "Content-Type: %s\r\nContent-Length: %zu\r\n",
                       reply->type, reply->payload.len);
        fcgi_put(fcgi, text_make(first, (size_t)len));
    }
    fcgi_put(fcgi, buf_text(&reply->head));
    fcgi_put(fcgi, TEXT("\r\n"));
    if (with_body)
        fcgi_put_payload(fcgi, reply->payload);
    /* Only a connection with unread bytes needs libfcgi's slow close, which waits for the peer;
     * a detached one is closed at once. */
    if (whole)
        FCGX_Detach(&fcgi->stream);
    FCGX_Finish_r(&fcgi->stream);
    silence_rest();
    fcgi->incoming = NULL;
}
