/* html_depth: how deep a page nests and how wide its tags are, before a parser builds it. */
#ifndef PROBE_HTML_DEPTH_H
#define PROBE_HTML_DEPTH_H

#include "agnostic/base/text.h"

/* html_depth_exceeds(page, max, max_attributes): do the elements of page nest deeper than max, or
 * has a tag more attributes (all <html> and <body> tags together count as one)? Depth is counted on
 * the tags alone, on the careful side: elements whose end tag may be left out are not counted (they
 * only nest through ones that are), formatting elements that were never closed count to the end
 * (a parser opens them again and again). Linear in the page, for max up to 4096. */
bool html_depth_exceeds(struct text page, unsigned max, unsigned max_attributes);

#endif
