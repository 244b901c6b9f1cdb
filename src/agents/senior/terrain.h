/* terrain: what a walk through a site found: its model, its inlets, and the few of its URLs whose
 * manners are tried. */
#ifndef AGENTS_SENIOR_TERRAIN_H
#define AGENTS_SENIOR_TERRAIN_H

#include "agents/senior/inlet.h"
#include "agents/senior/model.h"
#include "agnostic/probe/crawl.h"

enum { TERRAIN_WHY_SIZE = 160 };

/* URLs that stand for others of their kind. */
enum spot {
    SPOT_HOME,   /* where the target led */
    SPOT_PAGE,   /* another page of the site */
    SPOT_FILE,   /* something that the first page loads */
    SPOT_CLOSED, /* answered 401 or 403 */
    SPOT_DATA,   /* answered JSON */
    SPOT__COUNT
};

struct terrain {
    struct url target; /* points into target_text */
    const char *target_text;
    bool non_public;
    int start_status; /* 0: no answer */
    char start_why[TERRAIN_WHY_SIZE];
    char origin[URL_HOST_SIZE + 32];
    char spots[SPOT__COUNT][URL_MAX_BYTES + 1]; /* "": none was found */
    size_t pages;
    int robots_status;
    bool robots_asked;
    struct crawl_counts crawl;
    struct model model;
    struct inlets inlets;
    size_t requests;
};

#endif
