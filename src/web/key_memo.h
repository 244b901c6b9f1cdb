/* key_memo: the last API key records that were read, by their bytes.
 *
 * Nothing is cached: every request asks Redis, so that a revoked key is dead at once. But the
 * same bytes mean the same principal, and need not be parsed again. */
#ifndef AGNOSTIC_WEB_KEY_MEMO_H
#define AGNOSTIC_WEB_KEY_MEMO_H

#include "agnostic/auth/permission.h"

enum { KEY_MEMO_COUNT = 16, KEY_MEMO_MAX_BYTES = 2048 };

struct key_memo;

/* key_memo_new(): NULL without memory; a NULL memo remembers nothing. */
struct key_memo *key_memo_new(void);
void key_memo_free(struct key_memo *memo);

/* key_memo_find(memo, digest, bytes, &principal): true when the record that was last kept for
 * this digest has exactly these bytes. digest: hex, places the record. */
bool key_memo_find(const struct key_memo *memo, const char *digest, struct text bytes,
                   struct principal *ret_principal);
/* key_memo_keep(memo, digest, bytes, principal): only records that say the same at every moment
 * (without expires_at) may be kept. Longer ones than KEY_MEMO_MAX_BYTES are not. */
void key_memo_keep(struct key_memo *memo, const char *digest, struct text bytes,
                   const struct principal *principal);

#endif
