/* One rule a row, each judging one element. Must not know what a finding weighs. */
#include "agnostic/probe/html_access.h"

#include <stdlib.h>
#include <string.h>

#include "probe/html_aria.h"
#include "probe/html_name.h"

enum { ROLES_MAX = 8, ATTRIBUTE_SHOWN = 48, REFRESH_MAX_S = 72000 };

/* What judges look at beside the element. */
struct access {
    const struct html *html;
    struct html_name_index names;
    int heading; /* level of the last one met, 0: none yet */
    bool has_main;
};

static struct text trimmed(const GumboNode *node, const char *name) {
    return html_trimmed(&node->v.element, name);
}

static bool has(const GumboNode *node, const char *name) {
    return html_attribute(&node->v.element, name).ptr != NULL;
}

/* It says that it is no more than decoration. */
static bool is_decoration(const GumboNode *node) {
    struct text role = trimmed(node, "role");
    return text_ieq(role, TEXT("presentation")) || text_ieq(role, TEXT("none"));
}

static bool is_input(const GumboNode *node, const char *const *types) {
    struct text type = trimmed(node, "type");
    if (!html_is(node, GUMBO_TAG_INPUT))
        return false;
    for (size_t i = 0; types[i] != NULL; i++)
        if (text_ieq(type, text_of(types[i])))
            return true;
    return false;
}

/* --- the document ----------------------------------------------------------------------------- */

static bool breaks_lang(const struct access *access, const GumboNode *node) {
    (void)access;
    return html_is(node, GUMBO_TAG_HTML) && trimmed(node, "lang").len == 0;
}

static bool breaks_lang_valid(const struct access *access, const GumboNode *node) {
    struct text lang = trimmed(node, "lang");
    (void)access;
    return html_is(node, GUMBO_TAG_HTML) && lang.len > 0 && !html_aria_language(lang);
}

static bool breaks_title(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_HTML) && access->html->title.len == 0;
}

/* "maximum-scale=1" or "user-scalable=no" in a list of settings. */
static bool breaks_viewport(const struct access *access, const GumboNode *node) {
    struct text rest = trimmed(node, "content"), part;
    (void)access;
    if (!html_is(node, GUMBO_TAG_META) || !text_ieq(trimmed(node, "name"), TEXT("viewport")))
        return false;
    while (rest.ptr != NULL && text_cut(&rest, ',', &part)) {
        struct text value = part, name;
        text_cut(&value, '=', &name);
        name = text_trim(name);
        value = text_trim(value);
        char number[16];
        if (text_ieq(name, TEXT("user-scalable")) &&
            (text_ieq(value, TEXT("no")) || text_is(value, "0")))
            return true;
        if (text_ieq(name, TEXT("maximum-scale")) && text_copy(value, number, sizeof(number)) &&
            value.len > 0 && value.ptr[0] >= '0' && value.ptr[0] <= '9' && strtod(number, NULL) < 2)
            return true;
    }
    return false;
}

/* A delay of more than nothing and less than twenty hours. */
static bool breaks_refresh(const struct access *access, const GumboNode *node) {
    struct text content = trimmed(node, "content");
    uint64_t seconds;
    size_t digits = 0;
    (void)access;
    if (!html_is(node, GUMBO_TAG_META) || !text_ieq(trimmed(node, "http-equiv"), TEXT("refresh")))
        return false;
    while (digits < content.len && content.ptr[digits] >= '0' && content.ptr[digits] <= '9')
        digits++;
    return text_u64(text_make(content.ptr, digits), REFRESH_MAX_S, &seconds) && seconds > 0;
}

/* --- pictures and frames ------------------------------------------------------------------------
 */

static bool breaks_image(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_IMG) && !has(node, "alt") && !is_decoration(node) &&
           !html_name_is_labelled(&access->names, node);
}

static bool breaks_input_image(const struct access *access, const GumboNode *node) {
    return is_input(node, (const char *const[]){"image", NULL}) && trimmed(node, "alt").len == 0 &&
           !html_name_is_labelled(&access->names, node);
}

static bool breaks_area(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_AREA) && has(node, "href") && trimmed(node, "alt").len == 0 &&
           !html_name_is_labelled(&access->names, node);
}

static bool breaks_object(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_OBJECT) && has(node, "data") && !is_decoration(node) &&
           !html_name_is_labelled(&access->names, node) && !html_name_has_text(node);
}

