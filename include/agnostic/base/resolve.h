/* resolve: names to addresses within a time limit. Judges nothing; that is the gate's. */
#ifndef AGNOSTIC_BASE_RESOLVE_H
#define AGNOSTIC_BASE_RESOLVE_H

#include <sys/socket.h>

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

/* One answer, with the port already in it. */
struct resolve_address {
    struct sockaddr_storage sa;
    socklen_t len;
};

/* resolve_host(host, port, timeout_ms, addresses, max, &count, &fault): every IPv4 and IPv6
 * address of host (a name or a literal without brackets), at most max. localhost and what
 * ends in .localhost is 127.0.0.1 where the system does not know it (RFC 6761, 6.3). ERR_RESOLVE:
 * there is none; ERR_TIMEOUT; ERR_NOMEM. getaddrinfo cannot be interrupted, so it runs in a thread
 * of its own; one that is too late is left behind and ends when the system's resolver gives up
 * (resolv.conf's timeout and attempts, commonly below 30 s). */
enum err resolve_host(const char *host, uint16_t port, int64_t timeout_ms,
                      struct resolve_address *ret_addresses, size_t max, size_t *ret_count,
                      struct fault *ret_fault);

#endif
