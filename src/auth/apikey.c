/* apikey: the form of keys and of their records. Must not know where keys are kept,
 * nor which key is being asked for. */
#include "agnostic/auth/apikey.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/time.h"

enum { BASE62 = 62, RANDOM_DIGITS = 32, CHECK_DIGITS = 6 };

static const char DIGITS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char PREFIX[] = "agn_";
#define PREFIX_LEN (sizeof(PREFIX) - 1)

_Static_assert(PREFIX_LEN + RANDOM_DIGITS + CHECK_DIGITS + 1 == APIKEY_SIZE, "the shape of a key");

/* Bytes from 248 up are drawn again: 256 is no multiple of 62. */
static enum err put_random_digits(char *dst) {
    unsigned char bytes[2 * RANDOM_DIGITS];
    size_t used = sizeof(bytes);
    for (size_t have = 0; have < RANDOM_DIGITS;) {
        if (used == sizeof(bytes)) {
            enum err err = secure_random(bytes, sizeof(bytes));
            if (err != ERR_OK)
                return err;
            used = 0;
        }
        unsigned char byte = bytes[used++];
        if (byte < 256 / BASE62 * BASE62)
            dst[have++] = DIGITS[byte % BASE62];
    }
    secure_wipe(bytes, sizeof(bytes));
    return ERR_OK;
}

static void put_check_digits(struct text body, char dst[static CHECK_DIGITS]) {
    uint32_t sum = secure_crc32(body);
    for (size_t i = CHECK_DIGITS; i-- > 0; sum /= BASE62)
        dst[i] = DIGITS[sum % BASE62];
}

enum err apikey_make(char key[static APIKEY_SIZE], char hash[static SECURE_HEX_SIZE],
                     char id[static APIKEY_ID_SIZE]) {
    const size_t body_len = PREFIX_LEN + RANDOM_DIGITS;
    memcpy(key, PREFIX, PREFIX_LEN);
    enum err err = put_random_digits(key + PREFIX_LEN);
    if (err != ERR_OK)
        return err;
    put_check_digits(text_make(key, body_len), key + body_len);
    key[APIKEY_SIZE - 1] = '\0';
    err = secure_sha256_hex(text_of(key), hash);
    if (err != ERR_OK)
        return err;
    memcpy(id, hash, APIKEY_ID_SIZE - 1);
    id[APIKEY_ID_SIZE - 1] = '\0';
    return ERR_OK;
}

static bool check_is_right(struct text key) {
    char check[CHECK_DIGITS];
    if (key.len != APIKEY_SIZE - 1)
        return false;
    put_check_digits(text_make(key.ptr, key.len - CHECK_DIGITS), check);
    return memcmp(check, key.ptr + key.len - CHECK_DIGITS, CHECK_DIGITS) == 0;
}

bool apikey_is_plausible(struct text t) {
    if (t.len == 0 || t.len > APIKEY_MAX_BYTES)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        if (t.ptr[i] < 0x21 || t.ptr[i] > 0x7E || t.ptr[i] == ',')
            return false;
    }
    return !text_starts(t, text_of(PREFIX)) || check_is_right(t);
}

/* member(root, name, dst, size): "" for null or nothing; false when it is no text that fits. */
static bool member(const struct json *root, const char *name, char *dst, size_t size) {
    const struct json *value = json_get(root, name);
    struct text text = {0};
    if (json_kind(value) != JSON_NONE && json_kind(value) != JSON_NULL && !json_text(value, &text))
        return false;
    return text_copy(text.ptr != NULL ? text : TEXT(""), dst, size);
}

static bool principal_read(const struct json *root, struct principal *ret_principal) {
    ret_principal->permissions = permission_read(json_get(root, "permissions"));
    return member(root, "user_id", ret_principal->user_id, sizeof(ret_principal->user_id)) &&
           member(root, "email", ret_principal->email, sizeof(ret_principal->email)) &&
           member(root, "role", ret_principal->role, sizeof(ret_principal->role)) &&
           ret_principal->user_id[0] != '\0';
}

/* A limit that cannot be read is no reason to think there is none. */
static bool expiry_read(const struct json *root, const char **ret_expires_at) {
    const struct json *value = json_get(root, "expires_at");
    struct text text;
    int64_t us;
    *ret_expires_at = NULL;
    if (json_kind(value) == JSON_NONE || json_kind(value) == JSON_NULL)
        return true;
    *ret_expires_at = json_str(value, NULL);
    return json_text(value, &text) && time_parse_iso(text, &us);
}

enum err apikey_record_read(struct text text, struct apikey_record *ret_record) {
    struct json *root;
    enum err err = json_parse(text, &JSON_LIMITS_REQUEST, &root, NULL);
    if (err != ERR_OK)
        return err == ERR_NOMEM ? err : ERR_DAMAGED;
    struct apikey_record record = {
        .root = root,
        .key_id = json_str(json_get(root, "key_id"), ""),
        .description = json_str(json_get(root, "description"), ""),
        .role = json_str(json_get(root, "role"), ""),
        .created_by = json_str(json_get(root, "created_by"), ""),
        .created_at = json_str(json_get(root, "created_at"), ""),
    };
    if (!principal_read(root, &record.principal) || !expiry_read(root, &record.expires_at)) {
        json_free(root);
        return ERR_DAMAGED;
    }
    *ret_record = record;
    return ERR_OK;
}

void apikey_record_done(struct apikey_record *record) {
    json_free(record->root);
    *record = (struct apikey_record){0};
}

void apikey_record_put(struct buf *buf, const char *id, struct text description, struct text role,
                       const char *created_by, const char *created_at, const char *expires_at) {
    char user[32], email[48];
    struct json_out out;
    permission_set permissions = 0;
    snprintf(user, sizeof(user), "api-key-%s", id);
    snprintf(email, sizeof(email), "%s@agnostic", user);
    permission_key_role(role, &permissions);
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member(&out, "key_id", id);
    json_out_member_text(&out, "description", description);
    json_out_member_text(&out, "role", role);
    json_out_member(&out, "created_by", created_by);
    json_out_member(&out, "created_at", created_at);
    json_out_member(&out, "user_id", user);
    json_out_member(&out, "email", email);
    json_out_name(&out, "permissions");
    permission_put(permissions, &out);
    if (expires_at != NULL)
        json_out_member(&out, "expires_at", expires_at);
    json_out_end_object(&out);
}

bool apikey_is_expired(const struct apikey_record *record, int64_t now_us) {
    int64_t us;
    if (record->expires_at == NULL)
        return false;
    return !time_parse_iso(text_of(record->expires_at), &us) || now_us >= us;
}
