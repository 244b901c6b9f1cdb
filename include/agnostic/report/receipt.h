/* receipt: what a finished task came to, signed, so that a later job believes it without asking:
 * a JSON Web Signature in its compact form (RFC 7515) with Ed25519 (RFC 8037).
 *
 *   header   {"alg":"EdDSA","kid":"<thumbprint>","typ":"agnostic-receipt"}
 *   payload  {"v":1,"task_id","session_id","status","verdict","target","spec_sha256",
 *             "result_sha256","finished_at"}
 *
 * Pure: the same record and key give the same bytes. */
#ifndef AGNOSTIC_REPORT_RECEIPT_H
#define AGNOSTIC_REPORT_RECEIPT_H

#include "agnostic/base/json.h"
#include "agnostic/base/sign.h"

enum {
    RECEIPT_MAX_BYTES = 16 << 10,
    RECEIPT_KID_SIZE = 44, /* RFC 7638 thumbprint of the key, with NUL */
    RECEIPT_KEYS_MAX = 16
};

/* receipt_write(record, spec, sign, buf): spec is the order as it was stored, ptr NULL when it is
 * not known. ERR_INVALID: the task has not finished; ERR_DAMAGED: no such record; ERR_TOO_LARGE
 * beyond buf's limit; ERR_NOMEM, ERR_INTERNAL. buf must be empty. */
enum err receipt_write(struct text record, struct text spec, const struct sign *sign,
                       struct buf *buf);

/* receipt_read(receipt, public_key, &payload): what it says, when the owner of that key signed
 * every byte of it. The caller frees payload with json_free. ERR_REFUSED: another key's, or
 * changed; ERR_SYNTAX: no receipt; ERR_NOMEM, ERR_INTERNAL. */
enum err receipt_read(struct text receipt, const unsigned char public_key[static SIGN_PUBLIC_BYTES],
                      struct json **ret_payload);

/* receipt_kid(public_key, kid): what names a key. ERR_INTERNAL. */
enum err receipt_kid(const unsigned char public_key[static SIGN_PUBLIC_BYTES],
                     char kid[static RECEIPT_KID_SIZE]);
/* receipt_keys_put(public_key, out): {"keys":[...]}, a JSON Web Key Set (RFC 7517). ERR_INTERNAL.
 */
enum err receipt_keys_put(const unsigned char public_key[static SIGN_PUBLIC_BYTES],
                          struct json_out *out);
/* receipt_keys_read(keys, public_keys): the Ed25519 keys of such a set, at most RECEIPT_KEYS_MAX;
 * how many. */
size_t receipt_keys_read(const struct json *keys,
                         unsigned char public_keys[static RECEIPT_KEYS_MAX][SIGN_PUBLIC_BYTES]);

#endif
