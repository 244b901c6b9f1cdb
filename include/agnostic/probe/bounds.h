/* bounds: where on a site nobody of ours goes, as a task's client wants it. */
#ifndef AGNOSTIC_PROBE_BOUNDS_H
#define AGNOSTIC_PROBE_BOUNDS_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

struct bounds;

/* bounds_new(stays, &bounds): stays: nothing is asked for because a page, a sitemap or a
 * description leads there. ERR_NOMEM. The caller frees with bounds_free. */
enum err bounds_new(bool stays, struct bounds **ret_bounds);
void bounds_free(struct bounds *bounds);
/* bounds_add(bounds, path): this path and all beneath it; a query and a '*' at its end are not
 * looked at. ERR_SYNTAX: it does not begin with '/'. ERR_NOMEM. */
enum err bounds_add(struct bounds *bounds, struct text path);

/* bounds_excludes(bounds, path): is it beneath a path that was added? Compared segment by segment,
 * in whichever way a server may read it: the case of letters, escapes (of escapes), doubled
 * slashes, backslashes and parameters of segments make no difference, and it counts with its dot
 * segments and without them. bounds NULL: nothing is. What there is no memory to compare is. */
bool bounds_excludes(const struct bounds *bounds, struct text path);
/* bounds_stays(bounds): false for NULL. */
bool bounds_stays(const struct bounds *bounds);
/* bounds_bind(bounds): do they keep anybody from anything? */
bool bounds_bind(const struct bounds *bounds);

#endif
