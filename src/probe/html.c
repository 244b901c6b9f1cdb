/* html: gumbo behind a narrow door. Tree and lists live in one arena with a ceiling and are freed
 * as a whole. Must not know what a page is judged for. */
#include "agnostic/probe/html.h"

#include <stdlib.h>

#include "probe/html_depth.h"
#include "probe/html_parts.h"

enum {
    TREE_MAX_BYTES = 256 << 20, /* what gumbo may build of one page */
    BLOCK_BYTES = 256 << 10,
    ALIGNMENT = 16
};

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

static struct block *block_new(struct html_arena *arena, size_t size) {
    if (size < BLOCK_BYTES)
        size = BLOCK_BYTES;
    struct block *block =
        arena->total + size > TREE_MAX_BYTES ? NULL : malloc(sizeof(*block) + size);
    if (!block)
        longjmp(arena->full, 1);
    *block = (struct block){.next = arena->blocks, .size = size};
    arena->blocks = block;
    arena->total += size;
    return block;
}

void *html_take(void *ctx, size_t size) {
    struct html_arena *arena = ctx;
    if (size > TREE_MAX_BYTES)
        longjmp(arena->full, 1);
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < size)
        block = block_new(arena, size);
    void *bytes = block->bytes + block->used;
    block->used += size;
    return bytes;
}

static void arena_give(void *ctx, void *bytes) {
    (void)ctx;
    (void)bytes; /* freed as a whole */
}

static void arena_done(struct html_arena *arena) {
    while (arena->blocks) {
        struct block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}

/* false when tree and lists do not fit. */
static bool build(struct html *html, struct text page) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = html_take;
    options.deallocator = arena_give;
    options.userdata = &html->arena;
    options.max_errors = 0;
    if (setjmp(html->arena.full) != 0)
        return false;
    html_read(html, page, gumbo_parse_with_options(&options, page.ptr, page.len)->document);
    return true;
}

enum err html_parse(struct text page, struct html **ret_html) {
    if (page.len > HTML_MAX_BYTES || html_depth_exceeds(page, HTML_MAX_DEPTH, HTML_MAX_ATTRIBUTES))
        return ERR_TOO_LARGE;
    struct html *html = calloc(1, sizeof(*html));
    if (!html)
        return ERR_NOMEM;
    if (!build(html, page)) {
        html_free(html);
        return ERR_TOO_LARGE;
    }
    *ret_html = html;
    return ERR_OK;
}

void html_free(struct html *html) {
    if (html)
        arena_done(&html->arena);
    free(html);
}

size_t html_size(const struct html *html) {
    return html->arena.total;
}

struct text html_meta(const struct html *html, const char *attribute, const char *value,
                      size_t index) {
    for (size_t i = 0; i < html->meta_count; i++) {
        struct text actual = text_trim(html_attribute(html->metas[i], attribute));
        if (actual.ptr && text_ieq(actual, text_of(value)) && index-- == 0) {
            struct text content = html_attribute(html->metas[i], "content");
            return content.ptr ? content : text_of("");
        }
    }
    return text_make(NULL, 0);
}

bool html_has_password_form(const struct html *html) {
    return html->has_password;
}

bool html_has_handlers(const struct html *html) {
    return html->has_handlers;
}

bool html_has_dialog(const struct html *html) {
    return html->has_dialog;
}

struct text html_base(const struct html *html) {
    return html->base;
}

struct text html_text(const struct html *html) {
    return text_make(html->text, html->text_len);
}

static const void *items_of(const struct html_list *list, size_t *ret_count) {
    *ret_count = list->count;
    return list->items;
}

const struct html_link *html_links(const struct html *html, size_t *ret_count) {
    return items_of(&html->links, ret_count);
}

const struct html_form *html_forms(const struct html *html, size_t *ret_count) {
    return items_of(&html->forms, ret_count);
}

const struct html_field *html_fields(const struct html *html, size_t *ret_count) {
    return items_of(&html->fields, ret_count);
}

const struct text *html_scripts(const struct html *html, size_t *ret_count) {
    return items_of(&html->scripts, ret_count);
}

const struct text *html_comments(const struct html *html, size_t *ret_count) {
    return items_of(&html->comments, ret_count);
}

struct text html_title(const struct html *html) {
    return html->title;
}

bool html_has_doctype(const struct html *html) {
    return html->has_doctype;
}

const struct html_id *html_ids(const struct html *html, size_t *ret_count) {
    return items_of(&html->ids, ret_count);
}
