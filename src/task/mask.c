/* mask: rather hides too much than too little. Must not know what the text is for. */
#include "task/mask.h"

#include "agnostic/task/card.h"

#define MASK "***"

enum style {
    STYLE_WHOLE,  /* nothing is kept */
    STYLE_SCHEME, /* the first of several words is kept */
    STYLE_COOKIE  /* name and attributes are kept */
};

static const struct {
    const char *name;
    enum style style;
} HEADERS[] = {
    {"authorization", STYLE_SCHEME}, {"proxy-authorization", STYLE_SCHEME},
    {"cookie", STYLE_WHOLE},         {"set-cookie", STYLE_COOKIE},
    {MASK_WHOLE, STYLE_WHOLE},
};
enum { HEADERS_COUNT = sizeof(HEADERS) / sizeof(HEADERS[0]) };

static const char *const COOKIE_ATTRIBUTES[] = {"expires",  "max-age",     "domain",
                                                "path",     "secure",      "httponly",
                                                "samesite", "partitioned", "priority"};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool is_quote(char c) {
    return c == '"' || c == '\'' || c == '`';
}

static struct text from(struct text t, size_t at) {
    return text_make(t.ptr + at, t.len - at);
}

/* starts_with_name(t, name): without case, '_' being as good as '-'. */
static bool starts_with_name(struct text t, const char *name) {
    size_t i = 0;
    for (; name[i] != '\0'; i++) {
        if (i == t.len)
            return false;
        char c = t.ptr[i] == '_' ? '-' : t.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != name[i])
            return false;
    }
    return i == t.len || !is_word(t.ptr[i]);
}

/* --- values of headers ------------------------------------------------------ */

/* Two cookies folded into one line are parted by a comma, which also stands in a date. */
static size_t attribute_end(struct text part, bool is_date) {
    int commas = is_date ? 1 : 0;
    for (size_t i = 0; i < part.len; i++) {
        if (part.ptr[i] == ',' && commas-- == 0)
            return i;
    }
    return part.len;
}

static void mask_attribute(struct text part, struct buf *buf) {
    struct text value = part, name;
    text_cut(&value, '=', &name);
    name = text_trim(name);
    for (size_t i = 0; i < sizeof(COOKIE_ATTRIBUTES) / sizeof(COOKIE_ATTRIBUTES[0]); i++) {
        if (!text_ieq(name, text_of(COOKIE_ATTRIBUTES[i])))
            continue;
        size_t end = attribute_end(part, text_is(text_of(COOKIE_ATTRIBUTES[i]), "expires"));
        buf_put(buf, part.ptr, end);
        buf_puts(buf, end < part.len ? ", " MASK : "");
        return;
    }
    buf_puts(buf, " " MASK);
}

static void mask_cookie(struct text value, struct buf *buf) {
    struct text rest = value, cookie = {0}, part;
    text_cut(&rest, ';', &cookie);
    long equals = text_find(cookie, TEXT("="));
    if (equals >= 0)
        buf_put(buf, cookie.ptr, (size_t)equals + 1);
    buf_puts(buf, MASK);
    while (text_cut(&rest, ';', &part)) {
        buf_putc(buf, ';');
        mask_attribute(part, buf);
    }
}

static void mask_scheme(struct text value, struct buf *buf) {
    value = text_trim(value);
    long blank = text_find(value, TEXT(" "));
    if (blank > 0)
        buf_put(buf, value.ptr, (size_t)blank + 1);
    buf_puts(buf, MASK);
}

void mask_value(const char *header, struct text value, struct buf *buf) {
    enum style style = STYLE_WHOLE;
    for (int i = 0; i < HEADERS_COUNT; i++) {
        if (text_is(text_of(header), HEADERS[i].name))
            style = HEADERS[i].style;
    }
    if (style == STYLE_COOKIE)
        mask_cookie(value, buf);
    else if (style == STYLE_SCHEME)
        mask_scheme(value, buf);
    else
        buf_puts(buf, MASK);
}

static const char *header_at(struct text t) {
    for (int i = 0; i < HEADERS_COUNT; i++) {
        if (starts_with_name(t, HEADERS[i].name))
            return HEADERS[i].name;
    }
    return NULL;
}

const char *mask_header_of(struct text name) {
    const char *header = header_at(name);
    return header != NULL && text_of(header).len == name.len ? header : NULL;
}

/* value_len(value, quote): up to the end of the line, or to the quote that closes it. A
 * quote in front of a letter does not close anything. */
static size_t value_len(struct text value, char quote) {
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c == '\r' || c == '\n')
            return i;
        if (quote != '\0' && c == quote &&
            (i + 1 == value.len || !(is_word(value.ptr[i + 1]) || is_quote(value.ptr[i + 1]))))
            return i;
    }
    return value.len;
}

static size_t skip(struct text t, size_t at, char c) {
    while (at < t.len && t.ptr[at] == c)
        at++;
    return at;
}

/* mask_header_at(t, at, buf): bytes of t used up, 0 when no secret header begins there. It
 * may be written `Name: value`, '-H "Name: value"' or '"name": "value"'. */
static size_t mask_header_at(struct text t, size_t at, struct buf *buf) {
    const char *header = header_at(from(t, at));
    char quote = at > 0 && is_quote(t.ptr[at - 1]) ? t.ptr[at - 1] : '\0';
    if (header == NULL)
        return 0;
    size_t end = at + text_of(header).len;
    if (end < t.len && quote != '\0' && t.ptr[end] == quote)
        end++;
    end = skip(t, end, ' ');
    if (end == t.len || t.ptr[end] != ':')
        return 0;
    end = skip(t, end + 1, ' ');
    if (end < t.len && is_quote(t.ptr[end]))
        quote = t.ptr[end++];
    buf_put(buf, t.ptr + at, end - at);
    size_t len = value_len(from(t, end), quote);
    if (len > 0)
        mask_value(header, text_make(t.ptr + end, len), buf);
    return end + len - at;
}

/* --- card numbers ----------------------------------------------------------- */

enum { CARD_SHOWN = 4 };

/* As mask_header_at. The digits before the last four become '*', one for one. */
static size_t mask_card_at(struct text t, size_t at, struct buf *buf) {
    size_t len = card_at(t, at), digits = 0;
    for (size_t i = at; i < at + len; i++)
        digits += is_digit(t.ptr[i]);
    for (size_t i = at; i < at + len; i++) {
        char c = t.ptr[i];
        bool hidden = is_digit(c) && digits > CARD_SHOWN;
        buf_putc(buf, hidden ? '*' : c);
        digits -= is_digit(c);
    }
    return len;
}

/* Words begin at t[at]; secrets only begin where words do. */
static size_t word_len(struct text t, size_t at) {
    size_t end = at;
    while (end < t.len && is_word(t.ptr[end]))
        end++;
    return end == at ? 1 : end - at;
}

void mask_text(struct text t, struct buf *buf) {
    for (size_t at = 0; at < t.len;) {
        size_t used = mask_header_at(t, at, buf);
        if (used == 0)
            used = mask_card_at(t, at, buf);
        if (used == 0) {
            used = word_len(t, at);
            buf_put(buf, t.ptr + at, used);
        }
        at += used;
    }
}
