/* robots: what a site asks crawlers to leave alone (RFC 9309), and what the task's client does. It
 * rules what is discovered, never the one URL that somebody asked to be tested. */
#ifndef AGNOSTIC_PROBE_ROBOTS_H
#define AGNOSTIC_PROBE_ROBOTS_H

#include "agnostic/base/url.h"
#include "agnostic/probe/bounds.h"

enum {
    ROBOTS_MAX_BYTES = 500 << 10, /* of the file; whole lines beyond are not read */
    ROBOTS_MAX_STEPS = 2 << 20    /* of comparing one URL with all rules */
};

struct robots;

/* robots_read(status, body, product, bounds, &robots): the answer to /robots.txt, status 0 for
 * none. 2xx: the rules of the groups for product (ASCII case ignored), else of those for "*"; 4xx:
 * everything is allowed; anything else: nothing is. bounds are borrowed and decide first; NULL:
 * none. ERR_NOMEM. The caller frees with robots_free. */
enum err robots_read(int status, struct text body, const char *product, const struct bounds *bounds,
                     struct robots **ret_robots);
void robots_free(struct robots *robots);

/* robots_allows(robots, url): the rule with the longest pattern decides, Allow among equals;
 * without one it is allowed. Patterns that take more than ROBOTS_MAX_STEPS allow nothing. */
bool robots_allows(const struct robots *robots, const struct url *url);

#endif
