/* Names from attributes, labels and text. Knows no rule. */
#include "probe/html_name.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_NODES_MAX = 512, REFERENCES_MAX = 8 };

/* --- index ---------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b) {
    const struct html_name_entry *x = a, *y = b;
    return text_order(x->key, y->key);
}

static void note(struct html_name_entry *entries, size_t *count, struct text key,
                 const GumboNode *node) {
    if (key.len > 0 && *count < HTML_MAX_IDS)
        entries[(*count)++] = (struct html_name_entry){key, node, HTML_NAME_UNHEARD};
}

enum err html_name_index(const struct html *html, struct html_name_index *ret_index) {
    struct html_name_index index = {
        .ids = calloc(HTML_MAX_IDS, sizeof(*index.ids)),
        .labels = calloc(HTML_MAX_IDS, sizeof(*index.labels)),
        .around = calloc(1, sizeof(*index.around)),
    };
    if (index.ids == NULL || index.labels == NULL || index.around == NULL) {
        html_name_done(&index);
        return ERR_NOMEM;
    }
    for (const GumboNode *node = html->root; node != NULL; node = html_next(node, html->root)) {
        if (node->type != GUMBO_NODE_ELEMENT)
            continue;
        note(index.ids, &index.id_count, html_attribute(&node->v.element, "id"), node);
        if (html_is(node, GUMBO_TAG_LABEL))
            note(index.labels, &index.label_count, html_attribute(&node->v.element, "for"), node);
    }
    qsort(index.ids, index.id_count, sizeof(*index.ids), by_key);
    qsort(index.labels, index.label_count, sizeof(*index.labels), by_key);
    *ret_index = index;
    return ERR_OK;
}

void html_name_done(struct html_name_index *index) {
    free(index->ids);
    free(index->labels);
    free(index->around);
    *index = (struct html_name_index){0};
}

/* The first entry of that key; NULL: there is none. */
static struct html_name_entry *find(struct html_name_entry *entries, size_t count,
                                    struct text key) {
    size_t from = 0, behind = count;
    while (from < behind) {
        size_t middle = from + (behind - from) / 2;
        if (text_order(entries[middle].key, key) < 0)
            from = middle + 1;
        else
            behind = middle;
    }
    return from < count && text_eq(entries[from].key, key) ? &entries[from] : NULL;
}

bool html_name_is_repeated(const struct html_name_index *index, struct text id) {
    const struct html_name_entry *entry = find(index->ids, index->id_count, id);
    return entry != NULL && entry + 1 < index->ids + index->id_count && text_eq(entry[1].key, id);
}

/* --- hidden --------------------------------------------------------------------------------- */

/* "display : none" anywhere in an inline style, blanks aside. */
static bool style_hides(struct text style) {
    static const char *const HIDES[] = {"display:none", "visibility:hidden"};
    char plain[256];
    size_t len = 0;
    for (size_t i = 0; i < style.len && len < sizeof(plain); i++)
        if (strchr(" \t\r\n\f", style.ptr[i]) == NULL)
            plain[len++] = style.ptr[i];
    for (size_t i = 0; i < sizeof(HIDES) / sizeof(HIDES[0]); i++)
        if (text_ifind(text_make(plain, len), text_of(HIDES[i])) >= 0)
            return true;
    return false;
}

bool html_name_hides(const GumboNode *node) {
    const GumboElement *element = &node->v.element;
    if (node->type != GUMBO_NODE_ELEMENT)
        return node->type == GUMBO_NODE_TEMPLATE;
    return element->tag == GUMBO_TAG_NOSCRIPT || element->tag == GUMBO_TAG_TEMPLATE ||
           html_attribute(element, "hidden").ptr != NULL ||
           text_ieq(html_trimmed(element, "aria-hidden"), TEXT("true")) ||
           style_hides(html_attribute(element, "style"));
}

/* --- text ----------------------------------------------------------------------------------- */

