/* Many HTTP/1.1 requests at once over sockets of our own: libcurl costs several times the CPU time
 * of what is needed here. A connection is registered once, edge-triggered, and a request is one
 * write and one read. Must not know when requests are due nor what answers mean. */
#include "probe/http_engine.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "agnostic/base/resolve.h"
#include "agnostic/base/time.h"
#include "probe/http_frame.h"
#include "probe/http_get.h"
#include "probe/tls_stream.h"

enum {
    EVENTS_AT_ONCE = 128,
    ADDRESSES_MAX = 16,
    READ_SIZE = 64 << 10,
    LOOK_US = 50000, /* how often time limits are looked at */
    SECOND_US = 1000000,
    NO_SOCKET = -1
};

/* One request, and the connection that stays for the next. */
struct slot {
    int fd; /* NO_SOCKET: not connected */
    struct tls_stream *tls;
    struct http_frame frame;
    struct text request;
    uint64_t tag;
    int64_t begun_us, first_sent_us;
    size_t sent, address;
    bool busy, connected, reused;
    enum err err; /* how the request ended before anything could be waited for */
    const char *why;
};

struct sockets {
    struct url url; /* of the first; points into the plan */
    struct http_get *gets;
    const struct gate *gate;
    const struct http_limits *limits;
    struct resolve_address addresses[ADDRESSES_MAX]; /* of the whole run */
    size_t address_count, address_good;
    struct tls_streams *tls; /* NULL: none is wanted */
    int epoll;
    struct slot *slots, **idle;
    size_t slot_count, idle_count, failed_count; /* failed: slots whose err is to be told */
    int64_t looked_us;
    struct fault fault; /* of resolving, or the latest refusal */
    char *room;
    http_many_done done; /* of the step that runs */
    void *ctx;
};

/* --- connections ---------------------------------------------------------------------------- */

static void hang_up(struct slot *slot) {
    tls_stream_free(slot->tls);
    slot->tls = NULL;
    if (slot->fd != NO_SOCKET)
        close(slot->fd);
    slot->fd = NO_SOCKET;
    slot->connected = false;
}

static enum err fail(struct slot *slot, enum err err, const char *why) {
    slot->err = err;
    slot->why = why;
    return err;
}

static enum err dial_one(struct sockets *many, struct slot *slot,
                         const struct resolve_address *to) {
    const struct sockaddr *sa = (const struct sockaddr *)&to->sa;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.ptr = slot};
    int on = 1;
    enum err err = gate_check(many->gate, many->url.host, sa, &many->fault);
    if (err != ERR_OK)
        return fail(slot, err, many->fault.text);
    slot->fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (slot->fd < 0)
        return fail(slot, ERR_CONNECT, "No more sockets");
    setsockopt(slot->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if ((connect(slot->fd, sa, to->len) != 0 && errno != EINPROGRESS) ||
        epoll_ctl(many->epoll, EPOLL_CTL_ADD, slot->fd, &event) != 0)
        return fail(slot, ERR_CONNECT, "Couldn't connect to server");
    return ERR_OK;
}

/* Begins a connection to the slot's address, or to the next that can be tried. */
static enum err dial(struct sockets *many, struct slot *slot) {
    enum err err = fail(slot, ERR_RESOLVE, "Couldn't resolve host name");
    for (; slot->address < many->address_count; slot->address++) {
        size_t which = (slot->address + many->address_good) % many->address_count;
        hang_up(slot);
        err = dial_one(many, slot, &many->addresses[which]);
        if (err != ERR_CONNECT)
            break;
    }
    if (err == ERR_OK)
        slot->err = ERR_OK;
    else
        hang_up(slot);
    return err;
}

/* Is the connection there, and to the address that was judged? ERR_OK with *ret_yet false: it is on
 * its way. */
static enum err shake(struct sockets *many, struct slot *slot, bool *ret_yet) {
    size_t which = (slot->address + many->address_good) % many->address_count;
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer), error_len = sizeof(int);
    int error = 0;
    *ret_yet = false;
    if (getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &error, &error_len) != 0 || error != 0)
        return fail(slot, ERR_CONNECT, "Couldn't connect to server");
    if (getpeername(slot->fd, (struct sockaddr *)&peer, &len) != 0)
        return ERR_OK; /* still on its way */
    if (!gate_peer_is(slot->fd, &many->addresses[which]))
        return fail(slot, ERR_REFUSED, "Connected to another address than was judged");
    if (many->tls && tls_stream_new(many->tls, slot->fd, &slot->tls) != ERR_OK)
        return fail(slot, ERR_TLS, "SSL connect error");
    many->address_good = which;
    slot->address = 0;
    slot->connected = *ret_yet = true;
    return ERR_OK;
}

static ssize_t put(struct slot *slot, const char *bytes, size_t len) {
    return slot->tls ? tls_stream_write(slot->tls, bytes, len)
                     : send(slot->fd, bytes, len, MSG_NOSIGNAL);
}

