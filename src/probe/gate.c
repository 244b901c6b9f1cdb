/* gate: judges every address at the moment of connecting, with the list of the task, the
 * machine's own addresses, and nothing else. Must not know HTTP or TLS. */
#include "agnostic/probe/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/base/resolve.h"
#include "agnostic/base/time.h"

enum {
    GATE_ADDRESSES_MAX = 32, /* answers of one name that are looked at */
    GATE_RESOLVE_MS = 5000,
    PATH_SHOWN_POINTS = 200 /* of a path, in a refusal */
};

struct gate {
    const struct allow *allow;   /* borrowed; NULL: only metadata addresses are refused */
    const struct bounds *bounds; /* borrowed; NULL: none */
    const char *setting;
    struct addr *own;
    size_t own_count;
};

static enum err read_own_addresses(struct gate *gate) {
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) != 0)
        return ERR_IO;
    size_t count = 0;
    for (const struct ifaddrs *at = list; at; at = at->ifa_next)
        count++;
    gate->own = calloc(count + 1, sizeof(*gate->own));
    for (const struct ifaddrs *at = list; gate->own && at; at = at->ifa_next) {
        uint16_t port;
        if (at->ifa_addr && addr_from_sockaddr(at->ifa_addr, &gate->own[gate->own_count], &port))
            gate->own_count++;
    }
    freeifaddrs(list);
    return gate->own ? ERR_OK : ERR_NOMEM;
}

enum err gate_new(const struct allow *allow, const char *setting, struct gate **ret_gate) {
    struct gate *gate = calloc(1, sizeof(*gate));
    if (!gate)
        return ERR_NOMEM;
    signal(SIGPIPE, SIG_IGN);
    gate->allow = allow;
    gate->setting = setting;
    enum err err = allow ? read_own_addresses(gate) : ERR_OK;
    if (err != ERR_OK) {
        gate_free(gate);
        return err;
    }
    *ret_gate = gate;
    return ERR_OK;
}

void gate_free(struct gate *gate) {
    if (gate)
        free(gate->own);
    free(gate);
}

void gate_bound(struct gate *gate, const struct bounds *bounds) {
    gate->bounds = bounds;
}

enum err gate_enter(const struct gate *gate, struct text path, struct fault *ret_fault) {
    if (!bounds_excludes(gate->bounds, path))
        return ERR_OK;
    return fault_set(ret_fault, ERR_REFUSED, "The task's constraints exclude the path %.*s",
                     TEXT_ARG(text_head(path, PATH_SHOWN_POINTS)));
}

static enum err check_without_list(const struct addr *addr, struct fault *ret_fault) {
    if (addr_classify(addr) != ADDR_METADATA)
        return ERR_OK;
    char name[ADDR_TEXT_SIZE];
    addr_text(addr, name);
    return fault_set(ret_fault, ERR_REFUSED, "%s is a metadata address; no setting opens it", name);
}

enum err gate_check(const struct gate *gate, const char *host, const struct sockaddr *sa,
                    struct fault *ret_fault) {
    struct addr addr;
    uint16_t port;
    if (!addr_from_sockaddr(sa, &addr, &port))
        return fault_set(ret_fault, ERR_REFUSED, "%s: neither an IPv4 nor an IPv6 address", host);
    if (!gate->allow)
        return check_without_list(&addr, ret_fault);
    return allow_check(gate->allow, host, &addr, port, gate->own, gate->own_count, gate->setting,
                       ret_fault);
}

/* Every answer of a name is judged: one refused address among good ones is how rebinding starts. */
static enum err resolve_checked(const struct gate *gate, const char *host, uint16_t port,
                                int64_t timeout_ms, struct resolve_address *addresses,
                                size_t *ret_count, struct fault *ret_fault) {
    if (timeout_ms > GATE_RESOLVE_MS)
        timeout_ms = GATE_RESOLVE_MS;
    enum err err =
        resolve_host(host, port, timeout_ms, addresses, GATE_ADDRESSES_MAX, ret_count, ret_fault);
    for (size_t i = 0; err == ERR_OK && i < *ret_count; i++)
        err = gate_check(gate, host, (const struct sockaddr *)&addresses[i].sa, ret_fault);
    return err;
}

