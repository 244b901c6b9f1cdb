/* look: what a page looks like, apart from what is different each time that it is asked for: its
 * path, a time, a token. These are found by laying two answers of the same kind side by side, word
 * by word; a word is what stands between blanks, quotes, '<' and '>'. */
#ifndef AGENTS_JUNIOR_LOOK_H
#define AGENTS_JUNIOR_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agnostic/base/text.h"

enum {
    LOOK_WILD_MAX = 64, /* words that may differ */
    LOOK_KEPT_MIN = 3,  /* words that may not: fewer are no look */
    LOOK_KEPT_SHARE = 3 /* of that many words at most one may differ */
};

/* The places of words that differ, in order. Zeroed: every word counts. */
struct look_mask {
    size_t wild[LOOK_WILD_MAX];
    size_t count;
};

/* look_compare(a, b, &mask): false: they are not alike, or so little is that anything might be. */
bool look_compare(struct text a, struct text b, struct look_mask *ret_mask);
/* look_of(mask, body): a hash of the words that count, and of how many words there are; never 0. */
uint64_t look_of(const struct look_mask *mask, struct text body);

#endif
