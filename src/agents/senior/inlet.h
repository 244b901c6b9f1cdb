/* inlet: where values get into a site: the parameters of its queries, and the parts of its paths
 * that look like ids. */
#ifndef AGENTS_SENIOR_INLET_H
#define AGENTS_SENIOR_INLET_H

#include "agnostic/base/url.h"

enum { INLETS_MAX = 24, INLET_NAME_SIZE = 64 };

struct inlet {
    char *url;    /* that has it, as it was found */
    char *place;  /* the form of that page, and the inlet's name: who is equal in both is one */
    bool in_path; /* else in the query */
    size_t index; /* of the part, from 0 */
    char name[INLET_NAME_SIZE];
};
/* Zeroed: none. */
struct inlets {
    struct inlet items[INLETS_MAX];
    size_t count, omitted; /* omitted: there was no room for them */
};
void inlet_done(struct inlets *inlets);

/* inlet_find(inlets, url): notes those of url that are new. */
void inlet_find(struct inlets *inlets, const struct url *url);
/* inlet_put(inlet, value, buf): its URL with that value in it, as it is; value.ptr NULL: without
 * it. */
void inlet_put(const struct inlet *inlet, struct text value, struct buf *buf);

#endif