static ssize_t take(struct slot *slot, char *bytes, size_t size) {
    return slot->tls ? tls_stream_read(slot->tls, bytes, size) : recv(slot->fd, bytes, size, 0);
}

/* --- one request ---------------------------------------------------------------------------- */

static void tell(struct sockets *many, struct slot *slot, enum err err, const char *why) {
    struct http_many_answer answer = {
        .tag = slot->tag,
        .err = err,
        .status = slot->frame.status,
        .version = 11,
        .service_us = slot->first_sent_us > 0 ? time_mono_us() - slot->first_sent_us : 0,
        .retry_after_s = slot->frame.retry_after_s,
        .bytes = slot->frame.body_bytes,
        .why = why,
    };
    slot->busy = false;
    many->idle[many->idle_count++] = slot;
    many->done(many->ctx, &answer);
}

static void finish(struct sockets *many, struct slot *slot, bool keep) {
    if (!keep)
        hang_up(slot);
    tell(many, slot, ERR_OK, "");
}

static void give_up(struct sockets *many, struct slot *slot, enum err err, const char *why) {
    hang_up(slot);
    tell(many, slot, err, why);
}

/* The connection is of no more use. One that had been used before may just have been closed for
 * being idle: then the request is sent again on a new one, and likewise to the next address. */
static void lose(struct sockets *many, struct slot *slot) {
    bool again = slot->reused && !http_frame_begun(&slot->frame);
    if (!slot->connected && slot->address + 1 < many->address_count) {
        slot->address++;
        again = true;
    }
    if (again) {
        hang_up(slot);
        slot->reused = false;
        slot->sent = 0;
        if (dial(many, slot) != ERR_OK)
            give_up(many, slot, slot->err, slot->why);
    } else if (!slot->connected) {
        give_up(many, slot, ERR_CONNECT, "Couldn't connect to server");
    } else if (slot->tls && !tls_stream_ready(slot->tls)) {
        give_up(many, slot, ERR_TLS, "SSL connect error");
    } else {
        give_up(many, slot, ERR_PEER, "The connection was closed before the end of the answer");
    }
}

/* False: the connection failed. */
static bool send_on(struct slot *slot) {
    while (slot->sent < slot->request.len) {
        ssize_t n = put(slot, slot->request.ptr + slot->sent, slot->request.len - slot->sent);
        if (n < 0)
            return errno == EAGAIN;
        if (slot->sent == 0)
            slot->first_sent_us = time_mono_us();
        slot->sent += (size_t)n;
    }
    return true;
}

