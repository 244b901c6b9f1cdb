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
#include "probe/tls_door.h"

const char *tls_version_word(int version) {
    static const char *const WORDS[] = {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
    return version >= TLS_1_0 && version <= TLS_1_3 ? WORDS[version - TLS_1_0] : NULL;
}

/* One connection, until its deadline (monotonic, ms). */
struct talk {
    SSL *ssl;
    int fd;
    int64_t deadline;
};

/* A client that takes any certificate and any algorithm of the versions it offers: what a server
 * can do at all is the question here. */
static SSL_CTX *offer(const struct tls_wish *wish) {
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (!ctx)
        return NULL;
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    tls_door_guard(ctx);
    tls_door_take_anything(ctx);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    const char *ciphers = wish->ciphers != NULL ? wish->ciphers : "DEFAULT:@SECLEVEL=0";
    if (SSL_CTX_set_min_proto_version(ctx, wish->min) == 1 &&
        SSL_CTX_set_max_proto_version(ctx, wish->max) == 1 &&
        SSL_CTX_set_cipher_list(ctx, ciphers) == 1)
        return ctx;
    SSL_CTX_free(ctx);
    return NULL;
}

static bool speak(SSL_CTX *ctx, const struct url *url, struct talk *talk) {
    talk->ssl = SSL_new(ctx);
    if (!talk->ssl || SSL_set_fd(talk->ssl, talk->fd) != 1)
        return false;
    return SSL_set_tlsext_status_type(talk->ssl, TLSEXT_STATUSTYPE_ocsp) == 1 &&
           (url->host_is_ip || SSL_set_tlsext_host_name(talk->ssl, url->host) == 1);
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

/* OpenSSL's reasons from there on are alerts that were received. */
static bool was_spoken(const struct talk *talk) {
    return ERR_GET_REASON(ERR_peek_last_error()) >= SSL_AD_REASON_OFFSET ||
           SSL_get_pending_cipher(talk->ssl) != NULL;
}

/* ERR_OK whether or not it completed, `alert` says why not; ERR_TIMEOUT. */
static enum err shake_hands(const struct talk *talk, bool *ret_completed, char *alert,
                            size_t alert_size) {
    for (;;) {
        ERR_clear_error();
        errno = 0;
        int done = SSL_do_handshake(talk->ssl);
        int system_fault = errno;
        *ret_completed = done == 1;
        if (done == 1)
            return ERR_OK;
        int kind = SSL_get_error(talk->ssl, done);
        if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE) {
            why(kind, system_fault, alert, alert_size);
            return ERR_OK;
        }
        if (!await_socket(talk->fd, kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, talk->deadline))
            return ERR_TIMEOUT;
    }
}

static void shake_again(const struct talk *talk, struct tls_shake *shake) {
    char alert[sizeof(shake->alert)];
    bool completed = false;
    if (SSL_renegotiate(talk->ssl) != 1)
        return;
    if (shake_hands(talk, &completed, alert, sizeof(alert)) != ERR_OK)
        shake->again = TLS_AGAIN_UNANSWERED;
    else
        shake->again = completed ? TLS_AGAIN_COMPLETED : TLS_AGAIN_DECLINED;
}

static int dh_bits(SSL *ssl) {
    EVP_PKEY *key = NULL;
    int bits = 0;
    if (SSL_get_peer_tmp_key(ssl, &key) == 1 && EVP_PKEY_get_base_id(key) == EVP_PKEY_DH)
        bits = EVP_PKEY_get_bits(key);
    EVP_PKEY_free(key);
    return bits;
}

static enum err write_down(SSL *ssl, const struct url *url, struct tls_shake *shake) {
    const unsigned char *staple = NULL;
    shake->version = SSL_version(ssl);
    snprintf(shake->cipher, sizeof(shake->cipher), "%s", SSL_get_cipher_name(ssl));
    shake->stapled = SSL_get_tlsext_status_ocsp_resp(ssl, &staple) > 0;
    shake->dh_bits = dh_bits(ssl);
    shake->renegotiates_safely = SSL_get_secure_renegotiation_support(ssl) == 1;
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    for (int i = 0; i < sk_X509_num(chain) && i < TLS_CHAIN_MAX; i++)
        tls_certificate_read(sk_X509_value(chain, i), &shake->chain[shake->chain_count++]);
    return shake->chain_count > 0 ? tls_certificate_judge(chain, url, shake) : ERR_OK;
}

static enum err shake_over(struct talk *talk, const struct url *url, bool again,
                           struct tls_shake *shake, struct fault *ret_fault) {
    enum err err = shake_hands(talk, &shake->completed, shake->alert, sizeof(shake->alert));
    if (err != ERR_OK)
        return fault_set(ret_fault, err, "%s port %u: the TLS handshake did not end in time",
                         url->host, url->port);
    shake->spoken = shake->completed || was_spoken(talk);
    if (shake->completed)
        err = write_down(talk->ssl, url, shake);
    if (shake->completed && again)
        shake_again(talk, shake);
    return err;
}

static enum err shake_with(SSL_CTX *ctx, const struct url *url, struct talk *talk, bool again,
                           struct tls_shake *shake, struct fault *ret_fault) {
    enum err err = ERR_NOMEM;
    if (speak(ctx, url, talk)) {
        SSL_set_connect_state(talk->ssl);
        err = shake_over(talk, url, again, shake, ret_fault);
    } else {
        fault_set(ret_fault, err, "no memory for a TLS handshake");
    }
    SSL_free(talk->ssl);
    ERR_clear_error();
    return err;
}

enum err tls_shake(const struct gate *gate, const struct url *url, const struct tls_wish *wish,
                   int64_t timeout_ms, struct tls_shake *ret_shake, struct fault *ret_fault) {
    struct talk talk = {.fd = -1, .deadline = time_mono_ms() + timeout_ms};
    struct tls_shake shake = {0};
    SSL_CTX *ctx = offer(wish);
    if (!ctx) {
        ERR_clear_error();
        return fault_set(ret_fault, ERR_NOT_AVAILABLE, "this OpenSSL cannot offer this");
    }
    enum err err = gate_connect(gate, url, url->port, timeout_ms, &talk.fd, ret_fault);
    if (err == ERR_OK) {
        err = shake_with(ctx, url, &talk, wish->again, &shake, ret_fault);
        close(talk.fd);
    }
    SSL_CTX_free(ctx);
    if (err == ERR_OK)
        *ret_shake = shake;
    return err;
}
