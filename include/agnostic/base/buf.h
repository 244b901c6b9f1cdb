/* buf: growing bytes with a ceiling and a sticky error.
 *
 * A buffer is made with its maximum; going over it (or running out of memory)
 * sets `failed`, after which nothing more is added. So callers put everything
 * and check once, at the end. */
#ifndef AGNOSTIC_BASE_BUF_H
#define AGNOSTIC_BASE_BUF_H

#include "agnostic/base/text.h"

struct buf {
    char *data; /* NUL-terminated when not NULL */
    size_t len; /* bytes, without the NUL */
    size_t cap;
    size_t max; /* bytes; len never exceeds it */
    bool failed;
};

/* buf_init(buf, max): an empty buffer of at most max bytes; nothing allocated. */
void buf_init(struct buf *buf, size_t max);
/* buf_done(buf): frees the bytes; the buffer is empty and usable again. */
void buf_done(struct buf *buf);
/* buf_reset(buf): empty again and not failed; keeps the memory. */
void buf_reset(struct buf *buf);

void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_puts(struct buf *buf, const char *string);
void buf_putc(struct buf *buf, char c);
void buf_puttext(struct buf *buf, struct text t);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* buf_cut(buf, len): back to its first len bytes, and not failed: takes back what was put
 * since then. */
void buf_cut(struct buf *buf, size_t len);
/* buf_room(buf, n): a place for n more bytes, or NULL (failed set); what was
 * written there is counted with buf_wrote(buf, written). */
char *buf_room(struct buf *buf, size_t n);
void buf_wrote(struct buf *buf, size_t written);

/* buf_text(buf): a view, valid until the next change. */
struct text buf_text(const struct buf *buf);
/* buf_str(buf): NUL-terminated, "" when empty. */
const char *buf_str(const struct buf *buf);
/* buf_take(buf): hands the bytes over (caller frees), NULL when failed. The
 * buffer is empty afterwards. */
char *buf_take(struct buf *buf);

#endif
