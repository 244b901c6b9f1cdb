/* html_parts: a page as its files share it: html.c builds and owns it, html_read.c fills its
 * lists from the tree, html_css.c finds URLs in styles. */
#ifndef PROBE_HTML_PARTS_H
#define PROBE_HTML_PARTS_H

#include <gumbo.h>
#include <setjmp.h>

#include "agnostic/probe/html.h"

struct block;

/* Neither gumbo nor html_read check their allocations; over the ceiling they are left by longjmp.
 * Everything they hold is in the arena, so nothing is lost by that. */
struct html_arena {
    struct block *blocks;
    size_t total;
    jmp_buf full;
};

/* Items of one kind in the arena. */
struct html_list {
    void *items;
    size_t count, room;
};

struct html {
    struct html_arena arena;
    const GumboElement *metas[HTML_MAX_META];
    size_t meta_count;
    struct html_list links, forms, form_elements, fields, scripts, comments;
    struct text base;
    char *text; /* of text_size bytes, text_len of them written */
    size_t text_size, text_len;
    bool has_password, has_dialog;
};

/* html_take(arena, size): bytes that live as long as the arena; never NULL. */
void *html_take(void *arena, size_t size);

/* html_read(html, root): fills the lists from the tree under root. */
void html_read(struct html *html, const GumboNode *root);
/* html_attribute(element, name): ptr NULL when it is absent. */
struct text html_attribute(const GumboElement *element, const char *name);

/* html_css_next(&rest, &url, &import): the next url() or @import of a style; false at its end. */
bool html_css_next(struct text *rest, struct text *ret_url, bool *ret_import);

#endif
