/* allow: which hosts and addresses may be connected to, and how hard.
 *
 * A list is written HOST|.SUFFIX|CIDR[:PORT][+load[=RPS]][+active], comma-separated
 * (AGNOSTIC_TARGET_ALLOW); AGNOSTIC_WEBHOOK_ALLOW is the same without flags. Pure:
 * it resolves nothing. IPv6 with a port is written [::1]:8080. */
#ifndef AGNOSTIC_BASE_ALLOW_H
#define AGNOSTIC_BASE_ALLOW_H

#include "agnostic/base/addr.h"
#include "agnostic/base/err.h"

struct allow; /* a parsed list */

/* allow_parse(text, with_flags, &allow, &fault): reads a list; empty text is an empty
 * list. ERR_SYNTAX names the entry. The caller frees with allow_free. */
enum err allow_parse(struct text text, bool with_flags, struct allow **ret_allow,
                     struct fault *ret_fault);
void allow_free(struct allow *allow);

/* What a match grants. Without any entry a public address still may be tested in the
 * modes passive and safe, at up to ALLOW_RPS_DEFAULT. */
struct allow_grant {
    bool listed;      /* some entry names it */
    bool active;      /* active mode */
    bool load;        /* load above ALLOW_RPS_DEFAULT */
    uint32_t max_rps; /* requests per second in all */
};
enum {
    ALLOW_RPS_DEFAULT = 20,
    ALLOW_RPS_LOAD = 200, /* "+load" without a number */
    ALLOW_RPS_LOOPBACK = 1000,
    ALLOW_RPS_MAX = 100000
};

/* allow_match(allow, host, addr, port, &grant): what the list grants for a connection to
 * addr:port made under the name host (lower case; may be a literal; addr may be NULL when
 * only the name is known yet). CIDR entries match addresses; HOST and .SUFFIX match the name. */
void allow_match(const struct allow *allow, const char *host, const struct addr *addr,
                 uint16_t port, struct allow_grant *ret_grant);

/* allow_check(allow, host, addr, port, own, own_count, setting, &fault): may addr:port be
 * connected to? ERR_OK, or ERR_REFUSED with a sentence naming the address, its class and
 * `setting` ("AGNOSTIC_TARGET_ALLOW"). Metadata addresses are refused whatever is listed;
 * loopback, private, link-local, special and the machine's `own` addresses unless listed. */
enum err allow_check(const struct allow *allow, const char *host, const struct addr *addr,
                     uint16_t port, const struct addr *own, size_t own_count, const char *setting,
                     struct fault *ret_fault);

/* Ports never connected to unless an entry names exactly that port: 22, 25, 6379, ... */
bool allow_port_is_denied(uint16_t port);

#endif
