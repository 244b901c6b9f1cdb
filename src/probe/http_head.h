/* http_head: the header block of the final answer, gathered line by line. */
#ifndef PROBE_HTTP_HEAD_H
#define PROBE_HTTP_HEAD_H

#include "agnostic/probe/http.h"

enum { HTTP_HEADERS_MAX = 1000 };

struct http_head {
    struct buf lines; /* of the answer now being read, without its end line */
    size_t seen_bytes;
    size_t max_bytes; /* of all lines of all answers (a 103 counts too) */
    bool ended;       /* the block's empty line was there; what follows are trailers */
    bool truncated;
};

/* http_head_init(head, max_bytes): gathers at most max_bytes. */
void http_head_init(struct http_head *head, size_t max_bytes);
void http_head_done(struct http_head *head);
/* http_head_add(head, line): the next line with its line end. A status line after the end of a
 * block (100, 103) starts over. false when there are too many bytes: stop reading. */
bool http_head_add(struct http_head *head, struct text line);
/* http_head_take(head, response): moves the bytes into response->raw and points headers at
 * them. ERR_NOMEM. */
enum err http_head_take(struct http_head *head, struct http_response *ret_response);

#endif
