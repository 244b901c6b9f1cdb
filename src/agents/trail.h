/* trail: where one is on the way along redirects. */
#ifndef AGENTS_TRAIL_H
#define AGENTS_TRAIL_H

#include "agnostic/base/buf.h"
#include "agnostic/base/url.h"
#include "agnostic/probe/http.h"

struct trail {
    struct buf at, next; /* at: the URL as text */
    struct url url;      /* points into at; set by trail_look and trail_step */
};

/* trail_init(trail, first): the way begins at that URL. The caller frees with trail_done. */
void trail_init(struct trail *trail, struct text first);
void trail_done(struct trail *trail);
/* trail_restart(trail, first): begins anew, somewhere else. */
void trail_restart(struct trail *trail, struct text first);
/* trail_look(trail): reads url; false when `at` holds none. */
bool trail_look(struct trail *trail);
/* trail_step(trail, location): goes where a redirect leads; false when that is no web address. */
bool trail_step(struct trail *trail, struct text location);
/* trail_redirect(response): its Location; ptr NULL when it redirects nowhere. */
struct text trail_redirect(const struct http_response *response);

#endif