static bool breaks_frame(const struct access *access, const GumboNode *node) {
    bool frame = html_is(node, GUMBO_TAG_IFRAME) || html_is(node, GUMBO_TAG_FRAME);
    return frame && !text_starts(trimmed(node, "tabindex"), TEXT("-")) &&
           !html_name_is_labelled(&access->names, node);
}

/* --- forms --------------------------------------------------------------------------------------
 */

static bool has_name(const struct access *access, const GumboNode *node) {
    return html_name_is_labelled(&access->names, node) || html_name_has_label(&access->names, node);
}

static bool breaks_label(const struct access *access, const GumboNode *node) {
    static const char *const OTHERS[] = {"hidden", "submit", "reset", "button", "image", NULL};
    bool field = html_is(node, GUMBO_TAG_TEXTAREA) ||
                 (html_is(node, GUMBO_TAG_INPUT) && !is_input(node, OTHERS));
    return field && trimmed(node, "placeholder").len == 0 && !is_decoration(node) &&
           !has_name(access, node);
}

static bool breaks_select(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_SELECT) && !is_decoration(node) && !has_name(access, node);
}

static bool breaks_button(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_BUTTON) && !html_name_has_text(node) && !has_name(access, node);
}

static bool breaks_input_button(const struct access *access, const GumboNode *node) {
    bool plain = is_input(node, (const char *const[]){"button", NULL}),
         known = is_input(node, (const char *const[]){"submit", "reset", NULL});
    bool nameless = plain ? trimmed(node, "value").len == 0
                          : known && has(node, "value") && trimmed(node, "value").len == 0;
    return nameless && !has_name(access, node);
}

static bool breaks_autocomplete(const struct access *access, const GumboNode *node) {
    static const char *const OTHERS[] = {"hidden", "submit",   "reset", "button", "image",
                                         "file",   "checkbox", "radio", NULL};
    (void)access;
    bool field = html_is(node, GUMBO_TAG_TEXTAREA) || html_is(node, GUMBO_TAG_SELECT) ||
                 (html_is(node, GUMBO_TAG_INPUT) && !is_input(node, OTHERS));
    return field && !has(node, "disabled") &&
           !html_aria_autocomplete(trimmed(node, "autocomplete"));
}

/* --- links, headings, lists ---------------------------------------------------------------------
 */

static bool breaks_link(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_A) && has(node, "href") && !has(node, "role") &&
           !html_name_has_text(node) && !html_name_is_labelled(&access->names, node);
}

/* 1 to 6; 0: no heading. */
static int level_of(const GumboNode *node) {
    static const GumboTag LEVELS[] = {GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3,
                                      GUMBO_TAG_H4, GUMBO_TAG_H5, GUMBO_TAG_H6};
    for (int i = 0; i < 6; i++)
        if (html_is(node, LEVELS[i]) && !has(node, "role"))
            return i + 1;
    return 0;
}

static bool breaks_heading_order(const struct access *access, const GumboNode *node) {
    int level = level_of(node);
    return level > 0 && access->heading > 0 && level > access->heading + 1;
}

static bool breaks_heading_empty(const struct access *access, const GumboNode *node) {
    return level_of(node) > 0 && !html_name_has_text(node) &&
           !html_name_is_labelled(&access->names, node);
}

static bool breaks_header_empty(const struct access *access, const GumboNode *node) {
    return html_is(node, GUMBO_TAG_TH) && !has(node, "role") && !html_name_has_text(node) &&
           !html_name_is_labelled(&access->names, node);
}

static bool is_list(const GumboNode *node) {
    return html_is(node, GUMBO_TAG_UL) || html_is(node, GUMBO_TAG_OL);
}

static bool may_be_in_list(const GumboNode *child) {
    if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_CDATA)
        return text_trim(text_of(child->v.text.text)).len == 0;
    return child->type != GUMBO_NODE_ELEMENT || html_is(child, GUMBO_TAG_LI) ||
           html_is(child, GUMBO_TAG_SCRIPT) || html_is(child, GUMBO_TAG_STYLE) ||
           html_name_hides(child);
}

static bool breaks_list(const struct access *access, const GumboNode *node) {
    (void)access;
    if (!is_list(node) || has(node, "role"))
        return false;
    const GumboVector *children = &node->v.element.children;
    for (unsigned i = 0; i < children->length; i++)
        if (!may_be_in_list(children->data[i]))
            return true;
    return false;
}

