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

/* plain_run(t): bytes at the front of t that are written as they are. */
static size_t plain_run(struct text t) {
    size_t i = 0;
    while (i < t.len) {
        unsigned char c = (unsigned char)t.ptr[i];
        if (c < 0x20 || c == '"' || c == '\\')
            break;
        size_t step = c < 0x80 ? 1 : utf8_step(t.ptr + i, t.len - i);
        if (step == 0)
            break;
        i += step;
    }
    return i;
}

static void put_string(struct buf *buf, struct text t) {
    buf_putc(buf, '"');
    while (t.len > 0) {
        size_t run = plain_run(t);
        buf_put(buf, t.ptr, run);
        t = text_make(t.ptr + run, t.len - run);
        if (t.len == 0)
            break;
        unsigned char c = (unsigned char)*t.ptr;
        if (c < 0x80)
            put_escape(buf, c);
        else
            buf_puts(buf, "\xEF\xBF\xBD");
        t = text_make(t.ptr + 1, t.len - 1);
    }
    buf_putc(buf, '"');
}

void json_out_name_text(struct json_out *out, struct text name) {
    separate(out);
    put_string(out->buf, name);
    buf_putc(out->buf, ':');
    out->first = true;
}

void json_out_name(struct json_out *out, const char *name) {
    json_out_name_text(out, text_of(name));
}

void json_out_text(struct json_out *out, struct text text) {
    separate(out);
    put_string(out->buf, text);
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
