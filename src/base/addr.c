/* addr: addresses as bytes and the table of what they are. Opens no socket. */
#include "agnostic/base/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { V4_BYTES = 4, V6_BYTES = 16, V4_BITS = 32, V6_BITS = 128, MAPPED_AT = 12 };

bool addr_parse(struct text t, struct addr *ret_addr) {
    char string[ADDR_TEXT_SIZE];
    struct addr addr = {.v6 = text_find(t, TEXT(":")) >= 0};
    if (!text_copy(t, string, sizeof(string)) ||
        inet_pton(addr.v6 ? AF_INET6 : AF_INET, string, addr.bytes) != 1)
        return false;
    *ret_addr = addr;
    return true;
}

static struct addr v4_of(const unsigned char *bytes) {
    struct addr addr = {.v6 = false};
    memcpy(addr.bytes, bytes, V4_BYTES);
    return addr;
}

static bool is_mapped(const struct addr *addr) {
    static const unsigned char prefix[MAPPED_AT] = {[10] = 0xFF, [11] = 0xFF};
    return addr->v6 && memcmp(addr->bytes, prefix, sizeof(prefix)) == 0;
}

static struct addr unmapped(const struct addr *addr) {
    return is_mapped(addr) ? v4_of(addr->bytes + MAPPED_AT) : *addr;
}

static bool bits_equal(const unsigned char *a, const unsigned char *b, unsigned bits) {
    unsigned whole = bits / 8, left = bits % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    return left == 0 || ((a[whole] ^ b[whole]) >> (8 - left)) == 0;
}

static bool host_bits_clear(const struct network *network) {
    unsigned char masked[V6_BYTES] = {0};
    memcpy(masked, network->base.bytes, network->prefix / 8);
    if (network->prefix % 8 != 0) {
        unsigned char byte = network->base.bytes[network->prefix / 8];
        masked[network->prefix / 8] = (unsigned char)(byte & 0xFF << (8 - network->prefix % 8));
    }
    return memcmp(masked, network->base.bytes, sizeof(masked)) == 0;
}

/* Host bits that are set are refused: "10.0.0.1/8" is more likely a slip than a wish. */
bool network_parse(struct text t, struct network *ret_network) {
    struct network network;
    struct text rest = t, base;
    uint64_t prefix;
    if (t.len == 0 || !text_cut(&rest, '/', &base) || !addr_parse(base, &network.base))
        return false;
    unsigned bits = network.base.v6 ? V6_BITS : V4_BITS;
    if (rest.ptr == NULL)
        prefix = bits;
    else if (rest.len > 3 || !text_u64(rest, bits, &prefix))
        return false;
    network.prefix = (unsigned)prefix;
    if (!host_bits_clear(&network))
        return false;
    if (is_mapped(&network.base) && network.prefix >= V6_BITS - V4_BITS) {
        network.base = unmapped(&network.base);
        network.prefix -= V6_BITS - V4_BITS;
    }
    *ret_network = network;
    return true;
}

bool addr_from_sockaddr(const struct sockaddr *sa, struct addr *ret_addr, uint16_t *ret_port) {
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof(in));
        *ret_addr = v4_of((const unsigned char *)&in.sin_addr);
        *ret_port = ntohs(in.sin_port);
        return true;
    }
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        struct addr addr = {.v6 = true};
        memcpy(&in6, sa, sizeof(in6));
        memcpy(addr.bytes, &in6.sin6_addr, V6_BYTES);
        *ret_addr = unmapped(&addr);
        *ret_port = ntohs(in6.sin6_port);
        return true;
    }
    return false;
}

void addr_text(const struct addr *addr, char dst[static ADDR_TEXT_SIZE]) {
    if (inet_ntop(addr->v6 ? AF_INET6 : AF_INET, addr->bytes, dst, ADDR_TEXT_SIZE) == NULL)
        dst[0] = '\0';
}

bool addr_eq(const struct addr *a, const struct addr *b) {
    struct addr left = unmapped(a), right = unmapped(b);
    return left.v6 == right.v6 &&
           memcmp(left.bytes, right.bytes, left.v6 ? V6_BYTES : V4_BYTES) == 0;
}

bool network_has(const struct network *network, const struct addr *addr) {
    struct addr plain = unmapped(addr);
    return network->base.v6 == plain.v6 &&
           bits_equal(network->base.bytes, plain.bytes, network->prefix);
}

/* --- what an address is: the first row that has it decides -------------------- */

struct class_row {
    struct network network;
    enum addr_class class;
};
#define V4(prefix, class, ...)                                                                     \
    { {{false, {__VA_ARGS__}}, prefix}, class }
#define V6(prefix, class, ...)                                                                     \
    { {{true, {__VA_ARGS__}}, prefix}, class }

