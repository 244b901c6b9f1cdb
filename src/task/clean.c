/* clean: knows what is dangerous to show, not what it means. */
#include "agnostic/task/clean.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/task/outcome.h"
#include "task/mask.h"

enum {
    CLEAN_WORK_MAX_BYTES = 8 << 20, /* a line is far shorter; masking may lengthen it */
    CLEAN_NAME_MAX_BYTES = 128
};

static bool is_tail(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

static bool is_danger(unsigned point) {
    return (point < 0x20 && point != '\t' && point != '\n') || (point >= 0x7F && point <= 0x9F) ||
           point == 0x61C || point == 0x200E || point == 0x200F ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* danger_at(t, &point, &len): whether the character at the start of t must not be shown as it
 * is: C0 but tab and newline, DEL, C1, separators and marks that change the direction. Only the
 * lead bytes that such characters have are looked at closer. */
static bool danger_at(struct text t, unsigned *ret_point, size_t *ret_len) {
    const unsigned char *b = (const unsigned char *)t.ptr;
    *ret_point = b[0] < 0x80 ? b[0] : '?';
    *ret_len = 1;
    if (t.len >= 2 && (b[0] == 0xC2 || b[0] == 0xD8) && is_tail(b[1])) {
        *ret_point = (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
        *ret_len = 2;
    } else if (t.len >= 3 && b[0] == 0xE2 && is_tail(b[1]) && is_tail(b[2])) {
        *ret_point = 0x2000u | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
        *ret_len = 3;
    }
    return is_danger(*ret_point);
}

static void put_shown(struct text t, struct buf *buf) {
    unsigned point;
    size_t len;
    for (size_t at = 0; at < t.len; at += len) {
        if (danger_at(text_make(t.ptr + at, t.len - at), &point, &len))
            buf_printf(buf, "\\u%04x", point);
        else
            buf_put(buf, t.ptr + at, len);
    }
}

/* Never in the middle of a character. */
static struct text cut(struct text t, size_t max) {
    if (t.len <= max)
        return t;
    while (max > 0 && is_tail((unsigned char)t.ptr[max]))
        max--;
    return text_make(t.ptr, max);
}

/* {"cookie":"sid"} names a cookie, {"cookie":"sid=1"} shows it. */
static bool is_cookie_name(const char *header, struct text t) {
    return text_ends(text_of(header), TEXT("cookie")) && text_find(t, TEXT("=")) < 0;
}

/* Masked first: once spelled out, a line's end would no longer end a header. */
static bool shown(const char *header, struct text t, size_t max, struct buf *buf) {
    static const char ELLIPSIS[] = "\xE2\x80\xA6";
    struct buf masked;
    buf_init(&masked, CLEAN_WORK_MAX_BYTES);
    if (header == NULL || is_cookie_name(header, t))
        mask_text(t, &masked);
    else
        mask_value(header, t, &masked);
    put_shown(buf_text(&masked), buf);
    bool ok = !masked.failed && !buf->failed;
    buf_done(&masked);
    if (ok && buf->len > max) {
        buf->len = cut(buf_text(buf), max - (sizeof(ELLIPSIS) - 1)).len;
        buf_puts(buf, ELLIPSIS);
    }
    return ok;
}

char *clean_dup(struct text t, size_t max) {
    struct buf buf;
    buf_init(&buf, CLEAN_WORK_MAX_BYTES);
    char *copy = shown(NULL, t, max, &buf) ? text_dup(buf_text(&buf)) : NULL;
    buf_done(&buf);
    return copy;
}

static void put_text(struct json_out *out, const char *header, struct text t, size_t max) {
    struct buf buf;
    buf_init(&buf, CLEAN_WORK_MAX_BYTES);
    if (shown(header, t, max, &buf))
        json_out_text(out, buf_text(&buf));
    else
        out->buf->failed = true;
    buf_done(&buf);
}

void clean_put_text(struct json_out *out, struct text t, size_t max) {
    put_text(out, NULL, t, max);
}

static bool is_clean_name(struct text name) {
    unsigned point;
    size_t len;
    for (size_t at = 0; at < name.len; at += len) {
        if (danger_at(text_make(name.ptr + at, name.len - at), &point, &len))
            return false;
    }
    return name.len <= CLEAN_NAME_MAX_BYTES;
}

static bool is_skipped(const char *const *skip, struct text name) {
    for (; skip != NULL && *skip != NULL; skip++) {
        if (text_is(name, *skip))
            return true;
    }
    return false;
}

static bool put_member(void *ctx, struct text name, const struct json *value) {
    struct clean *clean = ctx;
    struct clean inner = *clean;
    if (clean->values_left == 0)
        return false;
    if (!is_clean_name(name) || is_skipped(clean->skip, name))
        return true;
    if (mask_header_of(name) != NULL)
        inner.header = mask_header_of(name);
    else if (clean->pair != NULL && text_is(name, "value"))
        inner.header = clean->pair;
    inner.skip = NULL;
    json_out_name_text(clean->out, name);
    clean_put_value(&inner, value);
    clean->values_left = inner.values_left;
    return true;
}

void clean_put_members(struct clean *clean, const struct json *object) {
    struct text name = TEXT("");
    json_text(json_get(object, "name"), &name);
    clean->pair = clean->header != NULL ? MASK_WHOLE : mask_header_of(name);
    clean->header = NULL;
    json_each(object, put_member, clean);
}

void clean_put_value(struct clean *clean, const struct json *value) {
    struct text text;
    if (clean->values_left > 0)
        clean->values_left--;
    if (json_text(value, &text)) {
        put_text(clean->out, clean->header, text, OUTCOME_STRING_MAX);
    } else if (json_kind(value) == JSON_OBJECT) {
        json_out_object(clean->out);
        struct clean inner = *clean;
        clean_put_members(&inner, value);
        clean->values_left = inner.values_left;
        json_out_end_object(clean->out);
    } else if (json_kind(value) == JSON_ARRAY) {
        json_out_array(clean->out);
        for (size_t i = 0; i < json_count(value) && clean->values_left > 0; i++)
            clean_put_value(clean, json_at(value, i));
        json_out_end_array(clean->out);
    } else if (value != NULL) {
        json_out_value(clean->out, value);
    } else {
        json_out_null(clean->out);
    }
}
