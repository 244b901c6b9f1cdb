/* html: the few things read from a page. Only user of gumbo; a narrow door, so that
 * another parser can take its place. */
#ifndef AGNOSTIC_PROBE_HTML_H
#define AGNOSTIC_PROBE_HTML_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

struct html;

enum { HTML_MAX_BYTES = 4 << 20, HTML_MAX_DEPTH = 400, HTML_MAX_META = 256 };

/* html_parse(page, &html): pages deeper than HTML_MAX_DEPTH or longer than HTML_MAX_BYTES are
 * refused with ERR_TOO_LARGE (checked before the tree is walked). */
enum err html_parse(struct text page, struct html **ret_html);
void html_free(struct html *html);

/* html_meta(html, attribute, value, index): content of the index-th <meta> in <head> whose
 * attribute
 * ("http-equiv", "name") equals value (ASCII case ignored); ptr NULL when there is none. */
struct text html_meta(const struct html *html, const char *attribute, const char *value,
                      size_t index);
/* html_has_password_form(html): some <input type=password>. */
bool html_has_password_form(const struct html *html);

#endif
