/* token: the only user of libjwt, which sees nothing that did not pass every check here
 * first. Must not know where a token came from, nor whether it was revoked. */
#include "agnostic/auth/token.h"

#include <jwt.h>
#include <math.h>

#include "agnostic/base/secure.h"

enum {
    TOKEN_SIGNATURE_CHARS = 43, /* 32 bytes */
    TOKEN_KID_MAX = 32,
    TOKEN_LEEWAY_S = 30,
    TOKEN_LIFE_MAX_S = 24 * 3600
};
#define TOKEN_TIME_MAX 9007199254740992.0 /* 2^53: a double holds every second up to here */

static const struct json_limits TOKEN_LIMITS = {.depth = 8, .members = 64, .nodes = 512};

struct token_parts {
    struct text header, payload, signature;
};

/* --- shape -------------------------------------------------------------------- */

static bool split(struct text token, struct token_parts *ret_parts) {
    struct text rest = token, more;
    return token.ptr != NULL && token.len <= TOKEN_MAX_BYTES &&
           text_cut(&rest, '.', &ret_parts->header) && text_cut(&rest, '.', &ret_parts->payload) &&
           text_cut(&rest, '.', &ret_parts->signature) && !text_cut(&rest, '.', &more) &&
           ret_parts->header.len > 0 && ret_parts->payload.len > 0;
}

/* Canonical: text_base64url refuses a last character whose unused bits are not 0. */
static bool is_signature(struct text t) {
    unsigned char bytes[SECURE_SHA256_BYTES];
    size_t len;
    return t.len == TOKEN_SIGNATURE_CHARS && text_base64url(t, bytes, sizeof(bytes), &len);
}

/* read_part(part, &root): the JSON object that part encodes; the caller frees root. */
static bool read_part(struct text part, struct json **ret_root) {
    char bytes[TOKEN_MAX_BYTES];
    size_t len;
    struct json *root;
    if (!text_base64url(part, bytes, sizeof(bytes), &len) ||
        json_parse(text_make(bytes, len), &TOKEN_LIMITS, &root, NULL) != ERR_OK)
        return false;
    if (json_kind(root) != JSON_OBJECT) {
        json_free(root);
        return false;
    }
    *ret_root = root;
    return true;
}

/* --- header ------------------------------------------------------------------- */

static bool is_hs256(struct text value) {
    return text_is(value, "HS256");
}

static bool is_jwt(struct text value) {
    return text_is(value, "JWT");
}

/* There is one key, which a kid can name but not choose. */
static bool is_kid(struct text value) {
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            return false;
    }
    return value.len > 0 && value.len <= TOKEN_KID_MAX;
}

static const struct {
    const char *name;
    bool (*accepts)(struct text value);
} HEADER[] = {{"alg", is_hs256}, {"typ", is_jwt}, {"kid", is_kid}};

/* ctx: whether all members so far are acceptable. */
static bool check_header_member(void *ctx, struct text name, const struct json *value) {
    bool *ok = ctx;
    struct text text;
    *ok = false;
    for (size_t i = 0; i < sizeof(HEADER) / sizeof(HEADER[0]); i++) {
        if (text_is(name, HEADER[i].name))
            *ok = json_text(value, &text) && HEADER[i].accepts(text);
    }
    return *ok;
}

static bool header_is_good(struct text part) {
    struct json *root;
    bool ok = false;
    if (!read_part(part, &root))
        return false;
    json_each(root, check_header_member, &ok);
    ok = ok && json_kind(json_get(root, "alg")) == JSON_STRING;
    json_free(root);
    return ok;
}

/* --- claims ------------------------------------------------------------------- */

enum presence { MANDATORY, OPTIONAL };

/* time_claim(claims, name, presence, &s): whole seconds, written as an integer or as a
 * float without fraction; s stays as it is when there is no such claim. */
