/* Pages as any server may send them: every list is walked, every URL resolved. */
#include <stdint.h>

#include "agnostic/probe/html_access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t seen;

static void read_text(struct text t) {
    for (size_t i = 0; i < t.len; i++)
        seen += (unsigned char)t.ptr[i];
}

static void read_texts(const struct text *texts, size_t count) {
    for (size_t i = 0; i < count; i++)
        read_text(texts[i]);
}

static void read_links(const struct html *html, const struct url *page) {
    size_t count;
    const struct html_link *links = html_links(html, &count);
    for (size_t i = 0; i < count; i++) {
        struct buf buf;
        buf_init(&buf, URL_MAX_BYTES);
        (void)html_resolve(html, page, links[i].url, &buf);
        read_text(links[i].words);
        read_text(links[i].integrity);
        buf_done(&buf);
    }
}

static void read_fields(const struct html *html) {
    size_t count;
    const struct html_field *fields = html_fields(html, &count);
    for (size_t i = 0; i < count; i++) {
        read_text(fields[i].type);
        read_text(fields[i].name);
        read_text(fields[i].words);
    }
}

static void read_fault(void *ctx, enum html_access rule, const char *tag) {
    (void)ctx;
    read_text(text_of(html_access_word(rule)));
    read_text(text_of(tag));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct html *html = NULL;
    struct url page;
    size_t count;
    if (url_parse(TEXT("https://shop.test/a/b"), &page, NULL) != ERR_OK ||
        html_parse(text_make((const char *)data, size), &html) != ERR_OK)
        return 0;
    read_links(html, &page);
    read_fields(html);
    const struct text *texts = html_scripts(html, &count);
    read_texts(texts, count);
    texts = html_comments(html, &count);
    read_texts(texts, count);
    read_text(html_text(html));
    read_text(html_meta(html, "name", "referrer", 0));
    (void)html_access(html, read_fault, NULL);
    html_free(html);
    return 0;
}
