/* hello: one ClientHello written by hand and the first answer to it, for what TLS libraries no
 * longer speak: SSLv2, SSLv3, broken ciphers, compression. No handshake is ever completed. */
#ifndef AGNOSTIC_PROBE_HELLO_H
#define AGNOSTIC_PROBE_HELLO_H

#include "agnostic/probe/gate.h"

enum { HELLO_SSL_2 = 0x0002, HELLO_SSL_3 = 0x0300 }; /* newer ones: enum tls_version */
enum {
    HELLO_FALLBACK_SCSV = 0x5600,  /* RFC 7507 */
    HELLO_ALERT_BAD_FALLBACK = 86, /* inappropriate_fallback */
    HELLO_SUITES_MAX = 64,         /* of one offer */
    HELLO_BYTES_MAX = 1024,        /* of a ClientHello */
    HELLO_ANSWER_BYTES_MAX = 1024  /* read of an answer; a ServerHello's head needs 80 */
};

struct hello_offer {
    uint16_t version;       /* HELLO_SSL_*, or TLS_1_0 to TLS_1_2 */
    const uint16_t *suites; /* in order of preference; not looked at with HELLO_SSL_2 */
    size_t suite_count;     /* 1 to HELLO_SUITES_MAX */
    bool deflate;           /* offers compression */
};

enum hello_end {
    HELLO_DECLINED, /* an alert, or the connection closed without a word */
    HELLO_ACCEPTED, /* a ServerHello that fits the offer */
    HELLO_GARBLED   /* neither: proves nothing */
};
struct hello_answer {
    enum hello_end end;
    uint8_t alert;    /* DECLINED: its number, 0 when it was closed */
    uint16_t version; /* ACCEPTED */
    uint16_t suite;   /* ACCEPTED, 0 with SSLv2 */
    bool deflate;     /* ACCEPTED: compression was chosen */
};

/* hello_write(offer, host, random, bytes): the ClientHello; host "" sends no server name. `random`
 * are 32 bytes. Returns its length, 0 when the offer or the host is too long. */
size_t hello_write(const struct hello_offer *offer, const char *host, const uint8_t *random,
                   uint8_t bytes[HELLO_BYTES_MAX]);
/* hello_read(offer, bytes, len, &answer): what the first bytes of an answer to the offer say.
 * False: more bytes are needed. Pure. */
bool hello_read(const struct hello_offer *offer, const uint8_t *bytes, size_t len,
                struct hello_answer *ret_answer);
/* hello_ask(gate, url, offer, timeout_ms, &answer, &fault): connects through the gate, says hello
 * to url's host and port, reads at most HELLO_ANSWER_BYTES_MAX and hangs up. ERR_REFUSED,
 * ERR_RESOLVE, ERR_CONNECT, ERR_TIMEOUT (of all together); ERR_SYNTAX for what hello_write cannot
 * write; ERR_INTERNAL without randomness. */
enum err hello_ask(const struct gate *gate, const struct url *url, const struct hello_offer *offer,
                   int64_t timeout_ms, struct hello_answer *ret_answer, struct fault *ret_fault);

#endif
