/* etag: tags made from bytes alone. Must not know what they stand for. */
#include "web/etag.h"

#include "agnostic/base/secure.h"

bool etag_of(struct text body, char etag[static ETAG_SIZE]) {
    unsigned char digest[SECURE_SHA256_BYTES];
    if (secure_sha256(body, digest) != ERR_OK)
        return false;
    etag[0] = '"';
    text_hex(digest, 8, etag + 1);
    etag[17] = '"';
    etag[18] = '\0';
    return true;
}

/* Our tags hold no comma, so a list may be cut at every one. */
bool etag_matches(struct text field, const char *etag) {
    if (field.len == 0)
        return false;
    if (text_is(text_trim(field), "*"))
        return true;
    for (struct text part; text_cut(&field, ',', &part);) {
        struct text tag = text_trim(part);
        if (text_starts(tag, TEXT("W/")))
            tag = text_make(tag.ptr + 2, tag.len - 2);
        if (text_is(tag, etag))
            return true;
    }
    return false;
}
