/* path: strict decoding of INCOMING_URI. No web server does all of this alike, so it is done
 * here, once, and whatever is doubtful is refused. Must not know the routes. */
#include "web/path.h"

#include <string.h>

static int path_hex(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum err path_unescape(struct text t, bool plus, char *dst, size_t size, size_t *ret_len) {
    size_t len = 0;
    for (size_t i = 0; i < t.len; i++) {
        char c = t.ptr[i];
        if (c == '%') {
            int high = i + 2 < t.len ? path_hex(t.ptr[i + 1]) : -1;
            int low = i + 2 < t.len ? path_hex(t.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                return ERR_SYNTAX;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        if (len == size)
            return ERR_TOO_LARGE;
        dst[len++] = c;
    }
    *ret_len = len;
    return ERR_OK;
}

static bool path_has_control(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.ptr[i] < 0x20 || t.ptr[i] == 0x7f)
            return true;
    return false;
}

/* A decoded segment that no resource of ours can be named by. */
static bool path_is_foreign(struct text t) {
    return t.len == 0 || text_is(t, ".") || text_is(t, "..") || memchr(t.ptr, '/', t.len) != NULL ||
           memchr(t.ptr, '\\', t.len) != NULL;
}

/* Splits at the raw slashes first, so that an escaped one can never make a segment. */
static enum err path_segments(struct text rest, struct path *path) {
    size_t used = 0;
    enum err err = ERR_OK;
    for (struct text part; text_cut(&rest, '/', &part);) {
        char *at = path->bytes + used;
        size_t len;
        if (path_unescape(part, false, at, sizeof(path->bytes) - used, &len) != ERR_OK)
            return ERR_BAD_PATH;
        struct text segment = text_make(at, len);
        if (path_has_control(segment) || !text_is_utf8(segment))
            return ERR_BAD_PATH;
        used += len;
        if (path_is_foreign(segment) || path->count == PATH_SEGMENTS_MAX)
            err = ERR_NO_ROUTE; /* go on: a later broken escape is the graver fault */
        else
            path->segments[path->count++] = segment;
    }
    return err;
}

enum err path_decode(struct text uri, struct path *ret_path) {
    const char *mark = uri.len > 0 ? memchr(uri.ptr, '?', uri.len) : NULL;
    size_t len = mark != NULL ? (size_t)(mark - uri.ptr) : uri.len;
    ret_path->count = 0;
    ret_path->raw = text_make(uri.ptr, len);
    ret_path->query = mark != NULL ? text_make(mark + 1, uri.len - len - 1) : TEXT("");
    if (len > PATH_MAX_BYTES)
        return ERR_URI_TOO_LONG;
    if (len == 0 || uri.ptr[0] != '/')
        return ERR_BAD_PATH;
    return path_segments(text_make(uri.ptr + 1, len - 1), ret_path);
}
