/* card: payment card numbers in text. */
#ifndef AGNOSTIC_TASK_CARD_H
#define AGNOSTIC_TASK_CARD_H

#include "agnostic/base/text.h"

/* card_at(t, at): bytes of the card number that begins at t[at] and ends where no letter or digit
 * follows: 13 to 19 digits, single blanks or hyphens between them, of a known issuer, with a right
 * Luhn digit. 0 when there is none. What stands before t[at] is the caller's to judge. */
size_t card_at(struct text t, size_t at);

#endif