static bool breaks_list_item(const struct access *access, const GumboNode *node) {
    (void)access;
    return html_is(node, GUMBO_TAG_LI) && !has(node, "role") && !is_list(node->parent) &&
           !html_is(node->parent, GUMBO_TAG_MENU);
}

/* --- attributes of any element ------------------------------------------------------------------
 */

static bool breaks_role(const struct access *access, const GumboNode *node) {
    struct text rest = trimmed(node, "role"), role;
    (void)access;
    if (rest.len == 0)
        return false;
    for (int n = 0; n < ROLES_MAX && text_cut(&rest, ' ', &role); n++)
        if (html_aria_role(text_trim(role)))
            return false;
    return true;
}

static bool breaks_attribute(const struct access *access, const GumboNode *node) {
    const GumboVector *attributes = &node->v.element.attributes;
    (void)access;
    for (unsigned i = 0; i < attributes->length; i++) {
        const GumboAttribute *attribute = attributes->data[i];
        struct text name = text_of(attribute->name);
        if (text_istarts(name, TEXT("aria-")) && !html_aria_attribute(name))
            return true;
    }
    return false;
}

static bool breaks_tabindex(const struct access *access, const GumboNode *node) {
    struct text index = trimmed(node, "tabindex");
    (void)access;
    return index.len > 0 && index.ptr[0] >= '1' && index.ptr[0] <= '9';
}

/* An id that it refers to, on two elements. */
static bool breaks_duplicate_id(const struct access *access, const GumboNode *node) {
    static const char *const REFERENCES[] = {"aria-labelledby", "aria-describedby"};
    for (size_t i = 0; i < sizeof(REFERENCES) / sizeof(REFERENCES[0]); i++) {
        struct text rest = trimmed(node, REFERENCES[i]), id;
        for (int n = 0; n < ROLES_MAX && rest.len > 0 && text_cut(&rest, ' ', &id); n++)
            if (html_name_is_repeated(&access->names, text_trim(id)))
                return true;
    }
    return false;
}

/* --- all ----------------------------------------------------------------------------------------
 */

static const struct {
    const char *word;
    bool scripts_may; /* do well without it until they have run */
    bool (*breaks)(const struct access *access, const GumboNode *node);
} RULES[HTML_ACCESS__COUNT] = {
    [HTML_ACCESS_LANG] = {"html-has-lang", false, breaks_lang},
    [HTML_ACCESS_LANG_VALID] = {"html-lang-valid", false, breaks_lang_valid},
    [HTML_ACCESS_TITLE] = {"document-title", true, breaks_title},
    [HTML_ACCESS_IMAGE] = {"image-alt", false, breaks_image},
    [HTML_ACCESS_INPUT_IMAGE] = {"input-image-alt", false, breaks_input_image},
    [HTML_ACCESS_AREA] = {"area-alt", false, breaks_area},
    [HTML_ACCESS_LABEL] = {"label", false, breaks_label},
    [HTML_ACCESS_SELECT] = {"select-name", false, breaks_select},
    [HTML_ACCESS_BUTTON] = {"button-name", false, breaks_button},
    [HTML_ACCESS_INPUT_BUTTON] = {"input-button-name", false, breaks_input_button},
    [HTML_ACCESS_LINK] = {"link-name", false, breaks_link},
    [HTML_ACCESS_FRAME] = {"frame-title", false, breaks_frame},
    [HTML_ACCESS_OBJECT] = {"object-alt", false, breaks_object},
    [HTML_ACCESS_DUPLICATE_ID] = {"duplicate-id-aria", false, breaks_duplicate_id},
    [HTML_ACCESS_VIEWPORT] = {"meta-viewport", false, breaks_viewport},
    [HTML_ACCESS_REFRESH] = {"meta-refresh", false, breaks_refresh},
    [HTML_ACCESS_ROLE] = {"aria-roles", false, breaks_role},
    [HTML_ACCESS_ATTRIBUTE] = {"aria-valid-attr", false, breaks_attribute},
    [HTML_ACCESS_LIST] = {"list", false, breaks_list},
    [HTML_ACCESS_LIST_ITEM] = {"listitem", false, breaks_list_item},
    [HTML_ACCESS_AUTOCOMPLETE] = {"autocomplete-valid", false, breaks_autocomplete},
    [HTML_ACCESS_TABINDEX] = {"tabindex", false, breaks_tabindex},
    [HTML_ACCESS_HEADING_ORDER] = {"heading-order", true, breaks_heading_order},
    [HTML_ACCESS_HEADING_EMPTY] = {"empty-heading", true, breaks_heading_empty},
    [HTML_ACCESS_HEADER_EMPTY] = {"empty-table-header", true, breaks_header_empty},
    [HTML_ACCESS_MAIN] = {"landmark-one-main", true, NULL},
};