static bool time_claim(const struct json *claims, const char *name, enum presence presence,
                       int64_t *ret_s) {
    const struct json *value = json_get(claims, name);
    double number;
    if (json_kind(value) == JSON_NONE)
        return presence == OPTIONAL;
    if (!json_number(value, &number) || !(number >= 0 && number <= TOKEN_TIME_MAX) ||
        floor(number) != number)
        return false;
    *ret_s = (int64_t)number;
    return true;
}

static bool times_are_good(const struct json *claims, int64_t now_s) {
    int64_t exp = 0, iat = now_s, nbf = now_s;
    return time_claim(claims, "exp", MANDATORY, &exp) &&
           time_claim(claims, "iat", OPTIONAL, &iat) && time_claim(claims, "nbf", OPTIONAL, &nbf) &&
           now_s < exp && iat <= now_s + TOKEN_LEEWAY_S && nbf <= now_s + TOKEN_LEEWAY_S &&
           exp - iat <= TOKEN_LIFE_MAX_S;
}

/* text_claim(claims, name, presence, dst, size): a string without control characters that
 * fits; "" for an optional one that is null or not there. */
static bool text_claim(const struct json *claims, const char *name, enum presence presence,
                       char *dst, size_t size) {
    const struct json *value = json_get(claims, name);
    struct text text;
    dst[0] = '\0';
    if (json_kind(value) == JSON_NONE || json_kind(value) == JSON_NULL)
        return presence == OPTIONAL;
    if (!json_text(value, &text) || (presence == MANDATORY && text.len == 0))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
            return false;
    }
    return text_copy(text, dst, size);
}

static bool is_access(const struct json *claims) {
    struct text type;
    return json_text(json_get(claims, "type"), &type) && text_is(type, "access");
}

static bool permissions_claim(const struct json *claims, permission_set *ret_set) {
    const struct json *words = json_get(claims, "permissions");
    *ret_set = permission_read(words);
    return json_kind(words) == JSON_NONE || json_kind(words) == JSON_ARRAY;
}

static bool claims_are_good(const struct json *claims, int64_t now_s, struct principal *principal) {
    return json_kind(json_get(claims, "iss")) == JSON_NONE &&
           json_kind(json_get(claims, "aud")) == JSON_NONE && is_access(claims) &&
           times_are_good(claims, now_s) &&
           text_claim(claims, "user_id", MANDATORY, principal->user_id,
                      sizeof(principal->user_id)) &&
           text_claim(claims, "email", OPTIONAL, principal->email, sizeof(principal->email)) &&
           text_claim(claims, "role", OPTIONAL, principal->role, sizeof(principal->role)) &&
           permissions_claim(claims, &principal->permissions);
}

static bool payload_is_good(struct text part, int64_t now_s, struct principal *principal) {
    struct json *claims;
    if (!read_part(part, &claims))
        return false;
    bool ok = claims_are_good(claims, now_s, principal);
    json_free(claims);
    return ok;
}

/* --- signature ------------------------------------------------------------------ */

/* libjwt takes an empty key for "do not verify": never hand it one. */
static bool signature_is_good(struct text token, struct text secret) {
    char copy[TOKEN_MAX_BYTES + 1];
    jwt_t *jwt = NULL;
    if (secret.len < TOKEN_SECRET_MIN_BYTES || secret.len > INT32_MAX ||
        !text_copy(token, copy, sizeof(copy)) ||
        jwt_decode(&jwt, copy, (const unsigned char *)secret.ptr, (int)secret.len) != 0)
        return false;
    bool ok = jwt_get_alg(jwt) == JWT_ALG_HS256;
    jwt_free(jwt);
    return ok;
}

enum err token_verify(struct text token, struct text secret, int64_t now_s,
                      struct principal *ret_principal) {
    struct token_parts parts;
    struct principal principal = {.permissions = 0};
    if (!split(token, &parts) || !is_signature(parts.signature) || !header_is_good(parts.header) ||
        !payload_is_good(parts.payload, now_s, &principal) || !signature_is_good(token, secret))
        return ERR_BAD_TOKEN;
    *ret_principal = principal;
    return ERR_OK;
}
