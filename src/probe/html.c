/* html: gumbo behind a narrow door, its only user. The tree lives in one arena with a ceiling,
 * is walked without recursion, and is freed as a whole. Must not know what a page is judged for. */
#include "agnostic/probe/html.h"

#include <gumbo.h>
#include <setjmp.h>
#include <stdlib.h>

#include "probe/html_depth.h"

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

/* gumbo does not check its allocations; over the ceiling we leave it by longjmp. Everything it
 * holds is in the arena, so nothing is lost by that. */
struct arena {
    struct block *blocks;
    size_t total;
    jmp_buf full;
};

struct html {
    struct arena arena;
    const GumboElement *metas[HTML_MAX_META];
    size_t meta_count;
    bool has_password;
};

static struct block *block_new(struct arena *arena, size_t size) {
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

static void *arena_take(void *ctx, size_t size) {
    struct arena *arena = ctx;
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

static void arena_done(struct arena *arena) {
    while (arena->blocks) {
        struct block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}

/* NULL when the tree does not fit. */
static GumboOutput *build(struct arena *arena, struct text page) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = arena_take;
    options.deallocator = arena_give;
    options.userdata = arena;
    options.max_errors = 0;
    if (setjmp(arena->full) != 0)
        return NULL;
    return gumbo_parse_with_options(&options, page.ptr, page.len);
}

static const GumboVector *children_of(const GumboNode *node) {
    bool has = node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
    return has ? &node->v.element.children : NULL;
}

/* The node behind this one in document order, under root; NULL at the end. */
static const GumboNode *next_node(const GumboNode *node, const GumboNode *root) {
    const GumboVector *children = children_of(node);
    if (children && children->length > 0)
        return children->data[0];
    for (; node != root; node = node->parent) {
        const GumboVector *siblings = children_of(node->parent);
        size_t next = node->index_within_parent + 1;
        if (siblings && next < siblings->length)
            return siblings->data[next];
    }
    return NULL;
}

static struct text attribute_of(const GumboElement *element, const char *name) {
    const GumboAttribute *attribute = gumbo_get_attribute(&element->attributes, name);
    return attribute ? text_of(attribute->value) : text_make(NULL, 0);
}

static bool is_in_head(const GumboNode *node) {
    const GumboNode *parent = node->parent;
    return parent && parent->type == GUMBO_NODE_ELEMENT && parent->v.element.tag == GUMBO_TAG_HEAD;
}

static void note(struct html *html, const GumboNode *node) {
    if (node->type != GUMBO_NODE_ELEMENT)
        return;
    const GumboElement *element = &node->v.element;
    if (element->tag == GUMBO_TAG_META && is_in_head(node) && html->meta_count < HTML_MAX_META)
        html->metas[html->meta_count++] = element;
    if (element->tag == GUMBO_TAG_INPUT &&
        text_ieq(text_trim(attribute_of(element, "type")), TEXT("password")))
        html->has_password = true;
}

enum err html_parse(struct text page, struct html **ret_html) {
    if (page.len > HTML_MAX_BYTES || html_depth_exceeds(page, HTML_MAX_DEPTH))
        return ERR_TOO_LARGE;
    struct html *html = calloc(1, sizeof(*html));
    if (!html)
        return ERR_NOMEM;
    const GumboOutput *output = build(&html->arena, page);
    if (!output) {
        html_free(html);
        return ERR_TOO_LARGE;
    }
    for (const GumboNode *node = output->root; node; node = next_node(node, output->root))
        note(html, node);
    *ret_html = html;
    return ERR_OK;
}

void html_free(struct html *html) {
    if (html)
        arena_done(&html->arena);
    free(html);
}

struct text html_meta(const struct html *html, const char *attribute, const char *value,
                      size_t index) {
    for (size_t i = 0; i < html->meta_count; i++) {
        struct text actual = text_trim(attribute_of(html->metas[i], attribute));
        if (actual.ptr && text_ieq(actual, text_of(value)) && index-- == 0) {
            struct text content = attribute_of(html->metas[i], "content");
            return content.ptr ? content : text_of("");
        }
    }
    return text_make(NULL, 0);
}

bool html_has_password_form(const struct html *html) {
    return html->has_password;
}
