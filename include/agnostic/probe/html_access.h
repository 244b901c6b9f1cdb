/* html_access: what of a page keeps people out who do not see it or use no mouse, as far as its
 * HTML shows that without a browser. A subset of the rules of axe-core 4, under their names
 * (https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md). */
#ifndef AGNOSTIC_PROBE_HTML_ACCESS_H
#define AGNOSTIC_PROBE_HTML_ACCESS_H

#include "agnostic/probe/html.h"

enum html_access {
    HTML_ACCESS_LANG,          /* html-has-lang */
    HTML_ACCESS_LANG_VALID,    /* html-lang-valid */
    HTML_ACCESS_TITLE,         /* document-title */
    HTML_ACCESS_IMAGE,         /* image-alt */
    HTML_ACCESS_INPUT_IMAGE,   /* input-image-alt */
    HTML_ACCESS_AREA,          /* area-alt */
    HTML_ACCESS_LABEL,         /* label */
    HTML_ACCESS_SELECT,        /* select-name */
    HTML_ACCESS_BUTTON,        /* button-name */
    HTML_ACCESS_INPUT_BUTTON,  /* input-button-name */
    HTML_ACCESS_LINK,          /* link-name */
    HTML_ACCESS_FRAME,         /* frame-title */
    HTML_ACCESS_OBJECT,        /* object-alt */
    HTML_ACCESS_DUPLICATE_ID,  /* duplicate-id-aria */
    HTML_ACCESS_VIEWPORT,      /* meta-viewport */
    HTML_ACCESS_REFRESH,       /* meta-refresh */
    HTML_ACCESS_ROLE,          /* aria-roles */
    HTML_ACCESS_ATTRIBUTE,     /* aria-valid-attr */
    HTML_ACCESS_LIST,          /* list */
    HTML_ACCESS_LIST_ITEM,     /* listitem */
    HTML_ACCESS_AUTOCOMPLETE,  /* autocomplete-valid */
    HTML_ACCESS_TABINDEX,      /* tabindex */
    HTML_ACCESS_HEADING_ORDER, /* heading-order */
    HTML_ACCESS_HEADING_EMPTY, /* empty-heading */
    HTML_ACCESS_HEADER_EMPTY,  /* empty-table-header */
    HTML_ACCESS_MAIN,          /* landmark-one-main */
    HTML_ACCESS__COUNT
};

/* html_access_word(rule): axe's name. */
const char *html_access_word(enum html_access rule);

enum { HTML_ACCESS_TAG_SIZE = 200 };

/* html_access(html, found, ctx): found is called for each element that breaks a rule, in document
 * order; tag: its start tag, shortened, valid during the call. What is hidden by attributes or
 * inline styles is passed over; what style sheets or scripts hide, show or name is not known.
 * ERR_NOMEM. */
enum err html_access(const struct html *html,
                     void (*found)(void *ctx, enum html_access rule, const char *tag), void *ctx);
/* html_access_needs_browser(html, rule): the page has scripts, and they may well do what this rule
 * looks for; nothing is found then. */
bool html_access_needs_browser(const struct html *html, enum html_access rule);

#endif
