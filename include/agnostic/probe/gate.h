/* gate: the policy of outgoing connections at the moment of connecting. Everything that
 * opens a socket to a name somebody else chose goes through one. */
#ifndef AGNOSTIC_PROBE_GATE_H
#define AGNOSTIC_PROBE_GATE_H

#include "agnostic/base/allow.h"
#include "agnostic/base/resolve.h"
#include "agnostic/base/url.h"
#include "agnostic/probe/bounds.h"

struct gate;

/* gate_new(allow, setting, &gate): `allow` is borrowed and must outlive the gate; `setting`
 * is the name that refusals print. Reads the machine's own addresses once. allow NULL refuses
 * nothing but metadata addresses (a client that calls its own service). From then on the process
 * ignores SIGPIPE: a peer that resets is an error, not a death. */
enum err gate_new(const struct allow *allow, const char *setting, struct gate **ret_gate);
void gate_free(struct gate *gate);
/* gate_bound(gate, bounds): from now on what bounds exclude is refused; borrowed, may be NULL. */
void gate_bound(struct gate *gate, const struct bounds *bounds);
/* gate_enter(gate, path, &fault): may this path be asked for? ERR_REFUSED. Whatever sends requests
 * asks before it sends one. */
enum err gate_enter(const struct gate *gate, struct text path, struct fault *ret_fault);

/* gate_check(gate, host, sockaddr, &fault): may this address be connected to under this name? */
enum err gate_check(const struct gate *gate, const char *host, const struct sockaddr *sa,
                    struct fault *ret_fault);
/* gate_resolve(gate, url, addrs, max, &count, &fault): resolves url's host and checks every
 * address (and denied ports), and url's path. ERR_RESOLVE; ERR_REFUSED if any is refused. */
enum err gate_resolve(const struct gate *gate, const struct url *url, struct addr *ret_addrs,
                      size_t max, size_t *ret_count, struct fault *ret_fault);
/* gate_connect(gate, url, port, timeout_ms, &fd, &fault): a connected TCP socket,
 * non-blocking and close-on-exec; every address of the name is checked, then exactly these are
 * connected to, nothing is resolved again. The caller closes fd. ERR_REFUSED, ERR_RESOLVE,
 * ERR_CONNECT, ERR_TIMEOUT. */
enum err gate_connect(const struct gate *gate, const struct url *url, uint16_t port,
                      int64_t timeout_ms, int *ret_fd, struct fault *ret_fault);
/* gate_peer_is(fd, address): is this socket connected to exactly that address, as the kernel says?
 */
bool gate_peer_is(int fd, const struct resolve_address *address);

#endif
