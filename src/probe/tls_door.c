/* Options of OpenSSL that are the same for every client of ours. */
#include "probe/tls_door.h"

#include <openssl/ssl.h>

enum { CHAIN_MAX_BYTES = 100 << 10 }; /* a longer Certificate message ends the handshake */

/* A client in the middle of a handshake skips HelloRequests, for as long as they come and within
 * one call, where no deadline is looked at. Nobody sends them there: from the first on the peer is
 * taken to have hung up. */
static void hang_up(int is_written, int version, int kind, const void *bytes, size_t len, SSL *ssl,
                    void *none) {
    const unsigned char *message = bytes;
    BIO *end = NULL;
    (void)version, (void)none;
    if (is_written || kind != SSL3_RT_HANDSHAKE || len == 0 || message[0] != SSL3_MT_HELLO_REQUEST)
        return;
    if (SSL_in_init(ssl) && (end = BIO_new(BIO_s_null())) != NULL)
        SSL_set0_rbio(ssl, end);
}

void tls_door_guard(void *ctx) {
    SSL_CTX_set_max_cert_list(ctx, CHAIN_MAX_BYTES);
    SSL_CTX_set_msg_callback(ctx, hang_up);
    SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY); /* else a read takes in tickets without end */
}

/* Level 0 still refuses Diffie-Hellman groups below 1024 bits. */
static int take(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid, void *other,
                void *ex) {
    (void)ssl, (void)ctx, (void)op, (void)bits, (void)nid, (void)other, (void)ex;
    return 1;
}

void tls_door_take_anything(void *ctx) {
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_security_callback(ctx, take);
    SSL_CTX_set_options(ctx, SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION); /* and connecting to such */
}