/* What an element says without text of its own. */
static bool speaks(const GumboElement *element) {
    bool pictures = element->tag == GUMBO_TAG_IMG || element->tag == GUMBO_TAG_AREA;
    return html_trimmed(element, "aria-label").len > 0 ||
           (pictures && html_trimmed(element, "alt").len > 0) ||
           (pictures && html_trimmed(element, "title").len > 0) ||
           (element->tag == GUMBO_TAG_INPUT && html_trimmed(element, "value").len > 0);
}

static bool is_said(const GumboNode *node) {
    if (node->type == GUMBO_NODE_ELEMENT)
        return speaks(&node->v.element);
    bool text = node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA;
    return text && !html_is(node->parent, GUMBO_TAG_SCRIPT) &&
           !html_is(node->parent, GUMBO_TAG_STYLE) && text_trim(text_of(node->v.text.text)).len > 0;
}

bool html_name_has_text(const GumboNode *root) {
    const GumboNode *node = html_next(root, root);
    for (int n = 0; node != NULL && n < TEXT_NODES_MAX; n++) {
        if (html_name_hides(node)) {
            node = html_behind(node, root);
            continue;
        }
        if (is_said(node))
            return true;
        node = html_next(node, root);
    }
    return node != NULL; /* too much to read is not nothing */
}

/* --- names ---------------------------------------------------------------------------------- */

/* However many refer to it, it is read once. */
static bool says(struct html_name_entry *entry) {
    if (entry->says == HTML_NAME_UNHEARD)
        entry->says = html_name_has_text(entry->node) ||
                              html_trimmed(&entry->node->v.element, "aria-label").len > 0
                          ? HTML_NAME_SPEAKS
                          : HTML_NAME_SILENT;
    return entry->says == HTML_NAME_SPEAKS;
}

static bool is_named_by_others(const struct html_name_index *index, struct text references) {
    struct text reference;
    for (int n = 0; n < REFERENCES_MAX && text_cut(&references, ' ', &reference); n++) {
        struct html_name_entry *entry = find(index->ids, index->id_count, text_trim(reference));
        if (entry != NULL && says(entry))
            return true;
    }
    return false;
}

bool html_name_is_labelled(const struct html_name_index *index, const GumboNode *node) {
    const GumboElement *element = &node->v.element;
    struct text references = html_trimmed(element, "aria-labelledby");
    return (references.len > 0 && is_named_by_others(index, references)) ||
           html_trimmed(element, "aria-label").len > 0 || html_trimmed(element, "title").len > 0;
}

/* Of all labels that are for one id the first entry answers. */
static bool is_named_by_label(const struct html_name_index *index, struct text id) {
    struct html_name_entry *first = find(index->labels, index->label_count, id), *entry = first;
    const struct html_name_entry *behind = index->labels + index->label_count;
    if (first == NULL || first->says != HTML_NAME_UNHEARD)
        return first != NULL && first->says == HTML_NAME_SPEAKS;
    while (entry < behind && text_eq(entry->key, id) && !html_name_has_text(entry->node))
        entry++;
    bool speaks = entry < behind && text_eq(entry->key, id);
    first->says = speaks ? HTML_NAME_SPEAKS : HTML_NAME_SILENT;
    return speaks;
}

bool html_name_has_label(const struct html_name_index *index, const GumboNode *node) {
    struct text id = html_attribute(&node->v.element, "id");
    struct html_name_entry *around = index->around;
    if (id.len > 0 && is_named_by_label(index, id))
        return true;
    for (const GumboNode *up = node->parent; up != NULL; up = up->parent) {
        if (!html_is(up, GUMBO_TAG_LABEL))
            continue;
        if (around->node != up)
            *around = (struct html_name_entry){
                TEXT(""), up, html_name_has_text(up) ? HTML_NAME_SPEAKS : HTML_NAME_SILENT};
        return around->says == HTML_NAME_SPEAKS;
    }
    return false;
}
