/* apikey: making, judging and recording API keys. Pure but for randomness; where keys
 * are kept is store/key_store's business.
 *
 * A key is "agn_", 32 base62 characters (190 random bits) and 6 base62 characters of the
 * CRC-32 of all before. Keys of other shapes (the original's, 43 base64url characters) are
 * looked up as they are. Only the SHA-256 of a key is ever stored. */
#ifndef AGNOSTIC_AUTH_APIKEY_H
#define AGNOSTIC_AUTH_APIKEY_H

#include "agnostic/auth/permission.h"
#include "agnostic/base/secure.h"

enum { APIKEY_SIZE = 43, APIKEY_ID_SIZE = 9, APIKEY_MAX_BYTES = 512, APIKEY_DESCRIPTION_MAX = 500 };

/* apikey_make(key, hash, id): a fresh key, its SHA-256 in hex, and its id (the first 8 hex of the
 * hash). */
enum err apikey_make(char key[static APIKEY_SIZE], char hash[static SECURE_HEX_SIZE],
                     char id[static APIKEY_ID_SIZE]);
/* apikey_is_plausible(t): 1..512 bytes 0x21..0x7E without ',', and the checksum right when it
 * starts "agn_". What is not plausible is refused without asking the store. */
bool apikey_is_plausible(struct text t);

/* One key as it stands in `api_key:<sha256>`: the original's members, plus optional ones. */
struct apikey_record {
    struct json *root; /* owned; apikey_record_done frees it */
    const char *key_id, *description, *role, *created_by, *created_at; /* live as long as root */
    const char *expires_at; /* RFC 3339, or NULL: never */
    struct principal principal;
};
/* apikey_record_read(text, &record): ERR_DAMAGED. */
enum err apikey_record_read(struct text text, struct apikey_record *ret_record);
void apikey_record_done(struct apikey_record *record);
/* apikey_record_put(buf, id, description, role, created_by, created_at, expires_at): members as
 * the original's, in its order: key_id, description, role, created_by, created_at, user_id, email,
 * permissions; then expires_at when not NULL. */
void apikey_record_put(struct buf *buf, const char *id, struct text description, struct text role,
                       const char *created_by, const char *created_at, const char *expires_at);
/* apikey_is_expired(record, now_us). */
bool apikey_is_expired(const struct apikey_record *record, int64_t now_us);

#endif
