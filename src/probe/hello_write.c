/* The bytes of a ClientHello. Sends nothing; must not know which offers are a fault. */
#include <string.h>

#include "agnostic/probe/hello.h"

enum { RANDOM_BYTES = 32, TLS_1_2_VERSION = 0x0303, HOST_BYTES_MAX = 255, SSL_2_CHALLENGE = 16 };

struct pen {
    uint8_t *bytes;
    size_t len;
};

static void put(struct pen *pen, const void *bytes, size_t len) {
    memcpy(pen->bytes + pen->len, bytes, len);
    pen->len += len;
}

static void put8(struct pen *pen, unsigned value) {
    pen->bytes[pen->len++] = (uint8_t)value;
}

static void put16(struct pen *pen, unsigned value) {
    put8(pen, value >> 8);
    put8(pen, value & 0xff);
}

/* The 16-bit length of everything written after it. */
static void close16(struct pen *pen, size_t at) {
    size_t len = pen->len - at - 2;
    pen->bytes[at] = (uint8_t)(len >> 8);
    pen->bytes[at + 1] = (uint8_t)len;
}

static size_t open16(struct pen *pen) {
    put16(pen, 0);
    return pen->len - 2;
}

static void put_server_name(struct pen *pen, const char *host) {
    size_t len = strlen(host);
    if (len == 0)
        return;
    put16(pen, 0);
    put16(pen, (unsigned)len + 5);
    put16(pen, (unsigned)len + 3);
    put8(pen, 0);
    put16(pen, (unsigned)len);
    put(pen, host, len);
}

/* Without them a server that has only (EC)DHE declines for want of a group, not of a suite. */
static void put_extensions(struct pen *pen, const struct hello_offer *offer, const char *host) {
    static const uint8_t GROUPS[] = {0, 10, 0, 10, 0, 8, 0, 29, 0, 23, 0, 24, 0, 25};
    static const uint8_t POINTS[] = {0, 11, 0, 2, 1, 0};
    static const uint8_t SIGNATURES[] = {0, 13, 0, 22, 0, 20, 4, 3, 5, 3, 6, 3, 8,
                                         4, 8,  5, 8,  6, 4,  1, 5, 1, 6, 1, 2, 1};
    static const uint8_t RENEGOTIATION[] = {0xff, 1, 0, 1, 0};
    if (offer->version == HELLO_SSL_3)
        return; /* SSLv3 knows none */
    size_t at = open16(pen);
    put_server_name(pen, host);
    put(pen, GROUPS, sizeof(GROUPS));
    put(pen, POINTS, sizeof(POINTS));
    put(pen, RENEGOTIATION, sizeof(RENEGOTIATION));
    if (offer->version == TLS_1_2_VERSION)
        put(pen, SIGNATURES, sizeof(SIGNATURES));
    close16(pen, at);
}

static size_t write_ssl_2(const uint8_t *random, struct pen *pen) {
    static const uint8_t KINDS[] = {
        1,    0, 0x80, 2,    0, 0x80, 3,    0, 0x80, 4,   0,
        0x80, 5, 0,    0x80, 6, 0,    0x40, 7, 0,    0xc0}; /* all that there are */
    put16(pen, 0x8000U | (9 + sizeof(KINDS) + SSL_2_CHALLENGE));
    put8(pen, 1); /* client hello */
    put16(pen, HELLO_SSL_2);
    put16(pen, sizeof(KINDS));
    put16(pen, 0);
    put16(pen, SSL_2_CHALLENGE);
    put(pen, KINDS, sizeof(KINDS));
    put(pen, random, SSL_2_CHALLENGE);
    return pen->len;
}

static void put_body(struct pen *pen, const struct hello_offer *offer, const char *host,
                     const uint8_t *random) {
    put16(pen, offer->version);
    put(pen, random, RANDOM_BYTES);
    put8(pen, 0); /* no session */
    put16(pen, (unsigned)offer->suite_count * 2);
    for (size_t i = 0; i < offer->suite_count; i++)
        put16(pen, offer->suites[i]);
    put8(pen, offer->deflate ? 2 : 1);
    if (offer->deflate)
        put8(pen, 1);
    put8(pen, 0);
    put_extensions(pen, offer, host);
}

size_t hello_write(const struct hello_offer *offer, const char *host, const uint8_t *random,
                   uint8_t bytes[HELLO_BYTES_MAX]) {
    struct pen pen = {bytes, 0};
    if (offer->version == HELLO_SSL_2)
        return write_ssl_2(random, &pen);
    if (offer->suite_count == 0 || offer->suite_count > HELLO_SUITES_MAX ||
        strlen(host) > HOST_BYTES_MAX)
        return 0;
    put8(&pen, 22); /* handshake; the record of a first hello may say TLS 1.0 at most */
    put16(&pen, offer->version == HELLO_SSL_3 ? HELLO_SSL_3 : 0x0301);
    size_t record = open16(&pen);
    put16(&pen, 0x0100); /* client hello, and the first byte of a 24-bit length */
    size_t message = open16(&pen);
    put_body(&pen, offer, host, random);
    close16(&pen, message);
    close16(&pen, record);
    return pen.len;
}
