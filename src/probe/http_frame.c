/* Answers of HTTP/1.1, line by line and body by length. Strict where two readings of an answer's
 * length are possible; else as lenient as clients are. */
#include "probe/http_frame.h"

#include <string.h>

enum { STATUS_LINE_MIN = 12, HEX_DIGITS_MAX = 15, RETRY_MAX_S = 1000000 };

void http_frame_start(struct http_frame *frame) {
    frame->state = HTTP_FRAME_STATUS;
    frame->status = 0;
    frame->retry_after_s = frame->body_bytes = 0;
    frame->left = 0;
    frame->has_length = frame->chunked = false;
    frame->keep = true;
    frame->head_bytes = frame->line_len = 0;
}

bool http_frame_begun(const struct http_frame *frame) {
    return frame->state != HTTP_FRAME_STATUS || frame->line_len > 0;
}

bool http_frame_close(const struct http_frame *frame) {
    return frame->state == HTTP_FRAME_TO_THE_END;
}

/* --- the head ------------------------------------------------------------------------------- */

static enum http_frame_end http_frame_status(struct http_frame *frame, struct text line) {
    uint64_t status;
    if (line.len < STATUS_LINE_MIN || !text_starts(line, TEXT("HTTP/1.")) || line.ptr[8] != ' ' ||
        !text_u64(text_make(line.ptr + 9, 3), 999, &status) || status < 100 ||
        (line.len > STATUS_LINE_MIN && line.ptr[STATUS_LINE_MIN] != ' '))
        return HTTP_FRAME_BAD;
    frame->status = (int)status;
    frame->keep = line.ptr[7] != '0';
    frame->state = HTTP_FRAME_HEADER;
    return HTTP_FRAME_MORE;
}

static bool http_frame_length(struct http_frame *frame, struct text value) {
    uint64_t length;
    if (!text_u64(value, INT64_MAX, &length) || (frame->has_length && length != frame->left))
        return false;
    frame->has_length = true;
    frame->left = length;
    return true;
}

static bool http_frame_coding(struct http_frame *frame, struct text value) {
    frame->chunked = text_ieq(value, TEXT("chunked"));
    return frame->chunked;
}

static bool http_frame_connection(struct http_frame *frame, struct text value) {
    if (text_ifind(value, TEXT("close")) >= 0)
        frame->keep = false;
    return true;
}

static bool http_frame_retry(struct http_frame *frame, struct text value) {
    uint64_t seconds;
    if (text_u64(value, RETRY_MAX_S, &seconds))
        frame->retry_after_s = (int64_t)seconds;
    else
        frame->retry_after_s = 1; /* a date: come back, but not now */
    return true;
}

static bool http_frame_header(struct http_frame *frame, struct text line) {
    static const struct {
        struct text name;
        bool (*read)(struct http_frame *frame, struct text value);
    } NAMES[] = {{{"content-length:", 15}, http_frame_length},
                 {{"transfer-encoding:", 18}, http_frame_coding},
                 {{"connection:", 11}, http_frame_connection},
                 {{"retry-after:", 12}, http_frame_retry}};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        if (text_istarts(line, NAMES[i].name))
            return NAMES[i].read(frame, text_trim(text_make(line.ptr + NAMES[i].name.len,
                                                            line.len - NAMES[i].name.len)));
    return true;
}

/* The empty line behind the head: how long is the body? */
static enum http_frame_end http_frame_head_end(struct http_frame *frame) {
    if (frame->chunked && frame->has_length)
        return HTTP_FRAME_BAD;
    if (frame->status == 101)
        return HTTP_FRAME_BAD;
    if (frame->status < 200) {
        http_frame_start(frame);
        return HTTP_FRAME_MORE;
    }
    if (frame->status == 204 || frame->status == 304)
        return HTTP_FRAME_WHOLE;
    frame->state = frame->chunked      ? HTTP_FRAME_CHUNK_SIZE
                   : frame->has_length ? HTTP_FRAME_BODY
                                       : HTTP_FRAME_TO_THE_END;
    frame->keep &= frame->state != HTTP_FRAME_TO_THE_END;
    return frame->state == HTTP_FRAME_BODY && frame->left == 0 ? HTTP_FRAME_WHOLE : HTTP_FRAME_MORE;
}

