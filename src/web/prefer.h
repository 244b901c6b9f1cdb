/* prefer: what a client would like, as RFC 7240 has it said. */
#ifndef AGNOSTIC_WEB_PREFER_H
#define AGNOSTIC_WEB_PREFER_H

#include "agnostic/base/text.h"

/* prefer_wait(field, &seconds): the first `wait=N` of a Prefer field. What is not understood there
 * is passed over, as that RFC wants it. */
bool prefer_wait(struct text field, int64_t *ret_seconds);

#endif
