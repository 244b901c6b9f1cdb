/* fcgi: FastCGI in, `struct incoming` out; `struct reply` back. Only user of libfcgi.
 *
 * One connection at a time, one request per connection: a kept idle connection would pin
 * the worker. The listening socket is file descriptor 0. */
#ifndef AGNOSTIC_WEB_FCGI_H
#define AGNOSTIC_WEB_FCGI_H

#include "web/incoming.h"
#include "web/reply.h"

enum { FCGI_DISCARD_MAX_BYTES = 64 << 20 }; /* of a body nobody wants */

struct fcgi;

/* fcgi_new(stop_fd, io_timeout_ms, &fcgi, &fault): stop_fd becomes readable when the caller is to
 * stop (a signalfd; never read here). io_timeout_ms is the longest wait for the next 4 KiB from or
 * to the web server inside a request. Call after fork, with every signal blocked that could cut a
 * read short. ERR_NOMEM, ERR_IO (fault says what). The caller frees with fcgi_free. */
enum err fcgi_new(int stop_fd, int64_t io_timeout_ms, struct fcgi **ret_fcgi,
                  struct fault *ret_fault);
void fcgi_free(struct fcgi *fcgi);

/* fcgi_next(fcgi, &incoming): waits for a request. ERR_EMPTY: stop_fd is readable.
 * ERR_IO: the listening socket is of no use any more. On ERR_OK fcgi_send must follow; the request
 * lives until then. */
enum err fcgi_next(struct fcgi *fcgi, struct incoming *ret_incoming);

/* fcgi_send(fcgi, reply, with_body): answers and ends the request. Whatever of the body was not
 * read is read and thrown away first (up to FCGI_DISCARD_MAX_BYTES), since an answer can be lost
 * when a connection is closed over unread bytes. A web server that is gone is not an error. */
void fcgi_send(struct fcgi *fcgi, const struct reply *reply, bool with_body);

#endif
