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

/* The node behind this one in document order, under root; NULL at the end. */
static const GumboNode *next_node(const GumboNode *node, const GumboNode *root) {
    const GumboVector *children = children_of(node);
    if (children != NULL && children->length > 0)
        return children->data[0];
    for (; node != root; node = node->parent) {
        const GumboVector *siblings = children_of(node->parent);
        size_t next = node->index_within_parent + 1;
        if (siblings != NULL && next < siblings->length)
            return siblings->data[next];
    }
    return NULL;
}

struct text html_attribute(const GumboElement *element, const char *name) {
    const GumboAttribute *attribute = gumbo_get_attribute(&element->attributes, name);
    return attribute != NULL ? text_of(attribute->value) : text_make(NULL, 0);
}

static struct text trimmed(const GumboElement *element, const char *name) {
    return text_trim(html_attribute(element, name));
}

static bool is_element(const GumboNode *node, GumboTag tag) {
    return node != NULL && node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == tag;
}

static bool is_text(const GumboNode *node) {
    return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
           node->type == GUMBO_NODE_CDATA;
}

/* Text that a browser lays out. */
static bool is_shown(const GumboNode *node) {
    return is_text(node) && !is_element(node->parent, GUMBO_TAG_SCRIPT) &&
           !is_element(node->parent, GUMBO_TAG_STYLE);
}

/* Whether the blank-separated words hold word (ASCII case ignored). */
static bool has_word(struct text words, struct text word) {
    struct text part;
    while (words.ptr != NULL && text_cut(&words, ' ', &part))
        if (text_ieq(text_trim(part), word))
            return true;
    return false;
}

/* list_add(html, list, size, max): a zeroed item behind the others, or NULL when there are max. */
static void *list_add(struct html *html, struct html_list *list, size_t size, size_t max) {
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
    for (int n = 0; node != NULL && n < WORDS_MAX_NODES; n++, node = next_node(node, root)) {
        if (is_element(node, GUMBO_TAG_IMG) && ret_alt->len == 0)
            *ret_alt = trimmed(&node->v.element, "alt");
        const char *c = is_shown(node) ? node->v.text.text : "";
        for (; *c != '\0' && len < HTML_LINK_TEXT_MAX_BYTES; c++) {
            bool blank = strchr(" \t\r\n\f", *c) != NULL;
            if (!blank || (len > 0 && dst[len - 1] != ' '))
                dst[len++] = blank ? ' ' : *c;
        }
    }
    return len;
}

static struct text words_of(struct html *html, const GumboNode *node) {
    char words[HTML_LINK_TEXT_MAX_BYTES];
    struct text alt = {NULL, 0};
    struct text found = text_trim(text_make(words, gather_words(node, words, &alt)));
    if (found.len > 0) {
        char *kept = html_take(&html->arena, found.len);
        return text_make(memcpy(kept, found.ptr, found.len), found.len);
    }
    found = trimmed(&node->v.element, "aria-label");
    if (found.len == 0)
        found = trimmed(&node->v.element, "title");
    return found.len > 0 ? found : alt;
}

/* --- links ---------------------------------------------------------------------------------- */

/* Elements with one URL in one attribute. */
static const struct {
    GumboTag tag;
    const char *attribute;
    enum html_link_kind kind;
} LINKS[] = {
    {GUMBO_TAG_A, "href", HTML_ANCHOR},           {GUMBO_TAG_AREA, "href", HTML_ANCHOR},
    {GUMBO_TAG_FORM, "action", HTML_ACTION},      {GUMBO_TAG_BUTTON, "formaction", HTML_ACTION},
    {GUMBO_TAG_INPUT, "formaction", HTML_ACTION}, {GUMBO_TAG_INPUT, "src", HTML_IMAGE},
    {GUMBO_TAG_SCRIPT, "src", HTML_SCRIPT},       {GUMBO_TAG_IFRAME, "src", HTML_FRAME},
    {GUMBO_TAG_FRAME, "src", HTML_FRAME},         {GUMBO_TAG_OBJECT, "data", HTML_OBJECT},
    {GUMBO_TAG_EMBED, "src", HTML_OBJECT},        {GUMBO_TAG_APPLET, "archive", HTML_OBJECT},
    {GUMBO_TAG_IMG, "src", HTML_IMAGE},           {GUMBO_TAG_IMAGE, "href", HTML_IMAGE},
    {GUMBO_TAG_BODY, "background", HTML_IMAGE},   {GUMBO_TAG_VIDEO, "poster", HTML_IMAGE},
    {GUMBO_TAG_VIDEO, "src", HTML_MEDIA},         {GUMBO_TAG_AUDIO, "src", HTML_MEDIA},
    {GUMBO_TAG_SOURCE, "src", HTML_MEDIA},        {GUMBO_TAG_TRACK, "src", HTML_MEDIA},
};

