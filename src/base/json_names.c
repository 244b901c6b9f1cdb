/* json_names: names are compared as they read after unescaping, without storing that
 * form; sorting makes it O(n log n). Knows strings, not objects. */
#include "base/json_names.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_FIRST = 32 };

static int hex_value(char ch) {
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    if (ch >= 'a' && ch <= 'f')
        return ch - 'a' + 10;
    return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

long json_hex4(const char *p, const char *end) {
    long value = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(p[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool json_is_high(long unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool json_is_low(long unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Hands out the unescaped form byte by byte; `held` is the UTF-8 of an escape. */
struct unescaper {
    struct text rest;
    unsigned char held[4];
    unsigned held_len;
    unsigned held_at;
};

static void hold_point(struct unescaper *u, long point) {
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    unsigned len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    u->held_len = len;
    u->held_at = 0;
    for (unsigned i = len; i-- > 1; point >>= 6)
        u->held[i] = (unsigned char)(0x80 | (point & 0x3F));
    u->held[0] = (unsigned char)(lead[len] | point);
}

/* u->rest stands behind a backslash, before an escape checked earlier. */
static void unescape(struct unescaper *u) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *p = u->rest.ptr, *end = p + u->rest.len;
    if (*p != 'u') {
        hold_point(u, to[strchr(from, *p++) - from]);
    } else {
        long unit = json_hex4(p + 1, end);
        p += 5;
        if (json_is_high(unit)) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (json_hex4(p + 2, end) - 0xDC00);
            p += 6;
        }
        hold_point(u, unit);
    }
    u->rest = text_make(p, (size_t)(end - p));
}

static int next_byte(struct unescaper *u) {
    if (u->held_at < u->held_len)
        return u->held[u->held_at++];
    if (u->rest.len == 0)
        return -1;
    unsigned char ch = (unsigned char)*u->rest.ptr++;
    u->rest.len--;
    if (ch != '\\')
        return ch;
    unescape(u);
    return u->held[u->held_at++];
}

static int compare(const void *left, const void *right) {
    struct unescaper a = {.rest = *(const struct text *)left};
    struct unescaper b = {.rest = *(const struct text *)right};
    int x, y;
    do {
        x = next_byte(&a);
        y = next_byte(&b);
    } while (x == y && x >= 0);
    return x - y;
}

enum err json_names_push(struct json_names *names, struct text name) {
    if (names->len == names->cap) {
        size_t cap = names->cap == 0 ? NAMES_FIRST : names->cap * 2;
        struct text *list = realloc(names->list, cap * sizeof(*list));
        if (list == NULL)
            return ERR_NOMEM;
        names->list = list;
        names->cap = cap;
    }
    names->list[names->len++] = name;
    return ERR_OK;
}

const char *json_names_pop(struct json_names *names, size_t first) {
    size_t count = names->len - first;
    struct text *own = count > 0 ? names->list + first : NULL;
    names->len = first;
    if (count > 1)
        qsort(own, count, sizeof(*own), compare);
    for (size_t i = 1; i < count; i++)
        if (compare(&own[i - 1], &own[i]) == 0)
            return own[i - 1].ptr > own[i].ptr ? own[i - 1].ptr : own[i].ptr;
    return NULL;
}

void json_names_done(struct json_names *names) {
    free(names->list);
    *names = (struct json_names){0};
}
