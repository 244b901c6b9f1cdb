/* guard: who is asking, and whether they may. The one place that joins credentials, the
 * pure checks of auth/ and what the store knows. Pure itself: the caller does the look-up
 * between the two halves, alone or together with a task. */
#ifndef AGNOSTIC_WEB_GUARD_H
#define AGNOSTIC_WEB_GUARD_H

#include "agnostic/store/access_store.h"
#include "web/incoming.h"
#include "web/key_memo.h"

struct guard_rules {
    char static_hash[SECURE_HEX_SIZE]; /* SHA-256 of the static key; "": there is none */
    struct text token_secret;          /* empty: Bearer is switched off */
};

/* guard_rules_init(rules, static_key, token_secret): both may be empty; token_secret is borrowed.
 * ERR_INTERNAL. */
enum err guard_rules_init(struct guard_rules *rules, struct text static_key,
                          struct text token_secret);

/* guard_open(rules, incoming, now_us, &query, &principal): reads the credential. X-API-Key, if it
 * is there at all, decides alone. ERR_OK: query says what to look up; principal is set unless that
 * is ACCESS_API_KEY. ERR_NO_CREDENTIAL, ERR_BAD_KEY, ERR_BAD_TOKEN; ERR_INTERNAL. */
enum err guard_open(const struct guard_rules *rules, const struct incoming *incoming,
                    int64_t now_us, struct access_query *ret_query,
                    struct principal *ret_principal);

/* guard_judge(query, answer, now_us, memo, &principal): what was found decides. memo may be NULL.
 * ERR_BAD_KEY: no such key, or expired. ERR_BAD_TOKEN: revoked. ERR_DAMAGED: the key's record
 * cannot be read. */
enum err guard_judge(const struct access_query *query, const struct access_answer *answer,
                     int64_t now_us, struct key_memo *memo, struct principal *principal);

/* guard_permit(principal, need): ERR_FORBIDDEN. need: of a route that is not open. */
enum err guard_permit(const struct principal *principal, int need);

#endif
