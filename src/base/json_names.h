/* json_names: the member names of the objects now being read, and whether one stands
 * there twice. Also the reading of \uXXXX, needed to compare names. Private to json. */
#ifndef BASE_JSON_NAMES_H
#define BASE_JSON_NAMES_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

struct json_names {
    struct text *list; /* innermost object last; between the quotes, still escaped */
    size_t len;
    size_t cap;
};

/* json_names_push(names, name): name is well-formed. ERR_NOMEM. */
enum err json_names_push(struct json_names *names, struct text name);
/* json_names_pop(names, first): forgets the names from number `first` on, those of one
 * object. Returns where the later of two equal ones begins, or NULL. */
const char *json_names_pop(struct json_names *names, size_t first);
void json_names_done(struct json_names *names);

/* json_hex4(p, end): the value of four hex digits at p, or -1. */
long json_hex4(const char *p, const char *end);
bool json_is_high(long unit); /* surrogates */
bool json_is_low(long unit);

#endif
