/* URLs of a page, each with what it is there for. */
#include <string.h>

#include "probe/html_parts.h"

bool html_rel_has(struct text rel, const char *word) {
    struct text part;
    while (rel.ptr != NULL && text_cut(&rel, ' ', &part))
        if (text_ieq(text_trim(part), text_of(word)))
            return true;
    return false;
}

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
        url.len > 0 ? html_add(html, &html->links, sizeof(*link), HTML_MAX_LINKS) : NULL;
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
    link->rel = html_trimmed(element, "rel");
    link->target = html_trimmed(element, "target");
    link->integrity = html_trimmed(element, "integrity");
    link->crossorigin = html_trimmed(element, "crossorigin");
    if (kind == HTML_ANCHOR)
        link->words = html_words(html, node);
}

void html_note_relation(struct html *html, const GumboNode *node) {
    struct text rel = html_attribute(&node->v.element, "rel");
    enum html_link_kind kind = HTML_RELATED;
    for (size_t i = sizeof(RELATIONS) / sizeof(RELATIONS[0]); i-- > 0;)
        if (html_rel_has(rel, RELATIONS[i].rel))
            kind = RELATIONS[i].kind;
    note_link(html, node, kind, html_trimmed(&node->v.element, "href"));
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

void html_note_style(struct html *html, struct text style) {
    struct text url;
    bool import;
    while (style.len > 0 && html_css_next(&style, &url, &import))
        add_link(html, import ? HTML_STYLESHEET : HTML_IMAGE, url);
}

/* Scripts of other types are data to a browser; consent tools park trackers so. What stands in
 * <noscript> is only there for browsers without scripts. */
static bool is_loaded(const struct html *html, const GumboElement *element) {
    struct text type = html_trimmed(element, "type");
    const char *at = element->original_tag.data, *inert = html->inert.ptr;
    if (at != NULL && inert != NULL && at >= inert && at < inert + html->inert.len)
        return false;
    return element->tag != GUMBO_TAG_SCRIPT || type.len == 0 || text_ieq(type, TEXT("module")) ||
           text_ifind(type, TEXT("javascript")) >= 0 || text_ifind(type, TEXT("ecmascript")) >= 0;
}

/* "5; url=/next" */
void html_note_refresh(struct html *html, const GumboElement *element) {
    struct text content = html_attribute(element, "content");
    long at = text_ifind(content, TEXT("url="));
    if (!text_ieq(html_trimmed(element, "http-equiv"), TEXT("refresh")) || at < 0 ||
        !is_loaded(html, element))
        return;
    struct text url = text_trim(text_make(content.ptr + at + 4, content.len - (size_t)at - 4));
    bool quoted = url.len > 1 && (url.ptr[0] == '\'' || url.ptr[0] == '"');
    if (quoted)
        url = text_make(url.ptr + 1, url.len - 1);
    while (quoted && url.len > 0 && (text_ends(url, TEXT("'")) || text_ends(url, TEXT("\""))))
        url.len--;
    add_link(html, HTML_REFRESH, url);
}

/* The parser moves what may not stand in a <noscript> of the head behind it, so where it was
 * written counts. One search is enough for all that lie before its end, or have none. */
void html_note_noscript(struct html *html, struct text page, const GumboElement *element) {
    const char *at = element->original_tag.data;
    if (at == NULL || (html->inert.ptr != NULL && at < html->inert.ptr + html->inert.len))
        return;
    struct text rest = text_make(at, page.len - (size_t)(at - page.ptr));
    long end = text_ifind(rest, TEXT("</noscript"));
    html->inert = text_make(at, end < 0 ? rest.len : (size_t)end);
}

/* Only when somebody clicks. */
static bool is_followed(enum html_link_kind kind) {
    return kind == HTML_ANCHOR || kind == HTML_ACTION;
}

void html_note_links(struct html *html, const GumboNode *node) {
    const GumboElement *element = &node->v.element;
    for (size_t i = 0; i < sizeof(LINKS) / sizeof(LINKS[0]); i++)
        if (LINKS[i].tag == element->tag &&
            (is_followed(LINKS[i].kind) || is_loaded(html, element)))
            note_link(html, node, LINKS[i].kind, html_trimmed(element, LINKS[i].attribute));
    bool has_set = element->tag == GUMBO_TAG_IMG || element->tag == GUMBO_TAG_SOURCE;
    if (has_set && is_loaded(html, element))
        note_srcset(html, html_attribute(element, "srcset"));
    html_note_style(html, html_attribute(element, "style"));
}
