/* canonical: which URLs are the same page, and which are only the next of a series. */
#ifndef AGNOSTIC_PROBE_CANONICAL_H
#define AGNOSTIC_PROBE_CANONICAL_H

#include "agnostic/base/url.h"

enum {
    CANONICAL_MAX_BYTES = 4 * URL_MAX_BYTES, /* escaped, every byte may become three */
    CANONICAL_PARAMS_MAX = 64                /* of a query; one of more is left in its order */
};

/* canonical_put(url, buf): the one form of all URLs that name the same page: host in lower case, no
 * default port, no dot segments, each escape as canonical_text writes it, the query's parts in
 * order, no empty query. For comparing, not for asking. */
void canonical_put(const struct url *url, struct buf *buf);
/* canonical_template(url, buf): path and query without what numbers a series: "/item/17?page=2" and
 * "/item/18?page=3" are "/item/{n}?page". Digits become {n}, UUIDs and long hexadecimal numbers
 * {id}; of the query only the names are left. */
void canonical_template(const struct url *url, struct buf *buf);
/* canonical_text(text, reserved, buf): text with escapes of letters, digits and -._~ undone, other
 * escapes in upper case, and escaped what no URL holds, a '%' that begins no escape, and the bytes
 * of reserved. */
void canonical_text(struct text text, const char *reserved, struct buf *buf);

#endif
