/* model: what a site consists of, as far as it was found: its states are forms of pages (paths
 * without what numbers a series), its transitions the links, forms and redirects between them. How
 * much of it was visited is measured. */
#ifndef AGENTS_SENIOR_MODEL_H
#define AGENTS_SENIOR_MODEL_H

#include "agnostic/base/json.h"
#include "agnostic/base/url.h"

enum {
    MODEL_STATES_MAX = 256,
    MODEL_STEPS_MAX = 2048,
    MODEL_TOLD_MAX = 100 /* of each, by name */
};

enum model_way {
    MODEL_LINK,
    MODEL_FORM,     /* that a browser sends by GET */
    MODEL_REDIRECT, /* of an answer */
    MODEL_SENDING,  /* a form that changes something: found, never taken */
    MODEL_WAY__COUNT
};

struct model_state {
    char *name; /* "/item/{n}?page" */
    bool visited;
};
struct model_step {
    size_t from, to;
    enum model_way way;
};
/* Zeroed: nothing is known. */
struct model {
    struct model_state states[MODEL_STATES_MAX];
    struct model_step steps[MODEL_STEPS_MAX];
    size_t state_count, step_count, dropped; /* dropped: there was no room for them */
};
void model_done(struct model *model);

/* model_visit(model, url): it was asked for, and something answered. */
void model_visit(struct model *model, const struct url *url);
/* model_lead(model, from, to, way): `from` leads to `to`. */
void model_lead(struct model *model, const struct url *from, const struct url *to,
                enum model_way way);

size_t model_visited(const struct model *model);
/* model_taken(model): transitions whose end was visited; those that change something never are. */
size_t model_taken(const struct model *model);
/* model_share(part, whole): 0 of nothing. */
double model_share(size_t part, size_t whole);
/* model_put(model, out): the members state_model and coverage_potential. */
void model_put(const struct model *model, struct json_out *out);

#endif
