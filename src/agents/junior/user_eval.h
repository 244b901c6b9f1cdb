/* user_eval: whether an answer is what a client's check asserts. Pure. */
#ifndef AGENTS_JUNIOR_USER_EVAL_H
#define AGENTS_JUNIOR_USER_EVAL_H

#include "agnostic/probe/http.h"
#include "agnostic/task/user_check.h"

/* What was captured so far. */
struct user_capture {
    char name[USER_CHECK_CAPTURE_NAME_MAX + 1];
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
/* What it is that a capture is filled into: any text, or the inside of strings of JSON. */
enum user_fill { USER_FILL_PLAIN, USER_FILL_JSON };
/* user_captures_fill(captures, template, fill, buf): appends template with each {{name}} replaced.
 * False: one of them was never captured. */
bool user_captures_fill(const struct user_captures *captures, struct text template,
                        enum user_fill fill, struct buf *buf);
/* user_captures_hide(captures, more, text, max, buf): appends the first max bytes of text, for
 * people: with {{name}} in place of a value of either, unless that is as short as "on" or "200". */
void user_captures_hide(const struct user_captures *captures, const struct user_captures *more,
                        struct text text, size_t max, struct buf *buf);

struct user_answer {
    const struct http_response *response;
    const struct json *json; /* of its body; NULL: it is none */
};

/* user_eval_get(query, argument, answer, buf): appends what a query finds, as text; values of JSON
 * as they are written, strings without quotes. False: there is nothing. */
bool user_eval_get(enum user_query query, struct text argument, const struct user_answer *answer,
                   struct buf *buf);
/* user_eval_holds(assert, expected, answer, actual, &why): does it hold? expected: the assert's
 * value as text, filled in; actual: appended what was found. why, where it does not: what there is
 * to say instead of actual ("it is nothing"), else NULL. What cannot be told (of an answer that was
 * cut short, a path in what is no JSON, too much work for an expression) does not hold, nor does
 * its contrary. */
bool user_eval_holds(const struct user_assert *assert, struct text expected,
                     const struct user_answer *answer, struct buf *actual, const char **ret_why);

#endif
