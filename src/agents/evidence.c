/* Quotes of strangers. What is secret and what is dangerous is known to clean.h. */
#include "agents/evidence.h"

#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/buf.h"
#include "agnostic/task/clean.h"

enum {
    POINT_MAX_BYTES = 4,
    HINT_SHOWN = 4,     /* bytes of a secret that are shown */
    HINT_MIN_BYTES = 16 /* of a secret of which any are */
};

/* Bytes of the well-formed character at the start of t, 0 when there is none. */
static size_t character(struct text t) {
    for (size_t len = 1; len <= POINT_MAX_BYTES && len <= t.len; len++)
        if (text_is_utf8(text_make(t.ptr, len)))
            return len;
    return 0;
}

static void spell(struct text t, struct buf *buf) {
    for (size_t at = 0, len; at<t.len; at += len> 0 ? len : 1) {
        len = character(text_make(t.ptr + at, t.len - at));
        if (len > 0)
            buf_put(buf, t.ptr + at, len);
        else
            buf_printf(buf, "\\x%02x", (unsigned char)t.ptr[at]);
    }
}

void evidence_copy(struct text t, char *dst, size_t size) {
    struct buf spelled;
    size_t max = size - 1 < EVIDENCE_MAX_BYTES ? size - 1 : EVIDENCE_MAX_BYTES;
    if (t.len > EVIDENCE_MAX_BYTES)
        t.len = EVIDENCE_MAX_BYTES;
    buf_init(&spelled, 4 * EVIDENCE_MAX_BYTES);
    spell(t, &spelled);
    char *clean = clean_dup(buf_text(&spelled), max);
    snprintf(dst, size, "%s", clean != NULL ? clean : "");
    free(clean);
    buf_done(&spelled);
}

struct evidence_hint evidence_hint(struct text secret) {
    struct evidence_hint hint;
    size_t shown = secret.len < HINT_MIN_BYTES ? 0 : HINT_SHOWN;
    snprintf(hint.text, sizeof(hint.text), "%.*s*** (%zu bytes)", (int)shown, secret.ptr,
             secret.len);
    return hint;
}
