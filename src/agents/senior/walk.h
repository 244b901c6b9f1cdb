/* walk: goes through a site, as far as robots.txt and the bounds allow. */
#ifndef AGENTS_SENIOR_WALK_H
#define AGENTS_SENIOR_WALK_H

#include "agents/agent.h"
#include "agents/asker.h"
#include "agents/senior/access.h"
#include "agents/senior/terrain.h"

enum {
    WALK_PAGES_MAX = 40,
    WALK_DEPTH = 3,        /* clicks */
    WALK_PER_TEMPLATE = 3, /* pages of a series */
    WALK_REDIRECTS_MAX = 10
};

/* walk_run(agent, asker, terrain, access): fills terrain, whose target is known, and has access
 * read each page. ERR_NOMEM; whatever a target does is no error. */
enum err walk_run(const struct agent *agent, struct asker *asker, struct terrain *terrain,
                  struct access *access);

#endif
