/* http_head: header lines in, names and values out, repeats and order kept. Must not know where
 * the lines come from. */
#include "probe/http_head.h"

#include <stdlib.h>

void http_head_init(struct http_head *head, size_t max_bytes) {
    *head = (struct http_head){.max_bytes = max_bytes};
    buf_init(&head->lines, max_bytes);
}

void http_head_done(struct http_head *head) {
    buf_done(&head->lines);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* A folded line (RFC 9112 5.2) continues the one before; its line break becomes blanks. */
static void unfold(struct buf *lines) {
    for (size_t i = lines->len; i > 0 && (lines->data[i - 1] == '\n' || lines->data[i - 1] == '\r');
         i--)
        lines->data[i - 1] = ' ';
}

bool http_head_add(struct http_head *head, struct text line) {
    head->seen_bytes += line.len;
    if (head->seen_bytes > head->max_bytes) {
        head->truncated = true;
        return false;
    }
    if (head->ended && text_starts(line, TEXT("HTTP/"))) {
        buf_reset(&head->lines);
        head->ended = false;
    }
    if (head->ended)
        return true;
    if (text_trim(line).len == 0) {
        head->ended = true;
        return true;
    }
    if (head->lines.len > 0 && is_blank(line.ptr[0]))
        unfold(&head->lines);
    buf_puttext(&head->lines, line);
    return !head->lines.failed;
}

/* What stands behind the status line. */
static struct text behind_status(struct text lines) {
    struct text status;
    text_cut(&lines, '\n', &status);
    return lines;
}

/* The next "name: value" of rest; lines without a colon are passed over. */
static bool next_header(struct text *rest, struct http_header *ret_header) {
    struct text line;
    while (text_cut(rest, '\n', &line)) {
        struct text value = line, name;
        text_cut(&value, ':', &name);
        if (name.len == line.len || text_trim(name).len == 0)
            continue;
        *ret_header = (struct http_header){.name = text_trim(name), .value = text_trim(value)};
        return true;
    }
    return false;
}

static size_t count_headers(struct text rest) {
    struct http_header header;
    size_t count = 0;
    while (next_header(&rest, &header))
        count++;
    return count;
}

enum err http_head_take(struct http_head *head, struct http_response *ret_response) {
    ret_response->truncated |= head->truncated;
    ret_response->head_truncated = head->truncated;
    if (head->lines.len == 0)
        return ERR_OK;
    size_t count = count_headers(behind_status(buf_text(&head->lines)));
    if (count > HTTP_HEADERS_MAX) {
        count = HTTP_HEADERS_MAX;
        ret_response->truncated = ret_response->head_truncated = true;
    }
    struct http_header *headers = calloc(count + 1, sizeof(*headers));
    if (!headers)
        return ERR_NOMEM;
    ret_response->raw = head->lines;
    buf_init(&head->lines, head->max_bytes);
    struct text rest = behind_status(buf_text(&ret_response->raw));
    for (size_t i = 0; i < count; i++)
        next_header(&rest, &headers[i]);
    ret_response->headers = headers;
    ret_response->header_count = count;
    return ERR_OK;
}