/* --- the body ------------------------------------------------------------------------------- */

static int http_frame_hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static enum http_frame_end http_frame_chunk(struct http_frame *frame, struct text line) {
    size_t digits = 0;
    frame->left = 0;
    for (int value; digits < line.len && (value = http_frame_hex(line.ptr[digits])) >= 0; digits++)
        frame->left = digits < HEX_DIGITS_MAX ? frame->left << 4 | (uint64_t)value : 0;
    if (digits == 0 || digits > HEX_DIGITS_MAX ||
        (digits < line.len && strchr("; \t", line.ptr[digits]) == NULL))
        return HTTP_FRAME_BAD;
    frame->state = frame->left > 0 ? HTTP_FRAME_BODY : HTTP_FRAME_TRAILER;
    return HTTP_FRAME_MORE;
}

static enum http_frame_end http_frame_line(struct http_frame *frame, struct text line) {
    switch (frame->state) {
    case HTTP_FRAME_STATUS:
        return http_frame_status(frame, line);
    case HTTP_FRAME_HEADER:
        if (line.len == 0)
            return http_frame_head_end(frame);
        return http_frame_header(frame, line) ? HTTP_FRAME_MORE : HTTP_FRAME_BAD;
    case HTTP_FRAME_CHUNK_SIZE:
        return http_frame_chunk(frame, line);
    case HTTP_FRAME_CHUNK_END:
        frame->state = HTTP_FRAME_CHUNK_SIZE;
        return line.len == 0 ? HTTP_FRAME_MORE : HTTP_FRAME_BAD;
    default:
        return line.len == 0 ? HTTP_FRAME_WHOLE : HTTP_FRAME_MORE;
    }
}

/* Takes bytes up to the end of a line; the line is read when it is whole. */
static enum http_frame_end http_frame_take_line(struct http_frame *frame, const char *bytes,
                                                size_t len, size_t *used) {
    const char *newline = memchr(bytes, '\n', len);
    size_t part = newline != NULL ? (size_t)(newline - bytes) : len;
    size_t room = sizeof(frame->line) - frame->line_len;
    size_t kept = part < room ? part : room;
    memcpy(frame->line + frame->line_len, bytes, kept);
    frame->line_len += kept;
    *used = part + (newline != NULL);
    if (frame->state != HTTP_FRAME_CHUNK_SIZE && frame->state != HTTP_FRAME_CHUNK_END)
        frame->head_bytes += *used;
    if (frame->head_bytes > HTTP_FRAME_HEAD_MAX_BYTES)
        return HTTP_FRAME_BAD;
    if (newline == NULL)
        return HTTP_FRAME_MORE;
    struct text line = {frame->line, frame->line_len};
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    frame->line_len = 0;
    return http_frame_line(frame, line);
}

static enum http_frame_end http_frame_take_body(struct http_frame *frame, size_t len,
                                                size_t *used) {
    *used = frame->left < len ? (size_t)frame->left : len;
    frame->left -= *used;
    frame->body_bytes += (int64_t)*used;
    if (frame->left > 0)
        return HTTP_FRAME_MORE;
    if (!frame->chunked)
        return HTTP_FRAME_WHOLE;
    frame->state = HTTP_FRAME_CHUNK_END;
    return HTTP_FRAME_MORE;
}

enum http_frame_end http_frame_feed(struct http_frame *frame, const char *bytes, size_t len,
                                    size_t *ret_used) {
    enum http_frame_end end = HTTP_FRAME_MORE;
    size_t at = 0;
    while (end == HTTP_FRAME_MORE && at < len) {
        size_t used = len - at;
        if (frame->state == HTTP_FRAME_BODY)
            end = http_frame_take_body(frame, len - at, &used);
        else if (frame->state == HTTP_FRAME_TO_THE_END)
            frame->body_bytes += (int64_t)used;
        else
            end = http_frame_take_line(frame, bytes + at, len - at, &used);
        at += used;
    }
    *ret_used = at;
    return end;
}
