/* secret: what must not stand in a page, found by its form. Careful: what may be an example, a
 * version or a part of something longer is none. Pure. */
#ifndef AGENTS_SECURITY_SECRET_H
#define AGENTS_SECURITY_SECRET_H

#include "agnostic/base/text.h"

struct secret {
    struct text text; /* a view of where it was found: never to be shown whole */
    const char *what; /* "A GitHub token" */
    struct text sign; /* the part of it that is no secret, to find it again: "ghp_" */
};

/* secret_..(t, &at, &found): the next one in t from byte *at on, which is moved behind it; false
 * when there is none. Linear in t. */
typedef bool (*secret_finder)(struct text t, size_t *at, struct secret *ret_found);

/* Tokens of known services, private keys. */
bool secret_token(struct text t, size_t *at, struct secret *ret_found);
/* Password hashes: bcrypt, crypt(3), argon2, phpass, Django's. */
bool secret_hash(struct text t, size_t *at, struct secret *ret_found);
/* "password: hunter22", "api_key=...": a name and a value with letters and digits. */
bool secret_assignment(struct text t, size_t *at, struct secret *ret_found);

#endif