/* False: it ended. */
static bool read_bytes(struct sockets *many, struct slot *slot, size_t len, uint32_t events) {
    size_t used = 0;
    enum http_frame_end end = http_frame_feed(&slot->frame, many->room, len, &used);
    if ((uint64_t)slot->frame.body_bytes > many->limits->body_max_bytes)
        give_up(many, slot, ERR_PEER, "The answer is too long");
    else if (end == HTTP_FRAME_BAD)
        give_up(many, slot, ERR_PEER, "The answer is not HTTP/1");
    else if (end == HTTP_FRAME_WHOLE)
        finish(many, slot,
               slot->frame.keep && used == len && slot->sent == slot->request.len &&
                   (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0);
    else
        return true;
    return false;
}

static void receive(struct sockets *many, struct slot *slot, uint32_t events) {
    for (;;) {
        ssize_t n = take(slot, many->room, READ_SIZE);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n == 0 && http_frame_close(&slot->frame))
            finish(many, slot, false);
        else if (n <= 0)
            lose(many, slot);
        if (n <= 0 || !read_bytes(many, slot, (size_t)n, events))
            return;
        if (!slot->tls && n < READ_SIZE && (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0)
            return; /* nothing more is there; what comes later is another event */
    }
}

/* Nothing is due on a connection at rest but what TLS says to itself. */
static void look_at_rest(struct sockets *many, struct slot *slot) {
    if (take(slot, many->room, READ_SIZE) >= 0 || errno != EAGAIN)
        hang_up(slot);
}

static void serve(struct sockets *many, struct slot *slot, uint32_t events) {
    bool yet = true;
    if (slot->fd == NO_SOCKET)
        return;
    if (!slot->busy) {
        look_at_rest(many, slot);
        return;
    }
    enum err err = slot->connected ? ERR_OK : shake(many, slot, &yet);
    if (err == ERR_CONNECT || (err == ERR_OK && yet && !send_on(slot)))
        lose(many, slot);
    else if (err != ERR_OK)
        give_up(many, slot, err, slot->why);
    else if (yet)
        receive(many, slot, events);
}

/* --- making and freeing --------------------------------------------------------------------- */

static enum err fill(struct sockets *many, const struct http_many_plan *plan, struct fault *fault) {
    many->slots = calloc(many->slot_count, sizeof(*many->slots));
    many->idle = calloc(many->slot_count, sizeof(struct slot *));
    many->room = malloc(READ_SIZE);
    if (!many->slots || !many->idle || !many->room)
        return ERR_NOMEM;
    for (size_t i = many->slot_count; i > 0; i--) {
        many->slots[i - 1].fd = NO_SOCKET;
        many->idle[many->idle_count++] = &many->slots[i - 1];
    }
    enum err err = url_parse(plan->urls[0], &many->url, fault);
    if (err == ERR_OK && many->url.tls)
        err = tls_streams_new(&many->url, &many->tls);
    if (err == ERR_OK)
        err = http_get_new(plan, &many->gets, fault);
    if (err != ERR_OK)
        return err;
    /* What cannot be resolved fails each request, as a server that is away does. */
    (void)resolve_host(many->url.host, many->url.port, many->limits->connect_ms, many->addresses,
                       ADDRESSES_MAX, &many->address_count, &many->fault);
    many->epoll = epoll_create1(EPOLL_CLOEXEC);
    return many->epoll < 0 ? ERR_IO : ERR_OK;
}

static void sockets_free(void *self) {
    struct sockets *many = self;
    for (size_t i = 0; many->slots && i < many->slot_count; i++)
        hang_up(&many->slots[i]);
    tls_streams_free(many->tls);
    if (many->epoll >= 0)
        close(many->epoll);
    http_get_free(many->gets);
    free(many->slots);
    free(many->idle);
    free(many->room);
    free(many);
}

static enum err sockets_new(const struct http_many_plan *plan, void **ret_self,
                            struct fault *ret_fault) {
    struct sockets *many = calloc(1, sizeof(*many));
    if (!many)
        return ERR_NOMEM;
    many->gate = plan->gate;
    many->limits = plan->limits;
    many->slot_count = plan->slots;
    many->epoll = NO_SOCKET;
    enum err err = fill(many, plan, ret_fault);
    if (err == ERR_OK)
        *ret_self = many;
    else
        sockets_free(many);
    return err;
}

/* --- the whole ------------------------------------------------------------------------------ */

static bool sockets_start(void *self, uint64_t tag, size_t which) {
    struct sockets *many = self;
    if (many->idle_count == 0)
        return false;
    struct slot *slot = many->idle[--many->idle_count];
    slot->tag = tag;
    slot->request = http_get_bytes(many->gets, which);
    slot->begun_us = time_mono_us();
    slot->first_sent_us = 0;
    slot->sent = slot->address = 0;
    slot->busy = true;
    slot->reused = slot->fd != NO_SOCKET;
    slot->err = ERR_OK;
    http_frame_start(&slot->frame);
    if (slot->reused && !send_on(slot)) {
        hang_up(slot);
        slot->reused = false;
        slot->sent = 0;
    }
    if (!slot->reused && dial(many, slot) != ERR_OK)
        many->failed_count++;
    return true;
}

static size_t sockets_running(const void *self) {
    const struct sockets *many = self;
    return many->slot_count - many->idle_count;
}

/* What could not begin, and what takes too long. */
static void look_around(struct sockets *many, int64_t now) {
    if (many->failed_count == 0 && now - many->looked_us < LOOK_US)
        return;
    many->looked_us = now;
    many->failed_count = 0;
    for (size_t i = 0; i < many->slot_count; i++) {
        struct slot *slot = &many->slots[i];
        int64_t taken_ms = (now - slot->begun_us) / 1000;
        bool linked = slot->connected && (!slot->tls || tls_stream_ready(slot->tls));
        if (!slot->busy)
            continue;
        if (slot->err != ERR_OK)
            give_up(many, slot, slot->err, slot->why);
        else if (taken_ms > (linked ? many->limits->total_ms : many->limits->connect_ms))
            give_up(many, slot, ERR_TIMEOUT, "Timeout was reached");
    }
}

static void sockets_step(void *self, int64_t until_us, http_many_done done, void *ctx) {
    struct sockets *many = self;
    struct epoll_event events[EVENTS_AT_ONCE];
    int64_t left = until_us - time_mono_us();
    left = many->failed_count > 0 || left < 0 ? 0 : left > LOOK_US ? LOOK_US : left;
    struct timespec wait = {left / SECOND_US, left % SECOND_US * 1000};
    int count = epoll_pwait2(many->epoll, events, EVENTS_AT_ONCE, &wait, NULL);
    many->done = done;
    many->ctx = ctx;
    for (int i = 0; i < count; i++)
        serve(many, events[i].data.ptr, events[i].events);
    look_around(many, time_mono_us());
}

const struct http_engine HTTP_SOCKETS = {sockets_new, sockets_free, sockets_start, sockets_running,
                                         sockets_step};
