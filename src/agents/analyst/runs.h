/* runs: what the agents of this task said, and what those of earlier sessions of the same target
 * said, in one form: [0] is now, behind it the past, the newest first. */
#ifndef AGENTS_ANALYST_RUNS_H
#define AGENTS_ANALYST_RUNS_H

#include "agnostic/base/json.h"

enum { RUNS_PAST_MAX = 20, RUNS_MAX = RUNS_PAST_MAX + 1, RUNS_RESULTS_BYTES = 2 << 20 };

struct run {
    const struct json *agents; /* by name: status, checks, findings, metrics */
    const char *session, *when;
    struct json *root; /* owned */
};

struct runs {
    struct run items[RUNS_MAX];
    size_t count;
    bool past_is_known; /* false: it could not be read */
    enum err err;
};

/* A check on a component; component "" where the check names none. */
struct runs_check {
    struct text agent, id, component;
};

/* runs_read(results, history, &runs): two files as an agent is given them (task.schema.json);
 * history NULL: the past is not known. What is damaged of the past is passed over. ERR_IO,
 * ERR_NOMEM, ERR_SYNTAX (of results). The caller frees with runs_done, also after an error. */
enum err runs_read(const char *results, const char *history, struct runs *ret_runs);
void runs_done(struct runs *runs);

/* runs_of(run, agent): what it said; NULL: it took no part. */
const struct json *runs_of(const struct run *run, struct text agent);
/* runs_status(run, check): "passed", "failed", "flaky", ...; an empty text: it was not carried out.
 * Of an agent that names no checks, completing is passing, and a finding of that id failing; unless
 * there was no room for what it said. */
struct text runs_status(const struct run *run, const struct runs_check *check);
/* runs_is_measured(status): does it say how the target is? */
bool runs_is_measured(struct text status);
/* runs_finding(run, agent, fingerprint): NULL: there is none. */
const struct json *runs_finding(const struct run *run, struct text agent, struct text fingerprint);
/* runs_before(runs, check): the newest of the past in which the check said how the target is; 0:
 * none. */
size_t runs_before(const struct runs *runs, const struct runs_check *check);
/* runs_is_same(a, b): are these texts of findings the same, as far as sessions keep them? */
bool runs_is_same(struct text a, struct text b);
/* runs_text(object, name): a member that is text, else an empty one. */
struct text runs_text(const struct json *object, const char *name);

#endif
