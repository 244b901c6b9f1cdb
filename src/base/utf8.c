/* utf8: which byte sequences are one Unicode scalar value. */
#include "base/utf8.h"

#include <stdbool.h>

static bool is_tail(unsigned char c) {
    return (c & 0xC0) == 0x80;
}

/* The second byte alone tells overlong forms, surrogates and > U+10FFFF. */
static bool second_fits(unsigned char first, unsigned char second) {
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return is_tail(second);
    }
}

size_t utf8_step(const char *p, size_t len) {
    const unsigned char *u = (const unsigned char *)p;
    if (len == 0)
        return 0;
    if (u[0] < 0x80)
        return 1;
    size_t need = u[0] < 0xC2 ? 0 : u[0] < 0xE0 ? 2 : u[0] < 0xF0 ? 3 : u[0] < 0xF5 ? 4 : 0;
    if (need == 0 || len < need || !second_fits(u[0], u[1]))
        return 0;
    for (size_t i = 2; i < need; i++)
        if (!is_tail(u[i]))
            return 0;
    return need;
}
