/* html_aria: the vocabularies that attributes of accessibility are taken from. Private to
 * html_access. */
#ifndef PROBE_HTML_ARIA_H
#define PROBE_HTML_ARIA_H

#include "agnostic/base/text.h"

/* html_aria_role(word): a role of WAI-ARIA 1.2, DPub-ARIA 1.1 (doc-...) or Graphics-ARIA
 * (graphics-...) that authors may use. */
bool html_aria_role(struct text word);
/* html_aria_attribute(name): an aria-... attribute of WAI-ARIA 1.2 or 1.3. */
bool html_aria_attribute(struct text name);
/* html_aria_autocomplete(value): "on", "off", or a list of autofill tokens as the HTML standard has
 * it
 * ("section-x shipping home tel"). */
bool html_aria_autocomplete(struct text value);
/* html_aria_language(tag): may be one by BCP 47: a first part of two or three letters, or more by
 * registration, then parts of one to eight letters and digits. */
bool html_aria_language(struct text tag);

#endif
