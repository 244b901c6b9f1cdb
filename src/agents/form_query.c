/* URLs as browsers make them of forms. Asks nobody. */
#include "agents/form_query.h"

#include "agnostic/probe/canonical.h"

const char FORM_QUERY_RESERVED[] = "&=+#%\"'<>{}$:/?\r\n ;,";

bool form_query_is_get(const struct html_form *form) {
    return form->method.len == 0 || text_ieq(form->method, TEXT("get"));
}

static size_t form_query_fields(const struct html *html, size_t form, struct buf *buf) {
    size_t count, sent = 0;
    const struct html_field *fields = html_fields(html, &count);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].form != (int)form || fields[i].name.len == 0 ||
            text_ieq(fields[i].type, TEXT("password")))
            continue;
        buf_puts(buf, sent++ == 0 ? "?" : "&");
        canonical_text(fields[i].name, FORM_QUERY_RESERVED, buf);
        buf_puts(buf, "=");
        canonical_text(fields[i].value, FORM_QUERY_RESERVED, buf);
    }
    return sent;
}

enum err form_query_put(const struct html *html, size_t form, const struct url *page,
                        struct buf *buf) {
    size_t count;
    const struct html_form *forms = html_forms(html, &count);
    struct text action = forms[form].action;
    struct buf whole;
    struct url url;
    buf_init(&whole, URL_MAX_BYTES);
    bool sends = false;
    if (html_resolve(html, page, action.ptr != NULL ? action : TEXT(""), &whole) == ERR_OK &&
        url_parse(buf_text(&whole), &url, NULL) == ERR_OK) {
        url.query = text_make(NULL, 0);
        url_put(&url, buf);
        sends = form_query_fields(html, form, buf) > 0;
    }
    buf_done(&whole);
    return sends && !buf->failed ? ERR_OK : ERR_SYNTAX;
}

struct text form_query_name(struct text part) {
    long end = text_find(part, TEXT("="));
    return end < 0 ? part : text_make(part.ptr, (size_t)end);
}

void form_query_swap(const struct url *url, size_t index, struct text value, struct buf *buf) {
    struct url bare = *url;
    struct text rest = url->query, part;
    char before = '?';
    bare.query = text_make(NULL, 0);
    url_put(&bare, buf);
    for (size_t i = 0; text_cut(&rest, '&', &part); i++) {
        if (i == index && value.ptr == NULL)
            continue;
        buf_putc(buf, before);
        before = '&';
        buf_puttext(buf, i == index ? form_query_name(part) : part);
        if (i != index)
            continue;
        buf_puts(buf, "=");
        buf_puttext(buf, value);
    }
}
