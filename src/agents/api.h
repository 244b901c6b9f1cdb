/* api: the description of a target's API, found where such descriptions are: by the start page's
 * Link field, or under one of the usual names. */
#ifndef AGENTS_API_H
#define AGENTS_API_H

#include "agents/asker.h"
#include "agnostic/probe/openapi.h"
#include "agnostic/probe/robots.h"

/* Zeroed: nothing was looked for. */
struct api {
    struct openapi *openapi;        /* NULL: none */
    const char *reason;             /* stable word: why there is none */
    const char *doubt;              /* the same where there may be one; else NULL */
    char server[URL_MAX_BYTES + 1]; /* what its paths are put behind */
    struct robots *robots;          /* NULL: not known, nothing is asked */
};

/* api_find(asker, home, api): looks for it on the origin of home, the start page's URL. ERR_NOMEM;
 * whatever a target does is no error. The caller releases api with api_done in every case. */
enum err api_find(struct asker *asker, const char *home, struct api *ret_api);
void api_done(struct api *api);

/* api_is_open(api, url, may_change): may that URL be asked for? Neither against robots.txt nor, if
 * nothing may change, where its words say that something would. */
bool api_is_open(const struct api *api, struct text url, bool may_change);

#endif
