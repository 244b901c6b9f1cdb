/* One table of code points. Knows no terminal and no format. */
#include "agnostic/base/shown.h"

#include "base/utf8.h"

static const struct {
    unsigned from, to;
} HIDDEN[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},   {0x200B, 0x200B}, {0x200E, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x2060}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}, {0xFFFE, 0xFFFF},
};

/* Of well-formed UTF-8. */
static unsigned point_of(const unsigned char *bytes, size_t len) {
    static const unsigned char LEAD[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned point = bytes[0] & LEAD[len];
    for (size_t i = 1; i < len; i++)
        point = point << 6 | (bytes[i] & 0x3Fu);
    return point;
}

bool shown_next(struct text *rest, struct text *ret_piece, bool *ret_fit) {
    if (rest->len == 0)
        return false;
    size_t len = utf8_step(rest->ptr, rest->len);
    *ret_fit = len > 0;
    *ret_piece = text_make(rest->ptr, len > 0 ? len : 1);
    unsigned point = len > 0 ? point_of((const unsigned char *)rest->ptr, len) : 0;
    for (size_t i = 0; i < sizeof(HIDDEN) / sizeof(HIDDEN[0]); i++)
        if (point >= HIDDEN[i].from && point <= HIDDEN[i].to)
            *ret_fit = false;
    *rest = text_make(rest->ptr + ret_piece->len, rest->len - ret_piece->len);
    return true;
}

void shown_put(struct buf *buf, struct text t) {
    struct text piece;
    bool fit;
    while (shown_next(&t, &piece, &fit))
        buf_puttext(buf, fit ? piece : TEXT("?"));
}
