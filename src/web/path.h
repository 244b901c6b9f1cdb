/* path: the request path, decoded once and strictly. The one place that turns INCOMING_URI
 * into segments; nothing else may look at the raw path. */
#ifndef AGNOSTIC_WEB_PATH_H
#define AGNOSTIC_WEB_PATH_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

enum { PATH_MAX_BYTES = 2048, PATH_SEGMENTS_MAX = 8 };

struct path {
    char bytes[PATH_MAX_BYTES]; /* decoded segments, end to end */
    struct text segments[PATH_SEGMENTS_MAX];
    size_t count;
    struct text raw;   /* the path as it came */
    struct text query; /* raw, behind the '?'; empty when there is none */
};

/* path_decode(uri, &path): reads "/a/b%20c?x=y". `raw` and `query` are filled whatever comes out;
 * they point into uri.
 * ERR_URI_TOO_LONG: more than PATH_MAX_BYTES before the '?'.
 * ERR_BAD_PATH: does not start with '/', a broken escape, a NUL or other control character, or
 * bytes that are not UTF-8 once decoded.
 * ERR_NO_ROUTE: an empty, "." or ".." segment, an escaped or plain backslash, an escaped slash,
 * more than PATH_SEGMENTS_MAX segments: none of ours has those. */
enum err path_decode(struct text uri, struct path *ret_path);

/* path_unescape(t, plus, dst, size, &len): %XX decoded (and '+' to a blank if `plus`).
 * ERR_SYNTAX: a broken escape. ERR_TOO_LARGE: does not fit. */
enum err path_unescape(struct text t, bool plus, char *dst, size_t size, size_t *ret_len);

#endif
