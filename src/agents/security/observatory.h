/* observatory: the score that MDN's HTTP Observatory would give, by its published modifiers
 * (https://github.com/mdn/mdn-http-observatory, scoring of 2026), from the same facts as the
 * checks. For comparison with others; no verdict rests on it. Pure.
 *
 * Differs where it knows less or more: the browsers' preload list is not read; of several policies
 * the strictest counts; cookies are those set on the way to the page. */
#ifndef AGENTS_SECURITY_OBSERVATORY_H
#define AGENTS_SECURITY_OBSERVATORY_H

#include "agents/security/facts.h"
#include "agnostic/base/json.h"

enum { OBSERVATORY_TESTS = 10 };

struct observatory {
    struct {
        const char *name;
        bool measured; /* else it counts nothing */
        int modifier;
    } tests[OBSERVATORY_TESTS];
    size_t measured;
    int score;         /* from 0; above 100 with extra credit */
    const char *grade; /* "A+" to "F" */
};

/* observatory_judge(facts, &observatory): false, and nothing written, when there is no page. */
bool observatory_judge(const struct facts *facts, struct observatory *ret_observatory);
/* observatory_put(observatory, out): {score, grade, tests: [{name, modifier}]}, modifier null where
 * it was not measured. */
void observatory_put(const struct observatory *observatory, struct json_out *out);

#endif
