/* hsts: a Strict-Transport-Security value (RFC 6797). Pure. */
#ifndef AGENTS_SECURITY_HSTS_H
#define AGENTS_SECURITY_HSTS_H

#include "agnostic/base/text.h"

enum { HSTS_MIN_S = 15552000 /* 180 days: below, a policy is forgotten between visits */ };

/* hsts_max_age(value, &seconds): max-age, which stands once, in digits, maybe quoted. */
bool hsts_max_age(struct text value, uint64_t *ret_seconds);

#endif
