/* xml: XML of programs nobody trusts in, a small tree out. Only user of expat.
 *
 * Entities cannot be declared and nothing outside the text is read, so nothing can expand or be
 * fetched. Comments and processing instructions are passed over. */
#ifndef AGNOSTIC_BASE_XML_H
#define AGNOSTIC_BASE_XML_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

/* What a text may hold at most. */
struct xml_limits {
    unsigned depth;    /* nested elements */
    unsigned elements; /* in all */
    size_t bytes;      /* of names, values and character data in all */
};
extern const struct xml_limits XML_LIMITS; /* depth 32, 200 000 elements, 32 MiB */

/* An element. Borrowed from the root unless said otherwise; all strings are UTF-8. */
struct xml;

/* xml_parse(text, limits, &root, &fault): the caller frees root with xml_free. ERR_SYNTAX (not
 * XML, or it declares an entity; fault says where), ERR_TOO_LARGE (a limit), ERR_NOMEM. */
enum err xml_parse(struct text text, const struct xml_limits *limits, struct xml **ret_root,
                   struct fault *ret_fault);
/* xml_free(root): NULL is fine. */
void xml_free(struct xml *root);

/* All readers take NULL for "no such element". */
/* xml_is(element, name): is there such an element, of that name? */
bool xml_is(const struct xml *element, const char *name);
/* xml_child(element, name): the first child of that name, of any when name is NULL; or NULL. */
const struct xml *xml_child(const struct xml *element, const char *name);
/* xml_next(element, name): the next sibling of that name, of any when name is NULL; or NULL. */
const struct xml *xml_next(const struct xml *element, const char *name);
/* xml_attribute(element, name): its value, or "". */
const char *xml_attribute(const struct xml *element, const char *name);
/* xml_text(element): the character data directly in it, without white space at its ends. */
struct text xml_text(const struct xml *element);

#endif
