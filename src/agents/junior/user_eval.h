/* user_eval: whether an answer is what a client's check asserts. Pure. */
#ifndef AGENTS_JUNIOR_USER_EVAL_H
#define AGENTS_JUNIOR_USER_EVAL_H

#include "agnostic/probe/http.h"
#include "agnostic/task/user_check.h"

/* What was captured so far. */
struct user_capture {
    char name[33];
    char *value; /* owned */
};
struct user_captures {
    struct user_capture items[USER_CHECKS_MAX];
    size_t count;
};
void user_captures_done(struct user_captures *captures);
/* user_captures_set(captures, name, value): the newest of a name holds; without room or memory it
 * is not kept. */
void user_captures_set(struct user_captures *captures, struct text name, struct text value);
/* user_captures_fill(captures, template, buf): appends template with each {{name}} replaced. False:
 * one of them was never captured. */
bool user_captures_fill(const struct user_captures *captures, struct text template,
                        struct buf *buf);

struct user_answer {
    const struct http_response *response;
    const struct json *json; /* of its body; NULL: it is none */
};

/* user_eval_get(query, argument, answer, buf): appends what a query finds, as text; values of JSON
 * as they are written, strings without quotes. False: there is nothing. */
bool user_eval_get(enum user_query query, struct text argument, const struct user_answer *answer,
                   struct buf *buf);
/* user_eval_holds(assert, expected, answer, actual): does it hold? expected: the assert's value as
 * text, filled in; actual: appended what was found instead, for people. */
bool user_eval_holds(const struct user_assert *assert, struct text expected,
                     const struct user_answer *answer, struct buf *actual);

#endif