/* What <link> is for; the first that its rel names. */
static const struct {
    const char *rel;
    enum html_link_kind kind;
} RELATIONS[] = {
    {"stylesheet", HTML_STYLESHEET}, {"icon", HTML_IMAGE},     {"apple-touch-icon", HTML_IMAGE},
    {"preload", HTML_HINT},          {"prefetch", HTML_HINT},  {"modulepreload", HTML_HINT},
    {"preconnect", HTML_HINT},       {"prerender", HTML_HINT}, {"dns-prefetch", HTML_HINT},
};

static struct html_link *add_link(struct html *html, enum html_link_kind kind, struct text url) {
    struct html_link *link =
        url.len > 0 ? list_add(html, &html->links, sizeof(*link), HTML_MAX_LINKS) : NULL;
    if (link != NULL) {
        link->kind = kind;
        link->url = url;
    }
    return link;
}

static void note_link(struct html *html, const GumboNode *node, enum html_link_kind kind,
                      struct text url) {
    const GumboElement *element = &node->v.element;
    struct html_link *link = add_link(html, kind, url);
    if (link == NULL)
        return;
    link->rel = trimmed(element, "rel");
    link->target = trimmed(element, "target");
    link->integrity = trimmed(element, "integrity");
    link->crossorigin = trimmed(element, "crossorigin");
    if (kind == HTML_ANCHOR)
        link->words = words_of(html, node);
}

static void note_relation(struct html *html, const GumboNode *node) {
    struct text rel = html_attribute(&node->v.element, "rel");
    enum html_link_kind kind = HTML_RELATED;
    for (size_t i = sizeof(RELATIONS) / sizeof(RELATIONS[0]); i-- > 0;)
        if (has_word(rel, text_of(RELATIONS[i].rel)))
            kind = RELATIONS[i].kind;
    note_link(html, node, kind, trimmed(&node->v.element, "href"));
}

/* "a.png 1x, b.png 2x": the first word of each candidate, which a comma may end. */
static void note_srcset(struct html *html, struct text set) {
    while (set.len > 0) {
        size_t from = 0, to;
        while (from < set.len && strchr(" \t\r\n\f,", set.ptr[from]) != NULL)
            from++;
        for (to = from; to < set.len && strchr(" \t\r\n\f", set.ptr[to]) == NULL;)
            to++;
        struct text url = text_make(set.ptr + from, to - from);
        bool ended = text_ends(url, TEXT(","));
        while (text_ends(url, TEXT(",")))
            url.len--;
        add_link(html, HTML_IMAGE, url);
        while (!ended && to < set.len && set.ptr[to] != ',')
            to++;
        set = text_make(set.ptr + to, set.len - to);
    }
}

static void note_style(struct html *html, struct text style) {
    struct text url;
    bool import;
    while (style.len > 0 && html_css_next(&style, &url, &import))
        add_link(html, import ? HTML_STYLESHEET : HTML_IMAGE, url);
}

/* "5; url=/next" */
static void note_refresh(struct html *html, const GumboElement *element) {
    struct text content = html_attribute(element, "content");
    long at = text_ifind(content, TEXT("url="));
    if (!text_ieq(trimmed(element, "http-equiv"), TEXT("refresh")) || at < 0)
        return;
    struct text url = text_trim(text_make(content.ptr + at + 4, content.len - (size_t)at - 4));
    bool quoted = url.len > 1 && (url.ptr[0] == '\'' || url.ptr[0] == '"');
    if (quoted)
        url = text_make(url.ptr + 1, url.len - 1);
    while (quoted && url.len > 0 && (text_ends(url, TEXT("'")) || text_ends(url, TEXT("\""))))
        url.len--;
    add_link(html, HTML_REFRESH, url);
}

/* Scripts of other types are data to a browser; consent tools park trackers so. */
static bool is_loaded(const GumboElement *element) {
    struct text type = trimmed(element, "type");
    return element->tag != GUMBO_TAG_SCRIPT || type.len == 0 || text_ieq(type, TEXT("module")) ||
           text_ifind(type, TEXT("javascript")) >= 0 || text_ifind(type, TEXT("ecmascript")) >= 0;
}

