/* addr: IP addresses, networks, and which of them are not the public internet. */
#ifndef AGNOSTIC_BASE_ADDR_H
#define AGNOSTIC_BASE_ADDR_H

#include <sys/socket.h>

#include "agnostic/base/text.h"

/* IPv4 stands as itself, not as a mapped IPv6 address. */
struct addr {
    bool v6;
    unsigned char bytes[16]; /* 4 used for IPv4; network order */
};

struct network {
    struct addr base;
    unsigned prefix; /* bits */
};

enum { ADDR_TEXT_SIZE = 48 };

/* What an address is. Everything but ADDR_PUBLIC is refused by default; ADDR_METADATA
 * is refused always, no setting opens it. */
enum addr_class {
    ADDR_PUBLIC,
    ADDR_LOOPBACK,
    ADDR_PRIVATE,    /* RFC 1918, CGNAT, fc00::/7 */
    ADDR_LINK_LOCAL, /* 169.254/16, fe80::/10 */
    ADDR_METADATA,   /* what clouds tell their machines, credentials too: 169.254.169.254,
                        168.63.129.16, fd00:ec2::254, ... and their embeddings */
    ADDR_SPECIAL     /* unspecified, multicast, documentation, tunnels, reserved: semantics of
                        RFC 6890; IPv6 outside 2000::/3 */
};

/* addr_parse(t, &addr): dotted quad without leading zeros, or IPv6 (no zone). */
bool addr_parse(struct text t, struct addr *ret_addr);
/* network_parse(t, &network): "10.0.0.0/8", "::1/128", or a bare address. */
bool network_parse(struct text t, struct network *ret_network);
/* addr_from_sockaddr(sa, &addr, &port): AF_INET, AF_INET6. An IPv4-mapped IPv6
 * address becomes IPv4. */
bool addr_from_sockaddr(const struct sockaddr *sa, struct addr *ret_addr, uint16_t *ret_port);
void addr_text(const struct addr *addr, char dst[static ADDR_TEXT_SIZE]);
bool addr_eq(const struct addr *a, const struct addr *b);
/* IPv4-mapped IPv6 is compared as IPv4. */
bool network_has(const struct network *network, const struct addr *addr);
/* addr_classify(addr): an address that embeds an IPv4 one (mapped, 6to4, NAT64) is
 * judged by the embedded one too, and never ADDR_PUBLIC. */
enum addr_class addr_classify(const struct addr *addr);
/* "loopback", "private", "link-local", "metadata", "special", "public". */
const char *addr_class_word(enum addr_class class);

#endif