enum err gate_resolve(const struct gate *gate, const struct url *url, struct addr *ret_addrs,
                      size_t max, size_t *ret_count, struct fault *ret_fault) {
    struct resolve_address addresses[GATE_ADDRESSES_MAX];
    size_t found = 0, kept = 0;
    enum err err = gate_enter(gate, url->path, ret_fault);
    if (err == ERR_OK)
        err = resolve_checked(gate, url->host, url->port, GATE_RESOLVE_MS, addresses, &found,
                              ret_fault);
    if (err != ERR_OK)
        return err == ERR_TIMEOUT ? ERR_RESOLVE : err;
    for (size_t i = 0; i < found && kept < max; i++) {
        uint16_t port;
        if (addr_from_sockaddr((const struct sockaddr *)&addresses[i].sa, &ret_addrs[kept], &port))
            kept++;
    }
    *ret_count = kept;
    return ERR_OK;
}

/* 0 when fd is connected before the deadline, else an errno. */
static int await_connection(int fd, int64_t deadline) {
    for (;;) {
        int64_t left = deadline - time_mono_ms();
        if (left <= 0)
            return ETIMEDOUT;
        struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};
        int ready = poll(&poll_fd, 1, (int)left);
        if (ready < 0 && errno != EINTR)
            return errno;
        if (ready > 0)
            break;
    }
    int fault = 0;
    socklen_t len = sizeof(fault);
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &len) == 0 ? fault : errno;
}

/* The peer is the address that was judged, and nothing a local trick put in its place. */
bool gate_peer_is(int fd, const struct resolve_address *address) {
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    struct addr wanted, actual;
    uint16_t wanted_port, actual_port;
    return getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
           addr_from_sockaddr((const struct sockaddr *)&peer, &actual, &actual_port) &&
           addr_from_sockaddr((const struct sockaddr *)&address->sa, &wanted, &wanted_port) &&
           addr_eq(&wanted, &actual) && wanted_port == actual_port;
}

/* Connects to exactly this address. An errno, 0 with *ret_fd. */
static int connect_to(const struct resolve_address *address, int64_t deadline, int *ret_fd) {
    int fd = socket(address->sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return errno;
    int fault = 0;
    if (connect(fd, (const struct sockaddr *)&address->sa, address->len) != 0)
        fault = errno == EINPROGRESS ? await_connection(fd, deadline) : errno;
    if (fault == 0 && !gate_peer_is(fd, address))
        fault = EADDRNOTAVAIL;
    if (fault == 0)
        *ret_fd = fd;
    else
        close(fd);
    return fault;
}

enum err gate_connect(const struct gate *gate, const struct url *url, uint16_t port,
                      int64_t timeout_ms, int *ret_fd, struct fault *ret_fault) {
    int64_t deadline = time_mono_ms() + timeout_ms;
    struct resolve_address addresses[GATE_ADDRESSES_MAX];
    size_t count = 0;
    enum err err = resolve_checked(gate, url->host, port, timeout_ms, addresses, &count, ret_fault);
    if (err != ERR_OK)
        return err;
    int fault = ETIMEDOUT;
    for (size_t i = 0; i < count; i++) {
        int64_t now = time_mono_ms();
        if (now >= deadline)
            break;
        /* An address that swallows everything leaves the others their share of the time. */
        int64_t share = (deadline - now) / (int64_t)(count - i);
        fault = connect_to(&addresses[i], now + share, ret_fd);
        if (fault == 0)
            return ERR_OK;
    }
    return fault_set(ret_fault, fault == ETIMEDOUT ? ERR_TIMEOUT : ERR_CONNECT, "%s port %u: %s",
                     url->host, port, strerror(fault));
}
