/* idempotency: the Idempotency-Key of a request, and what tells whether another one is the same.
 * How: idempotency_key; without a key go on as ever; with one pass it to the store together with
 * idempotency_fingerprint, and say reply_field(reply, IDEMPOTENCY_REPLAYED, TEXT("true")) on what
 * an earlier request of that key made. */
#ifndef AGNOSTIC_WEB_IDEMPOTENCY_H
#define AGNOSTIC_WEB_IDEMPOTENCY_H

#include "agnostic/base/secure.h"
#include "web/call.h"

enum { IDEMPOTENCY_KEY_MAX = 255 }; /* bytes */

#define IDEMPOTENCY_REPLAYED "Idempotency-Replayed"

/* idempotency_key(incoming, &key): empty when none was sent; points into the request.
 * ERR_IDEMPOTENCY_KEY: not 1 to 255 visible ASCII characters, bare or as a quoted string; or there
 * twice (which reaches us joined by a comma and a space). */
enum err idempotency_key(const struct incoming *incoming, struct text *ret_key);

/* idempotency_fingerprint(call, canonical, hex): SHA-256 of method, route, {id} and the request as
 * it was understood: canonical is the same for the same request, however it was written
 * (members in one order, defaults filled in). ERR_NOMEM, ERR_INTERNAL. */
enum err idempotency_fingerprint(const struct call *call, struct text canonical,
                                 char hex[static SECURE_HEX_SIZE]);

/* idempotency_read(call, parts, count, &key, hex): both at once for a request that is understood as
 * that many texts; hex is "" without a key. */
enum err idempotency_read(const struct call *call, const struct text *parts, size_t count,
                          struct text *ret_key, char hex[static SECURE_HEX_SIZE]);

#endif
