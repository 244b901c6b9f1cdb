/* missing: what a site answers where nothing is. Many say 200 and show an error page, or their
 * first page: there a status proves nothing, and what is missing can be known by its look alone. */
#ifndef AGENTS_JUNIOR_MISSING_H
#define AGENTS_JUNIOR_MISSING_H

#include "agents/junior/visit.h"

/* missing_ask(visitor): asks for pages and a file that cannot exist, and notes in the site what
 * came (struct site_missing). Their look is known when it is the same for each of three paths, one
 * of them deeper, but for what changes with every request, and is not the first page's. */
void missing_ask(struct visitor *visitor);
/* missing_recheck(visitor): once all is visited: a look that has changed meanwhile is not known. */
void missing_recheck(struct visitor *visitor);

#endif
