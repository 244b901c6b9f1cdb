/* access_store: what the store knows about credentials: API keys and revoked tokens.
 * Effective at once: nothing is cached. */
#ifndef AGNOSTIC_STORE_ACCESS_STORE_H
#define AGNOSTIC_STORE_ACCESS_STORE_H

#include "agnostic/auth/apikey.h"
#include "agnostic/store/store.h"

enum access_kind {
    ACCESS_NOTHING, /* the credential is judged without the store (static key) */
    ACCESS_API_KEY, /* api_key:<digest> holds the record */
    ACCESS_TOKEN    /* blacklist_token:<digest> exists when the token was revoked */
};
/* What to look up; digest is the SHA-256 of the credential in hex. */
struct access_query {
    enum access_kind kind;
    char digest[SECURE_HEX_SIZE];
};
/* What was there; access_answer_done frees it. */
struct access_answer {
    bool found;
    char *value; /* the record of an API key, NUL-terminated, owned; NULL for a token */
};
void access_answer_done(struct access_answer *answer);

/* access_store_find(store, query, &answer): one round trip (none for ACCESS_NOTHING). */
enum err access_store_find(struct store *store, const struct access_query *query,
                           struct access_answer *ret_answer);

/* access_store_create(store, hash, id, record): ERR_CONFLICT when the id is taken: draw again. */
enum err access_store_create(struct store *store, const char *hash, const char *id,
                             struct text record);
/* What lets a creation happen once: owner, Idempotency-Key as received, and the hex SHA-256 of the
 * request that came with it. */
struct access_once {
    const char *owner, *fingerprint;
    struct text idem_key;
};
/* access_store_create_once(store, hash, id, record, once, &made): access_store_create, but
 * ERR_ALREADY_CREATED when that request made one before: `made` is its id; ERR_IDEMPOTENCY: that
 * key came with another request. once->idem_key may be empty. */
enum err access_store_create_once(struct store *store, const char *hash, const char *id,
                                  struct text record, const struct access_once *once,
                                  char ret_made[static APIKEY_ID_SIZE]);
/* access_store_revoke(store, id): ERR_NO_KEY. */
enum err access_store_revoke(struct store *store, const char *id);
/* access_store_list(store, visit, ctx): each record of the index, by id; ids without record
 * are skipped. At most ACCESS_LIST_MAX. */
enum { ACCESS_LIST_MAX = 10000 };
enum err access_store_list(struct store *store, void (*visit)(void *ctx, struct text record),
                           void *ctx);

#endif
