/* cookie_life: how long a cookie is kept. Pure. */
#ifndef AGENTS_SECURITY_COOKIE_LIFE_H
#define AGENTS_SECURITY_COOKIE_LIFE_H

#include "agents/security/cookie.h"

/* cookie_life(cookie, now_s, &seconds): from Max-Age, else Expires (RFC 6265 section 5.1.1); false
 * for one that ends with the browser. now_s: seconds since 1970. */
bool cookie_life(const struct cookie *cookie, int64_t now_s, int64_t *ret_seconds);

#endif
