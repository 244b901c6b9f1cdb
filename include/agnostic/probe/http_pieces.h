/* http_pieces: one HTTP/1.1 request as its bytes, said in pieces with pauses between them, as a
 * slow client says it. Through the gate as everything; certificates are not judged. */
#ifndef AGNOSTIC_PROBE_HTTP_PIECES_H
#define AGNOSTIC_PROBE_HTTP_PIECES_H

#include "agnostic/probe/gate.h"

struct http_pieces {
    struct text bytes; /* the whole request */
    size_t count;      /* of pieces, at least 1 */
    int64_t pause_ms;  /* between two of them */
    int64_t connect_ms, total_ms;
};

/* http_pieces_send(gate, url, pieces, &status, &fault): the status of the answer; its body is not
 * read. ERR_REFUSED, ERR_RESOLVE, ERR_CONNECT, ERR_TIMEOUT, ERR_PEER (it hung up, or answered
 * something else), ERR_NOMEM. */
enum err http_pieces_send(const struct gate *gate, const struct url *url,
                          const struct http_pieces *pieces, int *ret_status,
                          struct fault *ret_fault);

#endif
