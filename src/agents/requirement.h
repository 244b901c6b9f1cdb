/* requirement: what the standards ask of an organisation and nobody can see from outside. Named in
 * every sum, so that a full score of the rest is not mistaken for compliance. */
#ifndef AGENTS_REQUIREMENT_H
#define AGENTS_REQUIREMENT_H

#include <stddef.h>

struct requirement_row {
    const char *standard, *id; /* as in the rules */
    const char *title;
};

/* requirement_at(index): rows in order, NULL behind the last. */
const struct requirement_row *requirement_at(size_t index);

#endif
