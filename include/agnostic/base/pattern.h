/* pattern: regular expressions over text from outside, with bounded work. Only user of PCRE2.
 *
 * Ours match without regard to case, over UTF-8, and may hold blanks and comments (PCRE2_EXTENDED).
 * A client's are taken as they are, may do less, and their work is bounded all the same. */
#ifndef AGNOSTIC_BASE_PATTERN_H
#define AGNOSTIC_BASE_PATTERN_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

struct pattern;

/* One match: where it stands in the subject, and what its groups hold. */
struct pattern_match {
    size_t start, end; /* bytes; end is behind the last */
    struct pattern *pattern;
    struct text subject;
};

/* pattern_new(expression, &pattern): the caller frees it with pattern_free. ERR_NOMEM,
 * ERR_INTERNAL when the expression is none. */
enum err pattern_new(const char *expression, struct pattern **ret_pattern);
enum { PATTERN_CLIENT_MAX_BYTES = 512 };
/* pattern_new_client(expression, &pattern): of a client: plain PCRE2 over UTF-8, without \C.
 * ERR_SYNTAX when it is none or longer than PATTERN_CLIENT_MAX_BYTES; ERR_NOMEM. */
enum err pattern_new_client(struct text expression, struct pattern **ret_pattern);
/* pattern_free(pattern): NULL is fine. */
void pattern_free(struct pattern *pattern);

/* pattern_search(pattern, subject, from, &match): the first match at byte `from` or behind it; it
 * holds until the pattern's next search. ERR_EMPTY: there is none; ERR_TOO_LARGE: it cannot be
 * told, as the work gets too much (PATTERN_STEPS_MAX) or the subject is not UTF-8 (a client's
 * expression passes over what is not). pattern_find: whether there is one, and can be told. */
enum err pattern_search(struct pattern *pattern, struct text subject, size_t from,
                        struct pattern_match *ret_match);
bool pattern_find(struct pattern *pattern, struct text subject, size_t from,
                  struct pattern_match *ret_match);
/* pattern_group(match, name): what the named group holds; ptr NULL when it took no part. */
struct text pattern_group(const struct pattern_match *match, const char *name);

#endif
