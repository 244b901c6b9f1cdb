/* From the tree to lists, without recursion. What stands in <template> is not on the page. */
#include <string.h>

#include "probe/html_parts.h"

enum { WORDS_MAX_NODES = 64, LIST_FIRST = 16 };

/* --- the tree ------------------------------------------------------------------------------- */

static const GumboVector *children_of(const GumboNode *node) {
    if (node->type == GUMBO_NODE_DOCUMENT)
        return &node->v.document.children;
    return node->type == GUMBO_NODE_ELEMENT ? &node->v.element.children : NULL;
}

const GumboNode *html_behind(const GumboNode *node, const GumboNode *root) {
    for (; node != root; node = node->parent) {
        const GumboVector *siblings = children_of(node->parent);
        size_t next = node->index_within_parent + 1;
        if (siblings != NULL && next < siblings->length)
            return siblings->data[next];
    }
    return NULL;
}

const GumboNode *html_next(const GumboNode *node, const GumboNode *root) {
    const GumboVector *children = children_of(node);
    return children != NULL && children->length > 0 ? children->data[0] : html_behind(node, root);
}

struct text html_attribute(const GumboElement *element, const char *name) {
    const GumboAttribute *attribute = gumbo_get_attribute(&element->attributes, name);
    return attribute != NULL ? text_of(attribute->value) : text_make(NULL, 0);
}

struct text html_trimmed(const GumboElement *element, const char *name) {
    return text_trim(html_attribute(element, name));
}

bool html_is(const GumboNode *node, GumboTag tag) {
    return node != NULL && node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == tag;
}

static bool is_text(const GumboNode *node) {
    return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
           node->type == GUMBO_NODE_CDATA;
}

/* Text that a browser lays out. */
static bool is_shown(const GumboNode *node) {
    return is_text(node) && !html_is(node->parent, GUMBO_TAG_SCRIPT) &&
           !html_is(node->parent, GUMBO_TAG_STYLE);
}

void *html_add(struct html *html, struct html_list *list, size_t size, size_t max) {
    if (list->count == max)
        return NULL;
    if (list->count == list->room) {
        size_t room = list->room == 0 ? LIST_FIRST : 2 * list->room;
        void *items = html_take(&html->arena, room * size);
        if (list->count > 0)
            memcpy(items, list->items, list->count * size);
        list->items = items;
        list->room = room;
    }
    return memset((char *)list->items + list->count++ * size, 0, size);
}

/* --- words ---------------------------------------------------------------------------------- */

/* The text under node into dst, blanks folded; also the first alt met. */
static size_t gather_words(const GumboNode *root, char *dst, struct text *ret_alt) {
    const GumboNode *node = root;
    size_t len = 0;
    for (int n = 0; node != NULL && n < WORDS_MAX_NODES; n++, node = html_next(node, root)) {
        if (html_is(node, GUMBO_TAG_IMG) && ret_alt->len == 0)
            *ret_alt = html_trimmed(&node->v.element, "alt");
        const char *c = is_shown(node) ? node->v.text.text : "";
        for (; *c != '\0' && len < HTML_LINK_TEXT_MAX_BYTES; c++) {
            bool blank = strchr(" \t\r\n\f", *c) != NULL;
            if (!blank || (len > 0 && dst[len - 1] != ' '))
                dst[len++] = blank ? ' ' : *c;
        }
    }
    return len;
}

struct text html_words(struct html *html, const GumboNode *node) {
    char words[HTML_LINK_TEXT_MAX_BYTES];
    struct text alt = {NULL, 0};
    struct text found = text_trim(text_make(words, gather_words(node, words, &alt)));
    if (found.len > 0) {
        char *kept = html_take(&html->arena, found.len);
        return text_make(memcpy(kept, found.ptr, found.len), found.len);
    }
    found = html_trimmed(&node->v.element, "aria-label");
    if (found.len == 0)
        found = html_trimmed(&node->v.element, "title");
    return found.len > 0 ? found : alt;
}