static void note_links(struct html *html, const GumboNode *node) {
    const GumboElement *element = &node->v.element;
    for (size_t i = 0; is_loaded(element) && i < sizeof(LINKS) / sizeof(LINKS[0]); i++)
        if (LINKS[i].tag == element->tag)
            note_link(html, node, LINKS[i].kind, trimmed(element, LINKS[i].attribute));
    if (element->tag == GUMBO_TAG_IMG || element->tag == GUMBO_TAG_SOURCE)
        note_srcset(html, html_attribute(element, "srcset"));
    note_style(html, html_attribute(element, "style"));
}

/* --- forms ---------------------------------------------------------------------------------- */

static void note_form(struct html *html, const GumboElement *element) {
    struct html_form *form = list_add(html, &html->forms, sizeof(*form), HTML_MAX_FORMS);
    if (form == NULL)
        return;
    *form = (struct html_form){trimmed(element, "action"), trimmed(element, "method"),
                               html_attribute(element, "id")};
    const GumboElement **place =
        list_add(html, &html->form_elements, sizeof(*place), HTML_MAX_FORMS);
    *place = element;
}

/* The form around node, or the one it names. */
static int form_of(const struct html *html, const GumboNode *node) {
    const GumboElement *const *elements = html->form_elements.items;
    const struct html_form *forms = html->forms.items;
    struct text named = html_attribute(&node->v.element, "form");
    while (named.ptr == NULL && node != NULL && !is_element(node, GUMBO_TAG_FORM))
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
    struct html_field *field = list_add(html, &html->fields, sizeof(*field), HTML_MAX_FIELDS);
    bool typed = element->tag == GUMBO_TAG_INPUT || element->tag == GUMBO_TAG_BUTTON;
    struct text type = typed ? trimmed(element, "type") : TEXT("");
    if (text_ieq(type, TEXT("password")))
        html->has_password = true;
    if (field == NULL)
        return;
    *field = (struct html_field){.form = form_of(html, node),
                                 .type = type.len > 0 ? type : text_of(otherwise),
                                 .name = html_attribute(element, "name"),
                                 .id = html_attribute(element, "id"),
                                 .autocomplete = trimmed(element, "autocomplete"),
                                 .value = html_attribute(element, "value")};
    if (element->tag == GUMBO_TAG_BUTTON)
        field->words = words_of(html, node);
}

/* --- everything ----------------------------------------------------------------------------- */

static void note_text(struct html *html, struct html_list *list, size_t max, const char *text) {
    struct text *place = list_add(html, list, sizeof(*place), max);
    if (place != NULL)
        *place = text_of(text);
}

static const char *first_text(const GumboElement *element) {
    const GumboNode *child = element->children.length > 0 ? element->children.data[0] : NULL;
    return child != NULL && is_text(child) ? child->v.text.text : "";
}

static void note_meta(struct html *html, const GumboNode *node) {
    if (is_element(node->parent, GUMBO_TAG_HEAD) && html->meta_count < HTML_MAX_META)
        html->metas[html->meta_count++] = &node->v.element;
    note_refresh(html, &node->v.element);
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
    case GUMBO_TAG_LINK:
        note_relation(html, node);
        break;
    case GUMBO_TAG_STYLE:
        note_style(html, text_of(first_text(element)));
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
    struct text role = trimmed(element, "role");
    if (text_ieq(role, TEXT("dialog")) || text_ieq(role, TEXT("alertdialog")))
        return true;
    if (element->tag != GUMBO_TAG_UNKNOWN || name.data == NULL)
        return false;
    gumbo_tag_from_original_text(&name);
    return text_ieq(text_make(name.data, name.length), TEXT("dialog"));
}

static void note(struct html *html, const GumboNode *node) {
    if (node->type == GUMBO_NODE_COMMENT)
        note_text(html, &html->comments, HTML_MAX_COMMENTS, node->v.text.text);
    if (is_shown(node) && node->type != GUMBO_NODE_WHITESPACE)
        note_shown(html, node);
    if (node->type != GUMBO_NODE_ELEMENT)
        return;
    html->has_dialog = html->has_dialog || is_dialog(&node->v.element);
    note_by_tag(html, node);
    note_links(html, node);
}

/* Forms first: a field may name one that comes later. */
static void survey(struct html *html, const GumboNode *node) {
    if (is_element(node, GUMBO_TAG_FORM))
        note_form(html, &node->v.element);
    else if (is_shown(node) && node->type != GUMBO_NODE_WHITESPACE)
        html->text_size += strlen(node->v.text.text) + 1;
}

void html_read(struct html *html, const GumboNode *root) {
    for (const GumboNode *node = root; node != NULL; node = next_node(node, root))
        survey(html, node);
    html->text = html_take(&html->arena, html->text_size);
    for (const GumboNode *node = root; node != NULL; node = next_node(node, root))
        note(html, node);
}
