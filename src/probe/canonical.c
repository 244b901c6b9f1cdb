/* The normal form of a URL, and its template. Asks nobody. */
#include "agnostic/probe/canonical.h"

#include <stdlib.h>
#include <string.h>

enum { UUID_LEN = 36, HEX_MIN_LEN = 8 };

/* --- bytes ---------------------------------------------------------------------------------- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int hex_value(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_unreserved(char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* The byte that an escape at t's front stands for, or -1. */
static int escaped(struct text t) {
    if (t.len < 3 || t.ptr[0] != '%')
        return -1;
    int high = hex_value(t.ptr[1]), low = hex_value(t.ptr[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static void put_escape(int byte, struct buf *buf) {
    static const char DIGITS[] = "0123456789ABCDEF";
    buf_putc(buf, '%');
    buf_putc(buf, DIGITS[byte / 16]);
    buf_putc(buf, DIGITS[byte % 16]);
}

void canonical_text(struct text text, const char *reserved, struct buf *buf) {
    for (size_t i = 0; i < text.len && !buf->failed; i++) {
        char c = text.ptr[i];
        int byte = escaped(text_make(text.ptr + i, text.len - i));
        if (byte >= 0)
            i += 2;
        if (byte >= 0 ? is_unreserved((char)byte)
                      : c > ' ' && c < 0x7F && c != '%' && strchr(reserved, c) == NULL)
            buf_putc(buf, byte >= 0 ? (char)byte : c);
        else
            put_escape(byte >= 0 ? byte : (unsigned char)c, buf);
    }
}

/* --- paths and queries ------------------------------------------------------------------------ */

/* Escaped dots are dots too, so escapes come first. */
static void put_path(const struct url *url, struct buf *buf) {
    struct buf plain;
    buf_init(&plain, CANONICAL_MAX_BYTES);
    canonical_text(url->path, "", &plain);
    if (plain.failed)
        buf->failed = true;
    else
        url_put_path(buf_text(&plain), buf);
    buf_done(&plain);
}

static int by_bytes(const void *a, const void *b) {
    const struct text *left = a, *right = b;
    return text_order(*left, *right);
}

/* The name of a part of a query, or the whole part. */
static struct text part_of(struct text part, bool names_only) {
    struct text rest = part, name = part;
    if (names_only)
        text_cut(&rest, '=', &name);
    return name;
}

/* The query's parts in order, equal ones once when only names are wanted. */
static void put_parts(struct text query, bool names_only, struct buf *buf) {
    struct text parts[CANONICAL_PARAMS_MAX], part;
    size_t count = 0;
    char before = '?';
    while (count < CANONICAL_PARAMS_MAX && text_cut(&query, '&', &part))
        if (part.len > 0)
            parts[count++] = part_of(part, names_only);
    if (query.ptr == NULL)
        qsort(parts, count, sizeof(parts[0]), by_bytes);
    for (size_t i = 0; i < count; i++) {
        if (names_only && i > 0 && text_eq(parts[i], parts[i - 1]))
            continue;
        buf_putc(buf, before);
        buf_puttext(buf, parts[i]);
        before = '&';
    }
    if (query.ptr != NULL && !names_only) {
        buf_putc(buf, before);
        buf_puttext(buf, query);
    }
}

static void put_query(const struct url *url, bool names_only, struct buf *buf) {
    struct buf plain;
    if (url->query.ptr == NULL)
        return;
    buf_init(&plain, CANONICAL_MAX_BYTES);
    canonical_text(url->query, "", &plain);
    if (plain.failed)
        buf->failed = true;
    else if (plain.len > 0)
        put_parts(buf_text(&plain), names_only, buf);
    buf_done(&plain);
}

void canonical_put(const struct url *url, struct buf *buf) {
    char origin[URL_HOST_SIZE + 32];
    url_origin(url, origin, sizeof(origin));
    buf_puts(buf, origin);
    put_path(url, buf);
    put_query(url, false, buf);
}

/* --- templates -------------------------------------------------------------------------------- */

static bool starts_with_uuid(struct text t) {
    if (t.len < UUID_LEN)
        return false;
    for (size_t i = 0; i < UUID_LEN; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? t.ptr[i] != '-' : hex_value(t.ptr[i]) < 0)
            return false;
    }
    return true;
}

/* Digits alone number things; with letters among them they must be many to be no word. */
static bool is_long_hex(struct text run) {
    bool digit = false, letter = false;
    for (size_t i = 0; i < run.len; i++) {
        if (hex_value(run.ptr[i]) < 0)
            return false;
        digit |= is_digit(run.ptr[i]);
        letter |= is_letter(run.ptr[i]);
    }
    return run.len >= HEX_MIN_LEN && digit && letter;
}

static void put_run(struct text run, struct buf *buf) {
    if (is_long_hex(run)) {
        buf_puts(buf, "{id}");
        return;
    }
    for (size_t i = 0; i < run.len; i++) {
        if (!is_digit(run.ptr[i]))
            buf_putc(buf, run.ptr[i]);
        else if (i == 0 || !is_digit(run.ptr[i - 1]))
            buf_puts(buf, "{n}");
    }
}

static size_t run_len(struct text t) {
    size_t len = 0;
    while (len < t.len && (is_digit(t.ptr[len]) || is_letter(t.ptr[len])))
        len++;
    return len;
}

static void put_folded(struct text path, struct buf *buf) {
    while (path.len > 0 && !buf->failed) {
        size_t len = run_len(path);
        if (starts_with_uuid(path)) {
            len = UUID_LEN;
            buf_puts(buf, "{id}");
        } else if (len > 0) {
            put_run(text_make(path.ptr, len), buf);
        } else {
            len = escaped(path) >= 0 ? 3 : 1; /* the digits of an escape number nothing */
            buf_put(buf, path.ptr, len);
        }
        path = text_make(path.ptr + len, path.len - len);
    }
}

void canonical_template(const struct url *url, struct buf *buf) {
    struct buf path;
    buf_init(&path, CANONICAL_MAX_BYTES);
    put_path(url, &path);
    if (path.failed)
        buf->failed = true;
    else
        put_folded(buf_text(&path), buf);
    buf_done(&path);
    put_query(url, true, buf);
}
