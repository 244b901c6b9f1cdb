/* flaky: what failed and was fine when it was asked again: a bad moment of the target is told, and
 * not called a fault. */
#ifndef AGENTS_JUNIOR_FLAKY_H
#define AGENTS_JUNIOR_FLAKY_H

#include "agents/judgement.h"

enum { FLAKY_MAX = 60, FLAKY_PASSES = 2 };

/* How long to wait before each time that something is asked again, in ms. */
extern const int FLAKY_PAUSES_MS[FLAKY_PASSES];

struct flaky_item {
    char *name; /* a URL, or what a client calls a check of its own */
    char *how;  /* it failed at first */
    char *line; /* the command line that asks the same; "": name is a URL */
};

/* Zeroed: nothing is. */
struct flaky {
    struct flaky_item items[FLAKY_MAX];
    size_t count, dropped; /* dropped: not kept */
};

/* flaky_add(flaky, name, how, line): all are copied. */
void flaky_add(struct flaky *flaky, struct text name, struct text how, struct text line);
void flaky_done(struct flaky *flaky);
/* flaky_judge(flaky, judgement): one fault each; passes where there is none. */
void flaky_judge(const struct flaky *flaky, struct judgement *judgement);
/* flaky_put(flaky, out): the names, as an array. */
void flaky_put(const struct flaky *flaky, struct json_out *out);

#endif