const char *html_access_word(enum html_access rule) {
    return RULES[rule].word;
}

bool html_access_needs_browser(const struct html *html, enum html_access rule) {
    size_t count;
    const struct html_link *links = html_links(html, &count);
    bool scripted = html->scripts.count > 0;
    for (size_t i = 0; i < count && !scripted; i++)
        scripted = links[i].kind == HTML_SCRIPT;
    return scripted && RULES[rule].scripts_may;
}

/* "<input type="text" name="q">": the attributes that tell elements apart. */
static void put_tag(const GumboNode *node, char dst[static HTML_ACCESS_TAG_SIZE]) {
    static const char *const SHOWN[] = {"id",  "name", "type", "for", "href",
                                        "src", "role", "lang", "alt", "class"};
    const char *name = gumbo_normalized_tagname(node->v.element.tag);
    struct buf buf;
    buf_init(&buf, HTML_ACCESS_TAG_SIZE * 8);
    buf_printf(&buf, "<%s", name[0] != '\0' ? name : "?");
    for (size_t i = 0; i < sizeof(SHOWN) / sizeof(SHOWN[0]); i++) {
        struct text value = html_attribute(&node->v.element, SHOWN[i]);
        if (value.ptr == NULL || buf.len > HTML_ACCESS_TAG_SIZE - ATTRIBUTE_SHOWN * 2)
            continue;
        value.len = value.len < ATTRIBUTE_SHOWN ? value.len : ATTRIBUTE_SHOWN;
        buf_printf(&buf, " %s=\"%.*s\"", SHOWN[i], TEXT_ARG(value));
    }
    buf_putc(&buf, '>');
    struct text tag = buf_text(&buf);
    tag.len = tag.len < HTML_ACCESS_TAG_SIZE ? tag.len : HTML_ACCESS_TAG_SIZE - 1;
    text_copy(tag, dst, HTML_ACCESS_TAG_SIZE);
    buf_done(&buf);
}

/* gumbo is older than nothing of this but <dialog>; <main> it knows. */
static void remember(struct access *access, const GumboNode *node) {
    int level = level_of(node);
    access->heading = level > 0 ? level : access->heading;
    access->has_main |=
        html_is(node, GUMBO_TAG_MAIN) || text_ieq(trimmed(node, "role"), TEXT("main"));
}

enum err html_access(const struct html *html,
                     void (*found)(void *ctx, enum html_access rule, const char *tag), void *ctx) {
    struct access access = {.html = html};
    char tag[HTML_ACCESS_TAG_SIZE];
    bool judged[HTML_ACCESS__COUNT];
    enum err err = html_name_index(html, &access.names);
    if (err != ERR_OK)
        return err;
    for (int rule = 0; rule < HTML_ACCESS__COUNT; rule++)
        judged[rule] = !html_access_needs_browser(html, (enum html_access)rule);
    for (const GumboNode *node = html->root; node != NULL;) {
        if (html_name_hides(node)) {
            node = html_behind(node, html->root);
            continue;
        }
        for (int rule = 0; node->type == GUMBO_NODE_ELEMENT && rule < HTML_ACCESS__COUNT; rule++) {
            if (!judged[rule] || RULES[rule].breaks == NULL || !RULES[rule].breaks(&access, node))
                continue;
            put_tag(node, tag);
            found(ctx, (enum html_access)rule, tag);
        }
        if (node->type == GUMBO_NODE_ELEMENT)
            remember(&access, node);
        node = html_next(node, html->root);
    }
    if (!access.has_main && judged[HTML_ACCESS_MAIN])
        found(ctx, HTML_ACCESS_MAIN, "<body>");
    html_name_done(&access.names);
    return ERR_OK;
}
