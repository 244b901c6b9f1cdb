/* missing: what a site answers where nothing is. Many say 200 and show an error page, or their
 * first page: there a status proves nothing, and what is missing can be known by its look alone. */
#ifndef AGENTS_JUNIOR_MISSING_H
#define AGENTS_JUNIOR_MISSING_H

#include "agents/junior/visit.h"

/* missing_ask(visitor): asks for two pages and a file that cannot exist, and notes in the site what
 * came (struct site_missing). */
void missing_ask(struct visitor *visitor);

#endif
