/* OpenSSL behind read and write. Judges no certificate. */
#include "probe/tls_stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

enum { CHAIN_MAX_BYTES = 100 << 10 };

struct tls_streams {
    const struct url *url;
    SSL_CTX *ctx;
    SSL_SESSION *session; /* the latest, to be taken up again */
};

struct tls_stream {
    SSL *ssl;
};

static int tls_stream_keep(SSL *ssl, SSL_SESSION *session) {
    struct tls_streams *streams = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    SSL_SESSION_free(streams->session);
    streams->session = SSL_SESSION_dup(session);
    return 0; /* its own stays with the connection */
}

enum err tls_streams_new(const struct url *url, struct tls_streams **ret_streams) {
    struct tls_streams *streams = calloc(1, sizeof(*streams));
    if (!streams)
        return ERR_NOMEM;
    streams->url = url;
    streams->ctx = SSL_CTX_new(TLS_client_method());
    if (!streams->ctx || SSL_CTX_set_cipher_list(streams->ctx, "DEFAULT:@SECLEVEL=0") != 1) {
        tls_streams_free(streams);
        return ERR_NOMEM;
    }
    SSL_CTX_set_verify(streams->ctx, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_max_cert_list(streams->ctx, CHAIN_MAX_BYTES);
    SSL_CTX_set_mode(streams->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_app_data(streams->ctx, streams);
    SSL_CTX_set_session_cache_mode(streams->ctx,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(streams->ctx, tls_stream_keep);
    *ret_streams = streams;
    return ERR_OK;
}

void tls_streams_free(struct tls_streams *streams) {
    if (!streams)
        return;
    SSL_SESSION_free(streams->session);
    SSL_CTX_free(streams->ctx);
    free(streams);
}

enum err tls_stream_new(struct tls_streams *streams, int fd, struct tls_stream **ret_stream) {
    struct tls_stream *stream = calloc(1, sizeof(*stream));
    if (!stream)
        return ERR_NOMEM;
    stream->ssl = SSL_new(streams->ctx);
    if (!stream->ssl || SSL_set_fd(stream->ssl, fd) != 1 ||
        (!streams->url->host_is_ip &&
         SSL_set_tlsext_host_name(stream->ssl, streams->url->host) != 1)) {
        tls_stream_free(stream);
        return ERR_NOMEM;
    }
    /* A connection that is cut off spoils its session: it gets a copy. */
    SSL_SESSION *copy = streams->session ? SSL_SESSION_dup(streams->session) : NULL;
    if (copy)
        SSL_set_session(stream->ssl, copy);
    SSL_SESSION_free(copy);
    SSL_set_connect_state(stream->ssl);
    *ret_stream = stream;
    return ERR_OK;
}

void tls_stream_free(struct tls_stream *stream) {
    if (!stream)
        return;
    if (stream->ssl)
        SSL_set_quiet_shutdown(stream->ssl, 1);
    if (stream->ssl && SSL_is_init_finished(stream->ssl))
        SSL_shutdown(stream->ssl); /* or its session could not be taken up again */
    SSL_free(stream->ssl);
    free(stream);
}

bool tls_stream_ready(const struct tls_stream *stream) {
    return SSL_is_init_finished(stream->ssl);
}

static ssize_t tls_stream_result(const struct tls_stream *stream, int done) {
    if (done > 0)
        return done;
    switch (SSL_get_error(stream->ssl, done)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        errno = EPROTO;
        return -1;
    }
}

ssize_t tls_stream_read(struct tls_stream *stream, void *bytes, size_t size) {
    ERR_clear_error();
    return tls_stream_result(stream, SSL_read(stream->ssl, bytes, (int)size));
}

ssize_t tls_stream_write(struct tls_stream *stream, const void *bytes, size_t len) {
    ERR_clear_error();
    return tls_stream_result(stream, SSL_write(stream->ssl, bytes, (int)len));
}
