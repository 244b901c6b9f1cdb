/* html: what is read from a page: where it leads, what it loads, what it asks for, what it says.
 * Only user of gumbo; a narrow door, so that another parser can take its place.
 *
 * Every text is a view that lives as long as the html; ptr NULL: the attribute is absent. Values
 * are as written, character references decoded, and may hold any byte but NUL. */
#ifndef AGNOSTIC_PROBE_HTML_H
#define AGNOSTIC_PROBE_HTML_H

#include "agnostic/base/url.h"

struct html;

/* Bounds of what is kept of one page, in document order; what is beyond them is not seen. */
enum {
    HTML_MAX_BYTES = 4 << 20,
    HTML_MAX_DEPTH = 400,
    HTML_MAX_ATTRIBUTES = 256, /* of a tag */
    HTML_MAX_META = 256,
    HTML_MAX_LINKS = 16384,
    HTML_MAX_FORMS = 512,
    HTML_MAX_FIELDS = 4096,
    HTML_MAX_SCRIPTS = 1024, /* inline */
    HTML_MAX_COMMENTS = 2048,
    HTML_MAX_IDS = 16384,
    HTML_LINK_TEXT_MAX_BYTES = 200
};

/* html_parse(page, &html): pages deeper than HTML_MAX_DEPTH, with a tag wider than
 * HTML_MAX_ATTRIBUTES, or longer than HTML_MAX_BYTES are refused with ERR_TOO_LARGE (checked before
 * the tree is walked). The caller frees with html_free; page is not needed any more. */
enum err html_parse(struct text page, struct html **ret_html);
void html_free(struct html *html);
/* html_size(html): bytes of memory it takes. */
size_t html_size(const struct html *html);

/* html_meta(html, attribute, value, index): content of the index-th <meta> in <head> whose
 * attribute
 * ("http-equiv", "name") equals value (ASCII case ignored); ptr NULL when there is none. */
struct text html_meta(const struct html *html, const char *attribute, const char *value,
                      size_t index);
/* html_has_password_form(html): some <input type=password>. */
bool html_has_password_form(const struct html *html);

/* --- URLs ----------------------------------------------------------------------------------- */

/* What a URL is there for. */
enum html_link_kind {
    HTML_ANCHOR,     /* a, area: followed on a click */
    HTML_ACTION,     /* form action, formaction */
    HTML_REFRESH,    /* meta http-equiv=refresh */
    HTML_SCRIPT,     /* script src of a type that is run */
    HTML_STYLESHEET, /* link rel=stylesheet, @import */
    HTML_FRAME,      /* iframe, frame */
    HTML_OBJECT,     /* object, embed, applet */
    HTML_IMAGE,      /* img, picture source, input type=image, poster, icon, css url() */
    HTML_MEDIA,      /* audio, video and their source and track */
    HTML_HINT,       /* link rel=preload, modulepreload, prefetch, preconnect, dns-prefetch */
    HTML_RELATED     /* every other <link>: canonical, alternate, next, manifest */
};

struct html_link {
    enum html_link_kind kind;
    struct text url;                    /* trimmed, not resolved; of srcset one candidate each */
    struct text rel, target;            /* of a, area, form, link */
    struct text integrity, crossorigin; /* of script, link */
    struct text words; /* of a: its visible text, or what stands for it (aria-label, title, alt) */
};
/* html_links(html, &count): every URL of the page but <base>'s, in document order. */
const struct html_link *html_links(const struct html *html, size_t *ret_count);
/* html_rel_has(rel, word): do its blank-separated words hold that one (ASCII case ignored)? */
bool html_rel_has(struct text rel, const char *word);

/* html_resolve(html, page, reference, buf): the absolute http or https URL that a browser makes of
 * reference on the page fetched from `page`: <base href> counts, tabs and newlines do not, blanks
 * and backslashes are mended. Appended to buf without fragment. html NULL: no base. ERR_SYNTAX for
 * every other scheme and what is no URL; buf may then hold a part of it. */
enum err html_resolve(const struct html *html, const struct url *page, struct text reference,
                      struct buf *buf);
/* html_css_next(&rest, &url, &import): the next url() or @import of a style sheet; false at its
 * end.
 */
bool html_css_next(struct text *rest, struct text *ret_url, bool *ret_import);
/* html_base(html): href of the first <base> that has one. */
struct text html_base(const struct html *html);

/* --- forms ---------------------------------------------------------------------------------- */

enum { HTML_NO_FORM = -1 };

struct html_form {
    struct text action; /* of form; ptr NULL: the page's own URL */
    struct text method, id;
};
/* input, select, textarea, button. */
struct html_field {
    int form;         /* index in html_forms, HTML_NO_FORM outside of all */
    struct text type; /* as written, trimmed; "select", "textarea", "text", "submit" by default */
    struct text name, id, autocomplete, value;
    struct text words; /* of button: its visible text */
};
const struct html_form *html_forms(const struct html *html, size_t *ret_count);
const struct html_field *html_fields(const struct html *html, size_t *ret_count);

/* --- texts ---------------------------------------------------------------------------------- */

/* html_scripts(html, &count): the texts of scripts without src, whatever their type. */
const struct text *html_scripts(const struct html *html, size_t *ret_count);
/* html_has_handlers(html): some attribute is script: an event's (onclick), or a javascript: URL. */
bool html_has_handlers(const struct html *html);
const struct text *html_comments(const struct html *html, size_t *ret_count);
/* html_text(html): what is shown to people, hidden or not: text outside of script, style and
 * template, one line for each unbroken piece. */
struct text html_text(const struct html *html);
/* html_has_dialog(html): some <dialog> or element of role dialog or alertdialog. */
bool html_has_dialog(const struct html *html);

/* --- the document itself ---------------------------------------------------------------------- */

/* html_title(html): the text of the first <title> of <head>, trimmed; ptr NULL: there is none. */
struct text html_title(const struct html *html);
/* html_has_doctype(html): it begins with a document type of our time, so that browsers do not
 * guess. */
bool html_has_doctype(const struct html *html);

/* Something that a fragment can lead to: id of any element, name of <a>. */
struct html_id {
    struct text value;
    bool is_id; /* not a name */
};
const struct html_id *html_ids(const struct html *html, size_t *ret_count);

#endif
