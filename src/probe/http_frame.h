/* http_frame: where one HTTP/1.1 answer to a GET ends, and the little of it that a load needs: its
 * status, Retry-After, and whether the connection may be used again. Fed with bytes as they come;
 * keeps none but an unfinished line. */
#ifndef PROBE_HTTP_FRAME_H
#define PROBE_HTTP_FRAME_H

#include "agnostic/base/text.h"

enum { HTTP_FRAME_LINE_SIZE = 1024, HTTP_FRAME_HEAD_MAX_BYTES = 64 << 10 };

enum http_frame_end {
    HTTP_FRAME_MORE, /* it is not whole yet */
    HTTP_FRAME_WHOLE,
    HTTP_FRAME_BAD /* no HTTP/1, or ambiguous: nothing more is to be read from this peer */
};

/* What a line is read as. */
enum http_frame_state {
    HTTP_FRAME_STATUS,
    HTTP_FRAME_HEADER,
    HTTP_FRAME_BODY,       /* `left` bytes */
    HTTP_FRAME_CHUNK_SIZE, /* of the next chunk */
    HTTP_FRAME_CHUNK_END,  /* the empty line behind a chunk */
    HTTP_FRAME_TRAILER,
    HTTP_FRAME_TO_THE_END /* the body ends with the connection */
};

struct http_frame {
    enum http_frame_state state;
    int status;
    int64_t retry_after_s; /* 0: none in seconds */
    int64_t body_bytes;    /* so far */
    uint64_t left;
    bool has_length, chunked, keep;
    size_t head_bytes, line_len;
    char line[HTTP_FRAME_LINE_SIZE]; /* of a longer one the head */
};

/* http_frame_start(frame): before an answer's first byte. */
void http_frame_start(struct http_frame *frame);
/* http_frame_feed(frame, bytes, len, &used): reads up to the end of the answer; `used` bytes belong
 * to it. */
enum http_frame_end http_frame_feed(struct http_frame *frame, const char *bytes, size_t len,
                                    size_t *ret_used);
/* http_frame_close(frame): the peer closed. True when that made the answer whole. */
bool http_frame_close(const struct http_frame *frame);
/* http_frame_begun(frame): some byte of an answer was seen. */
bool http_frame_begun(const struct http_frame *frame);

#endif
