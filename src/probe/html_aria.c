/* Words out of standards, sorted. Knows no page. */
#include "probe/html_aria.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_SIZE = 40, TOKENS_MAX = 6 };

static const char *const ROLES[] = {"alert",         "alertdialog",
                                    "application",   "article",
                                    "banner",        "blockquote",
                                    "button",        "caption",
                                    "cell",          "checkbox",
                                    "code",          "columnheader",
                                    "combobox",      "comment",
                                    "complementary", "contentinfo",
                                    "definition",    "deletion",
                                    "dialog",        "directory",
                                    "document",      "emphasis",
                                    "feed",          "figure",
                                    "form",          "generic",
                                    "grid",          "gridcell",
                                    "group",         "heading",
                                    "image",         "img",
                                    "insertion",     "link",
                                    "list",          "listbox",
                                    "listitem",      "log",
                                    "main",          "mark",
                                    "marquee",       "math",
                                    "menu",          "menubar",
                                    "menuitem",      "menuitemcheckbox",
                                    "menuitemradio", "meter",
                                    "navigation",    "none",
                                    "note",          "option",
                                    "paragraph",     "presentation",
                                    "progressbar",   "radio",
                                    "radiogroup",    "region",
                                    "row",           "rowgroup",
                                    "rowheader",     "scrollbar",
                                    "search",        "searchbox",
                                    "separator",     "slider",
                                    "spinbutton",    "status",
                                    "strong",        "subscript",
                                    "suggestion",    "superscript",
                                    "switch",        "tab",
                                    "table",         "tablist",
                                    "tabpanel",      "term",
                                    "text",          "textbox",
                                    "time",          "timer",
                                    "toolbar",       "tooltip",
                                    "tree",          "treegrid",
                                    "treeitem"};

static const char *const ATTRIBUTES[] = {"aria-activedescendant",
                                         "aria-atomic",
                                         "aria-autocomplete",
                                         "aria-braillelabel",
                                         "aria-brailleroledescription",
                                         "aria-busy",
                                         "aria-checked",
                                         "aria-colcount",
                                         "aria-colindex",
                                         "aria-colindextext",
                                         "aria-colspan",
                                         "aria-controls",
                                         "aria-current",
                                         "aria-describedby",
                                         "aria-description",
                                         "aria-details",
                                         "aria-disabled",
                                         "aria-dropeffect",
                                         "aria-errormessage",
                                         "aria-expanded",
                                         "aria-flowto",
                                         "aria-grabbed",
                                         "aria-haspopup",
                                         "aria-hidden",
                                         "aria-invalid",
                                         "aria-keyshortcuts",
                                         "aria-label",
                                         "aria-labelledby",
                                         "aria-level",
                                         "aria-live",
                                         "aria-modal",
                                         "aria-multiline",
                                         "aria-multiselectable",
                                         "aria-orientation",
                                         "aria-owns",
                                         "aria-placeholder",
                                         "aria-posinset",
                                         "aria-pressed",
                                         "aria-readonly",
                                         "aria-relevant",
                                         "aria-required",
                                         "aria-roledescription",
                                         "aria-rowcount",
                                         "aria-rowindex",
                                         "aria-rowindextext",
                                         "aria-rowspan",
                                         "aria-selected",
                                         "aria-setsize",
                                         "aria-sort",
                                         "aria-valuemax",
                                         "aria-valuemin",
                                         "aria-valuenow",
                                         "aria-valuetext"};

/* HTML, "Autofill detail tokens": what a field may be for. */
static const char *const FIELDS[] = {"additional-name",
                                     "address-level1",
                                     "address-level2",
                                     "address-level3",
                                     "address-level4",
                                     "address-line1",
                                     "address-line2",
                                     "address-line3",
                                     "bday",
                                     "bday-day",
                                     "bday-month",
                                     "bday-year",
                                     "cc-additional-name",
                                     "cc-csc",
                                     "cc-exp",
                                     "cc-exp-month",
                                     "cc-exp-year",
                                     "cc-family-name",
                                     "cc-given-name",
                                     "cc-name",
                                     "cc-number",
                                     "cc-type",
                                     "country",
                                     "country-name",
                                     "current-password",
                                     "email",
                                     "family-name",
                                     "given-name",
                                     "honorific-prefix",
                                     "honorific-suffix",
                                     "impp",
                                     "language",
                                     "name",
                                     "new-password",
                                     "nickname",
                                     "one-time-code",
                                     "organization",
                                     "organization-title",
                                     "photo",
                                     "postal-code",
                                     "sex",
                                     "street-address",
                                     "tel",
                                     "tel-area-code",
                                     "tel-country-code",
                                     "tel-extension",
                                     "tel-local",
                                     "tel-local-prefix",
                                     "tel-local-suffix",
                                     "tel-national",
                                     "transaction-amount",
                                     "transaction-currency",
                                     "url",
                                     "username"};

/* What may stand before it. */
static const char *const QUALIFIERS[] = {"billing", "fax",      "home", "mobile",
                                         "pager",   "shipping", "work"};

static int by_word(const void *key, const void *entry) {
    return strcmp(key, *(const char *const *)entry);
}

static bool is_among(struct text word, const char *const *words, size_t count) {
    char lower[WORD_SIZE];
    if (!text_copy(word, lower, sizeof(lower)))
        return false;
    for (char *c = lower; *c != '\0'; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + ('a' - 'A')) : *c;
    return bsearch(lower, words, count, sizeof(*words), by_word) != NULL;
}
#define IS_AMONG(word, words) is_among(word, words, sizeof(words) / sizeof((words)[0]))

bool html_aria_role(struct text word) {
    return text_istarts(word, TEXT("doc-")) || text_istarts(word, TEXT("graphics-")) ||
           IS_AMONG(word, ROLES);
}

bool html_aria_attribute(struct text name) {
    return IS_AMONG(name, ATTRIBUTES);
}

/* --- autofill ------------------------------------------------------------------------------- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The last word of rest, which is cut off; an empty one: there is none. */
static struct text last_word(struct text *rest) {
    while (rest->len > 0 && is_blank(rest->ptr[rest->len - 1]))
        rest->len--;
    size_t end = rest->len;
    while (rest->len > 0 && !is_blank(rest->ptr[rest->len - 1]))
        rest->len--;
    return text_make(rest->ptr + rest->len, end - rest->len);
}

bool html_aria_autocomplete(struct text value) {
    struct text rest = value, word, before;
    if (value.len == 0)
        return true;
    word = last_word(&rest);
    if (text_ieq(word, TEXT("webauthn")))
        word = last_word(&rest);
    if (word.len == 0 ||
        ((text_ieq(word, TEXT("on")) || text_ieq(word, TEXT("off"))) && text_trim(rest).len == 0))
        return true;
    if (!IS_AMONG(word, FIELDS))
        return false;
    for (int n = 0; n < TOKENS_MAX && (before = last_word(&rest)).len > 0; n++)
        if (!IS_AMONG(before, QUALIFIERS) && !text_istarts(before, TEXT("section-")))
            return false;
    return true;
}

/* --- languages ------------------------------------------------------------------------------ */

static bool is_subtag(struct text part, bool first) {
    if (part.len < 1 || part.len > 8 || (first && part.len < 2))
        return false;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (first || c < '0' || c > '9'))
            return false;
    }
    return true;
}

bool html_aria_language(struct text tag) {
    struct text rest = tag, part;
    bool first = true;
    while (text_cut(&rest, '-', &part)) {
        if (!is_subtag(part, first))
            return false;
        first = false;
    }
    return !first;
}
