/* edges: values at the edge of what a parameter may be, and which of them are tried where. The same
 * seed gives the same cases in the same order, so that each can be tried again. */
#ifndef AGENTS_SENIOR_EDGES_H
#define AGENTS_SENIOR_EDGES_H

#include "agnostic/base/buf.h"

enum { EDGES_CASES_MAX = 240 };

enum edges_kind {
    EDGES_AS_IS,
    EDGES_MISSING, /* the parameter is left out */
    EDGES_MANY,    /* one letter, count times */
    EDGES_DIGITS,  /* count digits of the seed */
    EDGES_LETTERS  /* count letters of the seed, of many scripts */
};

struct edges_input {
    const char *what; /* for people */
    enum edges_kind kind;
    const char *value; /* as it stands in a URL */
    size_t count;
    bool odd; /* bytes that no text holds */
};
/* edges_input(index): NULL behind the last. */
const struct edges_input *edges_input(size_t index);

struct edges_case {
    size_t inlet;
    const struct edges_input *input;
    uint64_t seed; /* of its value */
};
/* edges_case(seed, inlets, n, &edge): the n-th case for that many inlets: each is given one value,
 * then each another, in an order of its own. false behind the last, which is at the latest that of
 * EDGES_CASES_MAX. */
bool edges_case(uint64_t seed, size_t inlets, size_t n, struct edges_case *ret_case);
/* edges_put(edge, buf): its value as it stands in a URL; nothing for EDGES_MISSING. */
void edges_put(const struct edges_case *edge, struct buf *buf);

#endif
