/* token: Bearer tokens, HS256 JWTs of the original's shape. Only user of libjwt, which is
 * reached only behind our own strict checks (libjwt 1.10.2 accepts 16 kinds of token that
 * must be refused, and everything when its key is empty). */
#ifndef AGNOSTIC_AUTH_TOKEN_H
#define AGNOSTIC_AUTH_TOKEN_H

#include "agnostic/auth/permission.h"

enum { TOKEN_MAX_BYTES = 4096, TOKEN_SECRET_MIN_BYTES = 32 };

/* token_verify(token, secret, now_s, &principal): ERR_OK, or ERR_BAD_TOKEN for every cause
 * alike: shape (three base64url parts, 43-character canonical signature), header members other
 * than alg, typ, kid, alg other than exactly "HS256", signature, duplicate or wrong-typed claims,
 * exp missing or passed, nbf or iat in the future (leeway 30 s), exp more than 24 h after iat,
 * type other than "access", user_id not a non-empty string, iss or aud present. A secret shorter
 * than TOKEN_SECRET_MIN_BYTES verifies nothing. */
enum err token_verify(struct text token, struct text secret, int64_t now_s,
                      struct principal *ret_principal);

#endif
