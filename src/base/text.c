/* text: views of bytes. Must not know what the bytes mean, and owns none of them. */
#include "agnostic/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

struct text text_of(const char *string) {
    return string == NULL ? (struct text){NULL, 0} : (struct text){string, strlen(string)};
}

struct text text_make(const char *ptr, size_t len) {
    return (struct text){ptr, len};
}

bool text_eq(struct text a, struct text b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int text_order(struct text a, struct text b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool text_ieq(struct text a, struct text b) {
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool text_is(struct text t, const char *string) {
    return text_eq(t, text_of(string));
}

bool text_starts(struct text t, struct text prefix) {
    return t.len >= prefix.len && text_eq(text_make(t.ptr, prefix.len), prefix);
}

bool text_istarts(struct text t, struct text prefix) {
    return t.len >= prefix.len && text_ieq(text_make(t.ptr, prefix.len), prefix);
}

bool text_ends(struct text t, struct text suffix) {
    if (t.len < suffix.len || suffix.len == 0)
        return suffix.len == 0;
    return text_eq(text_make(t.ptr + (t.len - suffix.len), suffix.len), suffix);
}

long text_find(struct text t, struct text needle) {
    if (needle.len == 0)
        return 0;
    if (t.len < needle.len)
        return -1;
    const char *at = memmem(t.ptr, t.len, needle.ptr, needle.len);
    return at == NULL ? -1 : at - t.ptr;
}

long text_ifind(struct text t, struct text needle) {
    for (size_t i = 0; i + needle.len <= t.len; i++)
        if (text_ieq(text_make(t.ptr + i, needle.len), needle))
            return (long)i;
    return needle.len == 0 ? 0 : -1;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text t) {
    while (t.len > 0 && is_blank(t.ptr[t.len - 1]))
        t.len--;
    while (t.len > 0 && is_blank(t.ptr[0])) {
        t.ptr++;
        t.len--;
    }
    return t;
}

bool text_cut(struct text *rest, char separator, struct text *ret_part) {
    if (rest->ptr == NULL)
        return false;
    const char *at = memchr(rest->ptr, separator, rest->len);
    if (at == NULL) {
        *ret_part = *rest;
        *rest = (struct text){NULL, 0};
        return true;
    }
    size_t len = (size_t)(at - rest->ptr);
    *ret_part = text_make(rest->ptr, len);
    *rest = text_make(at + 1, rest->len - len - 1);
    return true;
}

bool text_copy(struct text t, char *dst, size_t size) {
    bool fits = t.len < size && (t.len == 0 || memchr(t.ptr, '\0', t.len) == NULL);
    if (fits && t.len > 0)
        memcpy(dst, t.ptr, t.len);
    if (size > 0)
        dst[fits ? t.len : 0] = '\0';
    return fits;
}

char *text_dup(struct text t) {
    char *copy = malloc(t.len + 1);
    if (copy == NULL)
        return NULL;
    if (t.len > 0)
        memcpy(copy, t.ptr, t.len);
    copy[t.len] = '\0';
    return copy;
}

bool text_u64(struct text t, uint64_t max, uint64_t *ret_value) {
    uint64_t value = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.ptr[i] < '0' || t.ptr[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(t.ptr[i] - '0');
        if (digit > max || value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (t.len == 0)
        return false;
    *ret_value = value;
    return true;
}

bool text_is_utf8(struct text t) {
    for (size_t i = 0, step; i < t.len; i += step) {
        step = utf8_step(t.ptr + i, t.len - i);
        if (step == 0)
            return false;
    }
    return true;
}

static bool starts_point(char c) {
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t text_points(struct text t) {
    size_t points = 0;
    for (size_t i = 0; i < t.len; i++)
        points += starts_point(t.ptr[i]);
    return points;
}

struct text text_head(struct text t, size_t points) {
    for (size_t i = 0; i < t.len; i++) {
        if (!starts_point(t.ptr[i]))
            continue;
        if (points == 0)
            return text_make(t.ptr, i);
        points--;
    }
    return t;
}

void text_hex(const void *bytes, size_t len, char *dst) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *u = bytes;
    for (size_t i = 0; i < len; i++) {
        dst[2 * i] = digits[u[i] >> 4];
        dst[2 * i + 1] = digits[u[i] & 15];
    }
    dst[2 * len] = '\0';
}

/* The 63rd and 64th digit differ between the two alphabets. */
static int base64_value(char c, const char *last) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == last[0] ? 62 : c == last[1] ? 63 : -1;
}

static bool base64_read(struct text t, const char *last, void *dst, size_t size, size_t *ret_len) {
    unsigned char *out = dst;
    uint32_t bits = 0;
    unsigned held = 0; /* bits not yet written */
    size_t len = t.len / 4 * 3 + (t.len % 4 > 1 ? t.len % 4 - 1 : 0);
    if (t.len % 4 == 1 || len > size)
        return false;
    for (size_t i = 0, written = 0; i < t.len; i++) {
        int value = base64_value(t.ptr[i], last);
        if (value < 0)
            return false;
        bits = (bits << 6 | (uint32_t)value) & 0xFFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[written++] = (unsigned char)(bits >> held);
        }
    }
    if ((bits & ((1u << held) - 1)) != 0)
        return false;
    *ret_len = len;
    return true;
}

bool text_base64url(struct text t, void *dst, size_t size, size_t *ret_len) {
    return base64_read(t, "-_", dst, size, ret_len);
}

bool text_base64(struct text t, void *dst, size_t size, size_t *ret_len) {
    bool whole = t.len > 0 && t.len % 4 == 0;
    for (int pads = 0; whole && pads < 2 && t.ptr[t.len - 1] == '='; pads++)
        t.len--;
    return base64_read(t, "+/", dst, size, ret_len);
}

void text_base64_put(const void *bytes, size_t len, char *dst) {
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *in = bytes;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = (uint32_t)in[i] << 16 | (i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0) |
                        (i + 2 < len ? in[i + 2] : 0);
        *dst++ = DIGITS[bits >> 18];
        *dst++ = DIGITS[bits >> 12 & 63];
        *dst++ = i + 1 < len ? DIGITS[bits >> 6 & 63] : '=';
        *dst++ = i + 2 < len ? DIGITS[bits & 63] : '=';
    }
    *dst = '\0';
}

void text_base64url_put(const void *bytes, size_t len, char *dst) {
    text_base64_put(bytes, len, dst);
    for (; *dst != '\0' && *dst != '='; dst++) {
        if (*dst == '+')
            *dst = '-';
        else if (*dst == '/')
            *dst = '_';
    }
    *dst = '\0';
}
