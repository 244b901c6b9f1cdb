/* Answers become pages. Sends nothing, judges nothing. */
#include "agents/security/pages.h"

#include <string.h>

static bool pages_hold(const struct pages *pages, const struct answer *answer) {
    for (size_t i = 0; i < pages->count; i++)
        if (strcmp(pages->items[i].answer->url_text, answer->url_text) == 0)
            return true;
    return false;
}

static void pages_read(struct pages *pages, struct page *page) {
    if (pages->trees_size < PAGES_TREES_MAX_BYTES &&
        html_parse(buf_text(&page->answer->response.body), &page->html) == ERR_OK)
        pages->trees_size += html_size(page->html);
}

bool pages_add(struct pages *pages, const struct answer *answer) {
    bool is_page = answer->asked && answer->err == ERR_OK && !answer->response.head_truncated &&
                   answer->response.status / 100 == 2;
    if (!is_page || pages->count == PAGES_MAX || pages_hold(pages, answer))
        return false;
    struct page *page = &pages->items[pages->count++];
    *page = (struct page){.answer = answer,
                          .is_html = answer_media_is(answer, "text/html") ||
                                     answer_media_is(answer, "application/xhtml+xml")};
    if (page->is_html)
        pages_read(pages, page);
    return true;
}

void pages_done(struct pages *pages) {
    for (size_t i = 0; i < pages->count; i++)
        html_free(pages->items[i].html);
    *pages = (struct pages){0};
}

void page_csp(const struct page *page, struct csp *ret_csp) {
    static const char NAME[] = "Content-Security-Policy";
    struct text value;
    ret_csp->count = 0;
    for (size_t i = 0; (value = answer_header(page->answer, NAME, i)).ptr != NULL; i++)
        csp_add(ret_csp, value, false);
    for (size_t i = 0;
         page->html != NULL && (value = html_meta(page->html, "http-equiv", NAME, i)).ptr != NULL;
         i++)
        csp_add(ret_csp, value, true);
}

bool page_resolve(const struct page *page, struct text reference, struct page_url *ret_found) {
    struct buf buf;
    buf_init(&buf, URL_MAX_BYTES);
    bool found = html_resolve(page->html, &page->answer->url, reference, &buf) == ERR_OK &&
                 text_copy(buf_text(&buf), ret_found->text, sizeof(ret_found->text)) &&
                 url_parse(text_of(ret_found->text), &ret_found->url, NULL) == ERR_OK;
    buf_done(&buf);
    return found;
}
