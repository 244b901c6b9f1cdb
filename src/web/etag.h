/* etag: entity tags and If-None-Match (RFC 9110, 8.8.3 and 13.1.2). */
#ifndef AGNOSTIC_WEB_ETAG_H
#define AGNOSTIC_WEB_ETAG_H

#include "agnostic/base/text.h"

enum { ETAG_SIZE = 19 };

/* etag_of(body, etag): the first 16 hex digits of its SHA-256, in quotes. false: OpenSSL failed. */
bool etag_of(struct text body, char etag[static ETAG_SIZE]);
/* etag_matches(field, etag): does the value of If-None-Match name etag? Weakly compared: W/"x" is
 * "x". "*" matches everything; lists are understood; what is malformed matches nothing. */
bool etag_matches(struct text field, const char *etag);

#endif
