/* tls: one handshake through the gate, verification off, everything seen written down. Must not
 * know which of it is a fault worth reporting. */
#include "agnostic/probe/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/base/time.h"
#include "probe/tls_certificate.h"

const char *tls_version_word(int version) {
    static const char *const WORDS[] = {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
    return version >= TLS_1_0 && version <= TLS_1_3 ? WORDS[version - TLS_1_0] : NULL;
}

enum { CHAIN_MAX_BYTES = 100 << 10 }; /* a longer Certificate message ends the handshake */

/* A client that takes any certificate and any algorithm of the versions it offers: what a server
 * can do at all is the question here. */
static SSL_CTX *offer(int min, int max) {
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (!ctx)
        return NULL;
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_max_cert_list(ctx, CHAIN_MAX_BYTES);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_set_min_proto_version(ctx, min) == 1 &&
        SSL_CTX_set_max_proto_version(ctx, max) == 1 &&
        SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0") == 1)
        return ctx;
    SSL_CTX_free(ctx);
    return NULL;
}

static SSL *speak(SSL_CTX *ctx, const struct url *url, int fd) {
    SSL *ssl = SSL_new(ctx);
    if (!ssl)
        return NULL;
    bool ready = SSL_set_fd(ssl, fd) == 1 &&
                 SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp) == 1 &&
                 (url->host_is_ip || SSL_set_tlsext_host_name(ssl, url->host) == 1);
    if (ready)
        return ssl;
    SSL_free(ssl);
    return NULL;
}

static bool await_socket(int fd, short events, int64_t deadline) {
    for (;;) {
        int64_t left = deadline - time_mono_ms();
        if (left <= 0)
            return false;
        struct pollfd poll_fd = {.fd = fd, .events = events};
        int ready = poll(&poll_fd, 1, (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

/* Why the handshake ended, in OpenSSL's words or the system's. */
static void why(int kind, int system_fault, char *dst, size_t size) {
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    if (reason)
        snprintf(dst, size, "%s", reason);
    else if (kind == SSL_ERROR_SYSCALL && system_fault != 0)
        snprintf(dst, size, "%s", strerror(system_fault));
    else
        snprintf(dst, size, "%s", "the server closed the connection");
}

/* ERR_OK whether or not it completed; ERR_TIMEOUT. */
static enum err shake_hands(SSL *ssl, int fd, int64_t deadline, struct tls_shake *shake) {
    for (;;) {
        ERR_clear_error();
        errno = 0;
        int done = SSL_connect(ssl);
        int system_fault = errno;
        if (done == 1) {
            shake->completed = true;
            return ERR_OK;
        }
        int kind = SSL_get_error(ssl, done);
        if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE) {
            /* OpenSSL's reasons from there on are alerts that were received. */
            shake->alerted = ERR_GET_REASON(ERR_peek_last_error()) >= SSL_AD_REASON_OFFSET;
            why(kind, system_fault, shake->alert, sizeof(shake->alert));
            return ERR_OK;
        }
        if (!await_socket(fd, kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
            return ERR_TIMEOUT;
    }
}

static enum err write_down(SSL *ssl, const struct url *url, struct tls_shake *shake) {
    const unsigned char *staple = NULL;
    shake->version = SSL_version(ssl);
    snprintf(shake->cipher, sizeof(shake->cipher), "%s", SSL_get_cipher_name(ssl));
    shake->stapled = SSL_get_tlsext_status_ocsp_resp(ssl, &staple) > 0;
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    for (int i = 0; i < sk_X509_num(chain) && i < TLS_CHAIN_MAX; i++)
        tls_certificate_read(sk_X509_value(chain, i), &shake->chain[shake->chain_count++]);
    return shake->chain_count > 0 ? tls_certificate_judge(chain, url, shake) : ERR_OK;
}

static enum err shake_over(int fd, SSL_CTX *ctx, const struct url *url, int64_t deadline,
                           struct tls_shake *shake, struct fault *ret_fault) {
    SSL *ssl = speak(ctx, url, fd);
    if (!ssl)
        return fault_set(ret_fault, ERR_NOMEM, "no memory for a TLS handshake");
    enum err err = shake_hands(ssl, fd, deadline, shake);
    if (err == ERR_TIMEOUT)
        fault_set(ret_fault, err, "%s port %u: the TLS handshake did not end in time", url->host,
                  url->port);
    else if (shake->completed)
        err = write_down(ssl, url, shake);
    SSL_free(ssl);
    ERR_clear_error();
    return err;
}

enum err tls_shake(const struct gate *gate, const struct url *url, int min, int max,
                   int64_t timeout_ms, struct tls_shake *ret_shake, struct fault *ret_fault) {
    int64_t deadline = time_mono_ms() + timeout_ms;
    SSL_CTX *ctx = offer(min, max);
    if (!ctx) {
        ERR_clear_error();
        return fault_set(ret_fault, ERR_NOT_AVAILABLE, "this OpenSSL cannot offer these versions");
    }
    int fd = -1;
    struct tls_shake shake = {0};
    enum err err = gate_connect(gate, url, url->port, timeout_ms, &fd, ret_fault);
    if (err == ERR_OK) {
        err = shake_over(fd, ctx, url, deadline, &shake, ret_fault);
        close(fd);
    }
    SSL_CTX_free(ctx);
    if (err == ERR_OK)
        *ret_shake = shake;
    return err;
}
