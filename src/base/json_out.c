/* json_out: compact JSON as Python's json.dumps(ensure_ascii=False, separators=(",", ":"))
 * writes it. Knows the buffer, not json-c. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/json.h"
#include "base/utf8.h"

void json_out_init(struct json_out *out, struct buf *buf) {
    *out = (struct json_out){.buf = buf, .first = true};
}

static void separate(struct json_out *out) {
    if (!out->first)
        buf_putc(out->buf, ',');
    out->first = false;
}

static void open_with(struct json_out *out, char bracket) {
    separate(out);
    buf_putc(out->buf, bracket);
    out->depth++;
    out->first = true;
}

static void close_with(struct json_out *out, char bracket) {
    buf_putc(out->buf, bracket);
    out->depth--;
    out->first = false;
}

void json_out_object(struct json_out *out) {
    open_with(out, '{');
}

void json_out_array(struct json_out *out) {
    open_with(out, '[');
}

void json_out_end_object(struct json_out *out) {
    close_with(out, '}');
}

void json_out_end_array(struct json_out *out) {
    close_with(out, ']');
}

static void put_escape(struct buf *buf, unsigned char c) {
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c == '\0' ? NULL : strchr(from, c);
    if (at == NULL) {
        buf_printf(buf, "\\u%04x", c);
        return;
    }
    buf_putc(buf, '\\');
    buf_putc(buf, to[at - from]);
}

/* A code point of len bytes (well-formed UTF-8) as \u escapes, a pair beyond U+FFFF. */
static void put_point(struct buf *buf, const char *p, size_t len) {
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t point = (unsigned char)p[0] & lead_bits[len];
    for (size_t i = 1; i < len; i++)
        point = point << 6 | ((unsigned char)p[i] & 0x3F);
    if (point > 0xFFFF) {
        point -= 0x10000;
        buf_printf(buf, "\\u%04x", 0xD800 | point >> 10);
        point = 0xDC00 | (point & 0x3FF);
    }
    buf_printf(buf, "\\u%04x", point);
}

/* plain_run(t, ascii): bytes at the front of t that are written as they are. Not a second '#':
 * runners of CI take "##[" and "##vso[" in what they log for commands. */
static size_t plain_run(struct text t, bool ascii) {
    size_t i = 0;
    while (i < t.len) {
        unsigned char c = (unsigned char)t.ptr[i];
        bool pair = c == '#' && i > 0 && t.ptr[i - 1] == '#';
        if (c < 0x20 || c == '"' || c == '\\' || (ascii && (c >= 0x7F || pair)))
            break;
        size_t step = c < 0x80 ? 1 : utf8_step(t.ptr + i, t.len - i);
        if (step == 0)
            break;
        i += step;
    }
    return i;
}

/* What cannot stand as it is, escaped; returns the bytes it took. */
static size_t put_odd(struct json_out *out, struct text t) {
    static const char replacement[] = "\xEF\xBF\xBD";
    unsigned char c = (unsigned char)*t.ptr;
    size_t len = utf8_step(t.ptr, t.len);
    if (c < 0x7F)
        put_escape(out->buf, c);
    else if (!out->ascii)
        buf_puts(out->buf, replacement);
    else if (len > 0)
        put_point(out->buf, t.ptr, len);
    else
        put_point(out->buf, replacement, sizeof(replacement) - 1);
    return len > 0 ? len : 1;
}

static void put_string(struct json_out *out, struct text t) {
    buf_putc(out->buf, '"');
    while (t.len > 0) {
        size_t run = plain_run(t, out->ascii);
        buf_put(out->buf, t.ptr, run);
        t = text_make(t.ptr + run, t.len - run);
        if (t.len == 0)
            break;
        size_t taken = put_odd(out, t);
        t = text_make(t.ptr + taken, t.len - taken);
    }
    buf_putc(out->buf, '"');
}

void json_out_name_text(struct json_out *out, struct text name) {
    separate(out);
    put_string(out, name);
    buf_putc(out->buf, ':');
    out->first = true;
}

void json_out_name(struct json_out *out, const char *name) {
    json_out_name_text(out, text_of(name));
}

void json_out_text(struct json_out *out, struct text text) {
    separate(out);
    put_string(out, text);
}

void json_out_str(struct json_out *out, const char *string) {
    if (string == NULL)
        json_out_null(out);
    else
        json_out_text(out, text_of(string));
}

void json_out_raw(struct json_out *out, struct text json) {
    separate(out);
    buf_puttext(out->buf, json);
}

void json_out_int(struct json_out *out, int64_t n) {
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%" PRId64, n);
    json_out_raw(out, text_make(digits, (size_t)len));
}

/* As Python's repr: 10.0, 0.1, 1e+22. */
void json_out_double(struct json_out *out, double d) {
    enum { DIGITS_MAX = 17 }; /* always read back as the same double */
    static const double plain_max = 1e16;
    char text[40];
    if (!isfinite(d)) {
        json_out_null(out);
        return;
    }
    if (d == rint(d) && fabs(d) < plain_max)
        snprintf(text, sizeof(text), "%.1f", d);
    else
        for (int digits = 1; digits <= DIGITS_MAX; digits++) {
            snprintf(text, sizeof(text), "%.*g", digits, d);
            if (strtod(text, NULL) == d)
                break;
        }
    json_out_raw(out, text_of(text));
}

void json_out_bool(struct json_out *out, bool b) {
    json_out_raw(out, b ? TEXT("true") : TEXT("false"));
}

void json_out_null(struct json_out *out) {
    json_out_raw(out, TEXT("null"));
}

void json_out_member(struct json_out *out, const char *name, const char *string) {
    json_out_name(out, name);
    json_out_str(out, string);
}

void json_out_member_text(struct json_out *out, const char *name, struct text text) {
    json_out_name(out, name);
    json_out_text(out, text);
}

void json_out_member_int(struct json_out *out, const char *name, int64_t n) {
    json_out_name(out, name);
    json_out_int(out, n);
}

void json_out_member_bool(struct json_out *out, const char *name, bool b) {
    json_out_name(out, name);
    json_out_bool(out, b);
}
