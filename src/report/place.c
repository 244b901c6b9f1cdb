/* Cuts URLs apart; resolves nothing. */
#include "report/place.h"

#include "report/escape.h"

struct text place_url(const struct view_finding *finding) {
    return finding->url.len > 0 ? finding->url : finding->component;
}

/* t up to the first of the two characters. */
static struct text before(struct text t, char one, char other) {
    for (size_t i = 0; i < t.len; i++)
        if (t.ptr[i] == one || t.ptr[i] == other)
            return text_make(t.ptr, i);
    return t;
}

void place_path(const struct view_finding *finding, struct buf *buf) {
    struct text path = before(place_url(finding), '?', '#');
    long scheme = text_find(path, TEXT("://"));
    if (scheme >= 0)
        path = text_make(path.ptr + scheme + 3, path.len - (size_t)scheme - 3);
    while (path.len > 0 && path.ptr[0] == '/')
        path = text_make(path.ptr + 1, path.len - 1);
    if (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    if (path.len == 0)
        buf_puts(buf, "target");
    escape_path(buf, path);
}

struct text place_fingerprint(const struct view_finding *finding) {
    static const struct text PREFIX = TEXT("sha256:");
    struct text whole = finding->fingerprint;
    return text_starts(whole, PREFIX) ? text_make(whole.ptr + PREFIX.len, whole.len - PREFIX.len)
                                      : whole;
}
