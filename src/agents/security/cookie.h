/* cookie: one Set-Cookie line, read as browsers do (RFC 6265 section 5.2), and what its name
 * suggests. Pure. */
#ifndef AGENTS_SECURITY_COOKIE_H
#define AGENTS_SECURITY_COOKIE_H

#include "agnostic/base/text.h"

struct cookie {
    struct text name, value; /* views of the line */
    bool secure, http_only;
    bool has_max_age; /* then Expires does not count */
    bool deletes;     /* Max-Age of nothing, or Expires last century: takes a cookie away */
    /* ptr NULL: attribute absent; the last one counts */
    struct text same_site, domain, path, max_age, expires;
};

/* cookie_parse(line, &cookie): false when a browser would ignore the line (no name). */
bool cookie_parse(struct text line, struct cookie *ret_cookie);
/* cookie_is_session(name): looks like what holds a login: sess, sid, auth, login, token, jwt.
 * Anti-forgery tokens (csrf, xsrf) are not: scripts must be able to read them. */
bool cookie_is_session(struct text name);

#endif
