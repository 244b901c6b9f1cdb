/* visit: asks for one URL of a site, and for where it redirects to. */
#ifndef AGENTS_JUNIOR_VISIT_H
#define AGENTS_JUNIOR_VISIT_H

#include "agents/asker.h"
#include "agents/junior/site.h"
#include "agents/trail.h"

enum visit_how {
    VISIT_PAGE,  /* all of it, up to 1 MiB */
    VISIT_FILE,  /* its first 256 KiB */
    VISIT_FRONT, /* its first 16 KiB */
    VISIT_HEAD   /* without a body */
};

struct visitor {
    struct site *site;
    struct asker asker;
    struct robots *robots; /* NULL: not known yet; only the target itself may be asked for */
    enum err err;          /* not ERR_OK: nothing is asked any more */
};

/* visit_follow(visitor, found, trail, how, response): asks for what trail is at, and on along its
 * redirects within the site; notes in found what became of it. The last answer is in response, to
 * be released by the caller; what it held before is released. */
void visit_follow(struct visitor *visitor, struct site_url *found, struct trail *trail,
                  enum visit_how how, struct http_response *response);
/* visit_fetch(visitor, path, response, &status): the page behind the redirects of a path of the
 * origin; status 0: no answer. response is to be released. false: it was not asked for. */
bool visit_fetch(struct visitor *visitor, const char *path, struct http_response *response,
                 int *ret_status);

#endif
