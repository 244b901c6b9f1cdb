/* html_parts: a page as its files share it: html.c builds and owns it, html_read.c fills its
 * lists from the tree, html_links.c that of links, html_css.c finds URLs in styles. */
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
    const GumboNode *root; /* the tree; of what the page was only names of known tags are left */
    const GumboElement *metas[HTML_MAX_META];
    size_t meta_count;
    struct html_list links, forms, form_elements, fields, scripts, comments, ids;
    struct text base, title;
    bool has_doctype;
    char *text; /* of text_size bytes, text_len of them written */
    size_t text_size, text_len;
    struct text inert; /* the source of the last <noscript> met */
    bool has_password, has_dialog, has_handlers;
};

/* html_take(arena, size): bytes that live as long as the arena; never NULL. */
void *html_take(void *arena, size_t size);

/* html_read(html, page, root): fills the lists from the tree under root, which page was made into.
 */
void html_read(struct html *html, struct text page, const GumboNode *root);
/* html_attribute(element, name): ptr NULL when it is absent. */
struct text html_attribute(const GumboElement *element, const char *name);

/* html_trimmed(element, name): the same without blanks around it. */
struct text html_trimmed(const GumboElement *element, const char *name);
/* html_next(node, root): behind this one in document order, under root; NULL at the end.
 * html_behind: the same without what is in node. */
const GumboNode *html_next(const GumboNode *node, const GumboNode *root);
const GumboNode *html_behind(const GumboNode *node, const GumboNode *root);
/* html_is(node, tag): node is there and such an element. */
bool html_is(const GumboNode *node, GumboTag tag);
/* html_words(html, node): what people read of node, or what stands for it. */
struct text html_words(struct html *html, const GumboNode *node);
/* html_add(html, list, size, max): a zeroed item behind the others, or NULL when there are max. */
void *html_add(struct html *html, struct html_list *list, size_t size, size_t max);

/* Links: of an element's own attributes; of <link>, <style> and <meta http-equiv=refresh>. */
void html_note_links(struct html *html, const GumboNode *node);
void html_note_relation(struct html *html, const GumboNode *node);
void html_note_style(struct html *html, struct text style);
void html_note_refresh(struct html *html, const GumboElement *element);
/* html_note_noscript(html, page, element): where page, the source, begins and ends to speak to
 * browsers without scripts. */
void html_note_noscript(struct html *html, struct text page, const GumboElement *element);

#endif
