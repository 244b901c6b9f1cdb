/* buf: growing bytes with a ceiling. Must not know what is put into it. */
#include "agnostic/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUF_FIRST_BYTES = 256 };

void buf_init(struct buf *buf, size_t max) {
    *buf = (struct buf){.max = max};
}

void buf_done(struct buf *buf) {
    free(buf->data);
    buf_init(buf, buf->max);
}

void buf_reset(struct buf *buf) {
    buf->len = 0;
    buf->failed = false;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

/* Makes cap hold at least len + n bytes and the NUL. */
static bool grow(struct buf *buf, size_t n) {
    if (buf->failed || n > buf->max - buf->len) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->len + n + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap == 0 ? BUF_FIRST_BYTES : buf->cap;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    char *data = realloc(buf->data, cap);
    if (data == NULL) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    buf->data[buf->len] = '\0';
    return true;
}

char *buf_room(struct buf *buf, size_t n) {
    return grow(buf, n) ? buf->data + buf->len : NULL;
}

void buf_wrote(struct buf *buf, size_t written) {
    if (buf->failed || buf->data == NULL)
        return;
    buf->len += written;
    buf->data[buf->len] = '\0';
}

void buf_put(struct buf *buf, const void *bytes, size_t len) {
    if (len == 0 || !grow(buf, len))
        return;
    memcpy(buf->data + buf->len, bytes, len);
    buf_wrote(buf, len);
}

void buf_puts(struct buf *buf, const char *string) {
    buf_put(buf, string, strlen(string));
}

void buf_putc(struct buf *buf, char c) {
    buf_put(buf, &c, 1);
}

void buf_puttext(struct buf *buf, struct text t) {
    buf_put(buf, t.ptr, t.len);
}

void buf_printf(struct buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        buf->failed = true;
    char *room = len < 0 ? NULL : buf_room(buf, (size_t)len);
    if (room != NULL) {
        vsnprintf(room, (size_t)len + 1, format, again);
        buf_wrote(buf, (size_t)len);
    }
    va_end(again);
}

void buf_cut(struct buf *buf, size_t len) {
    buf->failed = false;
    if (len >= buf->len)
        return;
    buf->len = len;
    buf->data[len] = '\0';
}

struct text buf_text(const struct buf *buf) {
    return text_make(buf_str(buf), buf->len);
}

const char *buf_str(const struct buf *buf) {
    return buf->data == NULL ? "" : buf->data;
}

char *buf_take(struct buf *buf) {
    char *data = grow(buf, 0) ? buf->data : NULL;
    if (data != NULL)
        buf->data = NULL;
    buf_done(buf);
    return data;
}
