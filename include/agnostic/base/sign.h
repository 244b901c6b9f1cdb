/* sign: Ed25519 signatures (RFC 8032) and the file that a signing key is kept in. Only user of
 * OpenSSL's signatures. */
#ifndef AGNOSTIC_BASE_SIGN_H
#define AGNOSTIC_BASE_SIGN_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

enum { SIGN_PUBLIC_BYTES = 32, SIGN_BYTES = 64 };

struct sign; /* a private key */

/* sign_open(path, &sign, &fault): the key in the file at path (PKCS #8, PEM); one that is not there
 * is made, mode 0600, of which the file appears whole or not at all, whoever else makes it at the
 * same time. ERR_CONFIG with the reason: not to be read or made, open to others, no Ed25519 key.
 * ERR_NOMEM. The caller frees with sign_free. */
enum err sign_open(const char *path, struct sign **ret_sign, struct fault *ret_fault);
void sign_free(struct sign *sign); /* NULL is fine */

/* sign_public(sign): its public key; lives as long as sign. */
const unsigned char *sign_public(const struct sign *sign);
/* sign_text(sign, t, signature): the same text gives the same signature. ERR_INTERNAL. */
enum err sign_text(const struct sign *sign, struct text t,
                   unsigned char signature[static SIGN_BYTES]);
/* sign_verify(public_key, t, signature): true only when the owner of that key signed exactly t. */
bool sign_verify(const unsigned char public_key[static SIGN_PUBLIC_BYTES], struct text t,
                 const unsigned char signature[static SIGN_BYTES]);

#endif
