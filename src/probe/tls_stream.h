/* tls_stream: TLS over sockets that do not block, for many connections to one name. Takes any
 * certificate, as tls.h does, and takes sessions up again. */
#ifndef PROBE_TLS_STREAM_H
#define PROBE_TLS_STREAM_H

#include <sys/types.h>

#include "agnostic/base/url.h"

struct tls_streams; /* what connections to one name share */
struct tls_stream;

/* tls_streams_new(url, &streams): url is borrowed. ERR_NOMEM. The caller frees with
 * tls_streams_free, after its streams. */
enum err tls_streams_new(const struct url *url, struct tls_streams **ret_streams);
void tls_streams_free(struct tls_streams *streams);
/* tls_stream_new(streams, fd, &stream): over a connected socket, which stays the caller's. */
enum err tls_stream_new(struct tls_streams *streams, int fd, struct tls_stream **ret_stream);
void tls_stream_free(struct tls_stream *stream);
/* As read(2) and write(2): -1 with errno EAGAIN when the socket must be waited for, EPROTO when TLS
 * failed. The handshake happens on the way; tls_stream_ready tells that it is over. */
ssize_t tls_stream_read(struct tls_stream *stream, void *bytes, size_t size);
ssize_t tls_stream_write(struct tls_stream *stream, const void *bytes, size_t len);
bool tls_stream_ready(const struct tls_stream *stream);

#endif
