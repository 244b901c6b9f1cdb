/* guard: order and texts of authentication. Must not know routes, and must not cache answers. */
#include "web/guard.h"

#include <stdio.h>

#include "agnostic/auth/token.h"
#include "web/route.h"

enum err guard_rules_init(struct guard_rules *rules, struct text static_key,
                          struct text token_secret) {
    *rules = (struct guard_rules){.token_secret = token_secret};
    return static_key.len > 0 ? secure_sha256_hex(static_key, rules->static_hash) : ERR_OK;
}

/* The operator's own key: everything. */
static void guard_operator(struct principal *ret_principal) {
    *ret_principal = (struct principal){.permissions = PERM_ALL};
    snprintf(ret_principal->user_id, sizeof(ret_principal->user_id), "api-key-user");
    snprintf(ret_principal->email, sizeof(ret_principal->email), "api@agnostic");
    snprintf(ret_principal->role, sizeof(ret_principal->role), "api_user");
}

static enum err guard_open_key(const struct guard_rules *rules, const struct incoming *incoming,
                               struct access_query *ret_query, struct principal *ret_principal) {
    struct text key = incoming->header[INCOMING_API_KEY];
    /* Some web servers join the two with a comma, which makes an implausible key. */
    if (incoming_has_twice(incoming, INCOMING_API_KEY))
        return ERR_BAD_KEY;
    enum err err = secure_sha256_hex(key, ret_query->digest);
    if (err != ERR_OK)
        return err;
    if (rules->static_hash[0] != '\0' &&
        secure_equal(ret_query->digest, rules->static_hash, SECURE_HEX_SIZE)) {
        ret_query->kind = ACCESS_NOTHING;
        guard_operator(ret_principal);
        return ERR_OK;
    }
    ret_query->kind = ACCESS_API_KEY;
    return apikey_is_plausible(key) ? ERR_OK : ERR_BAD_KEY;
}

static enum err guard_open_token(const struct guard_rules *rules, const struct incoming *incoming,
                                 int64_t now_us, struct access_query *ret_query,
                                 struct principal *ret_principal) {
    struct text field = incoming->header[INCOMING_AUTHORIZATION], prefix = TEXT("Bearer ");
    if (!text_starts(field, prefix) || incoming_has_twice(incoming, INCOMING_AUTHORIZATION))
        return ERR_NO_CREDENTIAL;
    struct text token = text_make(field.ptr + prefix.len, field.len - prefix.len);
    enum err err = token_verify(token, rules->token_secret, now_us / 1000000, ret_principal);
    if (err != ERR_OK)
        return err;
    ret_query->kind = ACCESS_TOKEN;
    return secure_sha256_hex(token, ret_query->digest);
}

enum err guard_open(const struct guard_rules *rules, const struct incoming *incoming,
                    int64_t now_us, struct access_query *ret_query,
                    struct principal *ret_principal) {
    if (incoming_has(incoming, INCOMING_API_KEY))
        return guard_open_key(rules, incoming, ret_query, ret_principal);
    return guard_open_token(rules, incoming, now_us, ret_query, ret_principal);
}

static enum err guard_judge_key(const struct access_query *query,
                                const struct access_answer *answer, int64_t now_us,
                                struct key_memo *memo, struct principal *principal) {
    struct apikey_record record;
    struct text bytes = text_of(answer->value);
    if (!answer->found)
        return ERR_BAD_KEY;
    if (key_memo_find(memo, query->digest, bytes, principal))
        return ERR_OK;
    enum err err = apikey_record_read(bytes, &record);
    if (err != ERR_OK)
        return err;
    if (apikey_is_expired(&record, now_us))
        err = ERR_BAD_KEY;
    else
        *principal = record.principal;
    if (err == ERR_OK && record.expires_at == NULL)
        key_memo_keep(memo, query->digest, bytes, principal);
    apikey_record_done(&record);
    return err;
}

enum err guard_judge(const struct access_query *query, const struct access_answer *answer,
                     int64_t now_us, struct key_memo *memo, struct principal *principal) {
    switch (query->kind) {
    case ACCESS_NOTHING:
        return ERR_OK;
    case ACCESS_API_KEY:
        return guard_judge_key(query, answer, now_us, memo, principal);
    case ACCESS_TOKEN:
        return answer->found ? ERR_BAD_TOKEN : ERR_OK;
    }
    return ERR_NO_CREDENTIAL;
}

enum err guard_permit(const struct principal *principal, int need) {
    if (need == ROUTE_ANY_CREDENTIAL)
        return ERR_OK;
    if (need == ROUTE_CANCEL)
        return principal_may(principal, PERM_SESSIONS_WRITE) ||
                       principal_may(principal, PERM_SESSIONS_DELETE)
                   ? ERR_OK
                   : ERR_FORBIDDEN;
    if (need < 0 || need >= PERM__COUNT)
        return ERR_FORBIDDEN;
    return principal_may(principal, (enum permission)need) ? ERR_OK : ERR_FORBIDDEN;
}
