/* Which URL a browser makes of what a page writes. */
#include "agnostic/probe/html.h"

enum { REFERENCE_MAX_BYTES = 3 * URL_MAX_BYTES };

/* As the URL standard has it: tabs and newlines vanish, backslashes before the query stand for
 * slashes. What our own reader refuses (blanks, backslashes) is escaped. */
static void put_mended(struct text reference, struct buf *buf) {
    bool in_query = false;
    reference = text_trim(reference);
    for (size_t i = 0; i < reference.len && !buf->failed; i++) {
        char c = reference.ptr[i];
        in_query = in_query || c == '?' || c == '#';
        if (c == '\t' || c == '\r' || c == '\n')
            continue;
        if (c == ' ')
            buf_puts(buf, "%20");
        else if (c == '\\')
            buf_puts(buf, in_query ? "%5C" : "/");
        else
            buf_putc(buf, c);
    }
}

static enum err resolve(const struct url *page, struct text reference, struct buf *buf) {
    struct buf mended;
    buf_init(&mended, REFERENCE_MAX_BYTES);
    buf_puts(&mended, "");
    put_mended(reference, &mended);
    enum err err = mended.failed ? ERR_SYNTAX : url_resolve(page, buf_text(&mended), buf);
    buf_done(&mended);
    return buf->failed ? ERR_SYNTAX : err;
}

enum err html_resolve(const struct html *html, const struct url *page, struct text reference,
                      struct buf *buf) {
    struct text base = html != NULL ? html_base(html) : text_make(NULL, 0);
    struct url base_url;
    struct buf full;
    buf_init(&full, REFERENCE_MAX_BYTES);
    bool moved = base.ptr != NULL && resolve(page, base, &full) == ERR_OK &&
                 url_parse(buf_text(&full), &base_url, NULL) == ERR_OK;
    enum err err = resolve(moved ? &base_url : page, reference, buf);
    buf_done(&full);
    return err;
}