/* --- forms ---------------------------------------------------------------------------------- */

static void note_form(struct html *html, const GumboElement *element) {
    struct html_form *form = html_add(html, &html->forms, sizeof(*form), HTML_MAX_FORMS);
    if (form == NULL)
        return;
    *form = (struct html_form){html_trimmed(element, "action"), html_trimmed(element, "method"),
                               html_attribute(element, "id")};
    const GumboElement **place =
        html_add(html, &html->form_elements, sizeof(*place), HTML_MAX_FORMS);
    *place = element;
}

/* The form around node, or the one it names. */
static int form_of(const struct html *html, const GumboNode *node) {
    const GumboElement *const *elements = html->form_elements.items;
    const struct html_form *forms = html->forms.items;
    struct text named = html_attribute(&node->v.element, "form");
    while (named.ptr == NULL && node != NULL && !html_is(node, GUMBO_TAG_FORM))
        node = node->parent;
    for (size_t i = 0; i < html->forms.count; i++) {
        if (named.ptr != NULL ? named.len > 0 && text_eq(forms[i].id, named)
                              : node != NULL && elements[i] == &node->v.element)
            return (int)i;
    }
    return HTML_NO_FORM;
}

static void note_field(struct html *html, const GumboNode *node, const char *otherwise) {
    const GumboElement *element = &node->v.element;
    struct html_field *field = html_add(html, &html->fields, sizeof(*field), HTML_MAX_FIELDS);
    bool typed = element->tag == GUMBO_TAG_INPUT || element->tag == GUMBO_TAG_BUTTON;
    struct text type = typed ? html_trimmed(element, "type") : TEXT("");
    if (text_ieq(type, TEXT("password")))
        html->has_password = true;
    if (field == NULL)
        return;
    *field = (struct html_field){.form = form_of(html, node),
                                 .type = type.len > 0 ? type : text_of(otherwise),
                                 .name = html_attribute(element, "name"),
                                 .id = html_attribute(element, "id"),
                                 .autocomplete = html_trimmed(element, "autocomplete"),
                                 .value = html_attribute(element, "value")};
    if (element->tag == GUMBO_TAG_BUTTON)
        field->words = html_words(html, node);
}

/* --- everything ----------------------------------------------------------------------------- */

static void note_text(struct html *html, struct html_list *list, size_t max, const char *text) {
    struct text *place = html_add(html, list, sizeof(*place), max);
    if (place != NULL)
        *place = text_of(text);
}

static const char *first_text(const GumboElement *element) {
    const GumboNode *child = element->children.length > 0 ? element->children.data[0] : NULL;
    return child != NULL && is_text(child) ? child->v.text.text : "";
}

static void note_meta(struct html *html, const GumboNode *node) {
    if (html_is(node->parent, GUMBO_TAG_HEAD) && html->meta_count < HTML_MAX_META)
        html->metas[html->meta_count++] = &node->v.element;
    html_note_refresh(html, &node->v.element);
}

static void note_id(struct html *html, struct text value, bool is_id) {
    struct html_id *id =
        value.len > 0 ? html_add(html, &html->ids, sizeof(*id), HTML_MAX_IDS) : NULL;
    if (id != NULL)
        *id = (struct html_id){value, is_id};
}

static void note_ids(struct html *html, const GumboElement *element) {
    struct text id = html_attribute(element, "id"), name = html_attribute(element, "name");
    note_id(html, id, true);
    if (element->tag == GUMBO_TAG_A && !text_eq(id, name))
        note_id(html, name, false);
}

static void note_title(struct html *html, const GumboNode *node) {
    if (html_is(node->parent, GUMBO_TAG_HEAD) && html->title.ptr == NULL)
        html->title = text_trim(text_of(first_text(&node->v.element)));
}