static const struct class_row v4_rows[] = {
    V4(32, ADDR_METADATA, 169, 254, 169, 254),
    V4(32, ADDR_METADATA, 169, 254, 170, 2),  /* credentials of AWS containers */
    V4(32, ADDR_METADATA, 169, 254, 170, 23), /* and of AWS pods */
    V4(32, ADDR_METADATA, 168, 63, 129, 16),  /* Azure's host, in the public range */
    V4(32, ADDR_METADATA, 100, 100, 100, 200),
    V4(8, ADDR_SPECIAL, 0), /* "this host": Linux connects 0.0.0.0 to itself */
    V4(8, ADDR_PRIVATE, 10),
    V4(10, ADDR_PRIVATE, 100, 64),
    V4(8, ADDR_LOOPBACK, 127),
    V4(16, ADDR_LINK_LOCAL, 169, 254),
    V4(12, ADDR_PRIVATE, 172, 16),
    V4(24, ADDR_SPECIAL, 192, 0, 0),
    V4(24, ADDR_SPECIAL, 192, 0, 2),
    V4(24, ADDR_SPECIAL, 192, 88, 99),
    V4(16, ADDR_PRIVATE, 192, 168),
    V4(15, ADDR_SPECIAL, 198, 18),
    V4(24, ADDR_SPECIAL, 198, 51, 100),
    V4(24, ADDR_SPECIAL, 203, 0, 113),
    V4(4, ADDR_SPECIAL, 224),
    V4(4, ADDR_SPECIAL, 240),
    V4(0, ADDR_PUBLIC, 0),
};

static const struct class_row v6_rows[] = {
    V6(128, ADDR_METADATA, 0xFD, 0x00, 0x0E, 0xC2, [14] = 0x02, [15] = 0x54),
    V6(128, ADDR_METADATA, 0xFD, 0x00, 0x0E, 0xC2, [15] = 0x23),
    V6(128, ADDR_METADATA, 0xFD, 0x20, 0x00, 0xCE, [14] = 0x02, [15] = 0x54),
    V6(128, ADDR_LOOPBACK, [15] = 1),
    V6(10, ADDR_LINK_LOCAL, 0xFE, 0x80),
    V6(7, ADDR_PRIVATE, 0xFC),
    V6(23, ADDR_SPECIAL, 0x20, 0x01),
    V6(32, ADDR_SPECIAL, 0x20, 0x01, 0x0D, 0xB8),
    V6(16, ADDR_SPECIAL, 0x20, 0x02),
    V6(20, ADDR_SPECIAL, 0x3F, 0xFF),
    V6(3, ADDR_PUBLIC, 0x20),
    V6(0, ADDR_SPECIAL, 0),
};

/* Where an IPv6 address carries an IPv4 one that a translator would connect to. */
static const struct {
    struct network network;
    unsigned at; /* byte */
} embeddings[] = {
    {{{true, {[10] = 0xFF, [11] = 0xFF}}, 96}, 12},           /* mapped */
    {{{true, {0}}, 96}, 12},                                  /* compatible, RFC 4291 */
    {{{true, {0x00, 0x64, 0xFF, 0x9B}}, 96}, 12},             /* NAT64 */
    {{{true, {0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01}}, 48}, 12}, /* local NAT64, /96 below it */
    {{{true, {0x20, 0x02}}, 16}, 2},                          /* 6to4 */
};

static enum addr_class look_up(const struct class_row *rows, const struct addr *addr) {
    while (!bits_equal(rows->network.base.bytes, addr->bytes, rows->network.prefix))
        rows++; /* the last row has prefix 0 */
    return rows->class;
}

enum addr_class addr_classify(const struct addr *addr) {
    if (!addr->v6)
        return look_up(v4_rows, addr);
    enum addr_class class = look_up(v6_rows, addr);
    if (class != ADDR_SPECIAL)
        return class;
    for (size_t i = 0; i < sizeof(embeddings) / sizeof(embeddings[0]); i++) {
        if (!bits_equal(embeddings[i].network.base.bytes, addr->bytes,
                        embeddings[i].network.prefix))
            continue;
        struct addr inner = v4_of(addr->bytes + embeddings[i].at);
        enum addr_class judged = look_up(v4_rows, &inner);
        return judged == ADDR_PUBLIC ? ADDR_SPECIAL : judged;
    }
    return class;
}

const char *addr_class_word(enum addr_class class) {
    static const char *const words[] = {
        [ADDR_PUBLIC] = "public",         [ADDR_LOOPBACK] = "loopback", [ADDR_PRIVATE] = "private",
        [ADDR_LINK_LOCAL] = "link-local", [ADDR_METADATA] = "metadata", [ADDR_SPECIAL] = "special",
    };
    return words[class];
}
