/* trial: every inlet of a site is given values at the edge of what it may be. What fails is tried
 * once more, and the plain page as well: only what the value does again is held against it. */
#ifndef AGENTS_SENIOR_TRIAL_H
#define AGENTS_SENIOR_TRIAL_H

#include "agents/agent.h"
#include "agents/asker.h"
#include "agents/senior/edges.h"
#include "agents/senior/terrain.h"

enum {
    TRIAL_FAILED_MAX = 50,
    TRIAL_WORDS_SIZE = 128,
    TRIAL_INLET_MS = 20000 /* for one inlet that answers slowly; then it is left */
};

/* How a value made the site fail, gravest first. */
enum trial_end {
    TRIAL_ERROR,  /* 5xx */
    TRIAL_DOWN,   /* the plain page does not answer any more either */
    TRIAL_LOST,   /* hung up without an answer */
    TRIAL_HANGS,  /* no answer in 10 s */
    TRIAL_TRACES, /* an error that was meant for developers */
    TRIAL_FINE
};
const char *trial_end_word(enum trial_end end);

struct trial_failed {
    struct edges_case edge;
    enum trial_end end;
    char words[TRIAL_WORDS_SIZE]; /* "answers 500" */
    char *line;                   /* a command line that asks the same again */
};
/* trial_is_high(failed): a plain value, and the server errs. */
bool trial_is_high(const struct trial_failed *failed);

struct trials {
    uint64_t seed;
    size_t cases;    /* that there are for these inlets */
    size_t tried;    /* and of these inlets' plain pages nothing was wrong */
    size_t unfit;    /* of inlets whose plain page fails by itself */
    size_t failures; /* also of those not kept */
    size_t high;
    struct trial_failed failed[TRIAL_FAILED_MAX];
    size_t failed_count;
};
void trial_done(struct trials *trials);

/* trial_run(agent, asker, terrain, trials): ERR_NOMEM. Visits of the plain pages are noted in
 * terrain's model. */
enum err trial_run(const struct agent *agent, struct asker *asker, struct terrain *terrain,
                   struct trials *trials);
/* trial_line(inlet, edge, buf): the command line. */
void trial_line(const struct inlet *inlet, const struct edges_case *edge, struct buf *buf);

#endif