static void note_by_tag(struct html *html, const GumboNode *node) {
    const GumboElement *element = &node->v.element;
    switch (element->tag) {
    case GUMBO_TAG_META:
        note_meta(html, node);
        break;
    case GUMBO_TAG_BASE:
        if (html->base.ptr == NULL)
            html->base = html_attribute(element, "href");
        break;
    case GUMBO_TAG_TITLE:
        note_title(html, node);
        break;
    case GUMBO_TAG_LINK:
        html_note_relation(html, node);
        break;
    case GUMBO_TAG_STYLE:
        html_note_style(html, text_of(first_text(element)));
        break;
    case GUMBO_TAG_SCRIPT:
        if (gumbo_get_attribute(&element->attributes, "src") == NULL)
            note_text(html, &html->scripts, HTML_MAX_SCRIPTS, first_text(element));
        break;
    case GUMBO_TAG_INPUT:
        note_field(html, node, "text");
        break;
    case GUMBO_TAG_BUTTON:
        note_field(html, node, "submit");
        break;
    case GUMBO_TAG_SELECT:
        note_field(html, node, "select");
        break;
    case GUMBO_TAG_TEXTAREA:
        note_field(html, node, "textarea");
        break;
    default:
        break;
    }
}

static void note_shown(struct html *html, const GumboNode *node) {
    size_t len = strlen(node->v.text.text);
    memcpy(html->text + html->text_len, node->v.text.text, len);
    html->text[html->text_len + len] = '\n';
    html->text_len += len + 1;
}

/* gumbo is older than <dialog>. */
static bool is_dialog(const GumboElement *element) {
    GumboStringPiece name = element->original_tag;
    struct text role = html_trimmed(element, "role");
    if (text_ieq(role, TEXT("dialog")) || text_ieq(role, TEXT("alertdialog")))
        return true;
    if (element->tag != GUMBO_TAG_UNKNOWN || name.data == NULL)
        return false;
    gumbo_tag_from_original_text(&name);
    return text_ieq(text_make(name.data, name.length), TEXT("dialog"));
}

static bool has_handlers(const GumboElement *element) {
    for (unsigned int i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attribute = element->attributes.data[i];
        if (text_istarts(text_of(attribute->name), TEXT("on")) ||
            text_istarts(text_trim(text_of(attribute->value)), TEXT("javascript:")))
            return true;
    }
    return false;
}

static void note(struct html *html, struct text page, const GumboNode *node) {
    if (node->type == GUMBO_NODE_COMMENT)
        note_text(html, &html->comments, HTML_MAX_COMMENTS, node->v.text.text);
    if (is_shown(node) && node->type != GUMBO_NODE_WHITESPACE)
        note_shown(html, node);
    if (node->type != GUMBO_NODE_ELEMENT)
        return;
    html->has_dialog = html->has_dialog || is_dialog(&node->v.element);
    html->has_handlers = html->has_handlers || has_handlers(&node->v.element);
    if (node->v.element.tag == GUMBO_TAG_NOSCRIPT)
        html_note_noscript(html, page, &node->v.element);
    note_ids(html, &node->v.element);
    note_by_tag(html, node);
    html_note_links(html, node);
}

/* Forms first: a field may name one that comes later. */
static void survey(struct html *html, const GumboNode *node) {
    if (html_is(node, GUMBO_TAG_FORM))
        note_form(html, &node->v.element);
    else if (is_shown(node) && node->type != GUMBO_NODE_WHITESPACE)
        html->text_size += strlen(node->v.text.text) + 1;
}

void html_read(struct html *html, struct text page, const GumboNode *root) {
    html->root = root;
    for (const GumboNode *node = root; node != NULL; node = html_next(node, root))
        survey(html, node);
    html->text = html_take(&html->arena, html->text_size);
    html->has_doctype = root->type == GUMBO_NODE_DOCUMENT && root->v.document.has_doctype &&
                        root->v.document.doc_type_quirks_mode == GUMBO_DOCTYPE_NO_QUIRKS;
    for (const GumboNode *node = root; node != NULL; node = html_next(node, root))
        note(html, page, node);
}
