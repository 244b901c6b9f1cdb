/* The receipt's form. The header is the same for every receipt of a key, so it is compared and not
 * read: there is no algorithm to choose. */
#include "agnostic/report/receipt.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/secure.h"
#include "report/forms.h"

enum {
    HEADER_MAX_BYTES = 256,
    HEADER_SIZE = TEXT_BASE64_SIZE(HEADER_MAX_BYTES),
    X_SIZE = TEXT_BASE64_SIZE(SIGN_PUBLIC_BYTES),
    SIGNATURE_SIZE = TEXT_BASE64_SIZE(SIGN_BYTES),
    RESULT_MAX_BYTES = 8 << 20
};

static const struct json_limits LIMITS = {.depth = 4, .members = 32, .nodes = 64};

/* --- keys ------------------------------------------------------------------------------------ */

enum err receipt_kid(const unsigned char public_key[static SIGN_PUBLIC_BYTES],
                     char kid[static RECEIPT_KID_SIZE]) {
    unsigned char digest[SECURE_SHA256_BYTES];
    char x[X_SIZE], jwk[HEADER_MAX_BYTES], encoded[TEXT_BASE64_SIZE(SECURE_SHA256_BYTES)];
    text_base64url_put(public_key, SIGN_PUBLIC_BYTES, x);
    snprintf(jwk, sizeof(jwk), "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
    enum err err = secure_sha256(text_of(jwk), digest);
    if (err != ERR_OK)
        return err;
    text_base64url_put(digest, sizeof(digest), encoded);
    return text_copy(text_of(encoded), kid, RECEIPT_KID_SIZE) ? ERR_OK : ERR_INTERNAL;
}

enum err receipt_keys_put(const unsigned char public_key[static SIGN_PUBLIC_BYTES],
                          struct json_out *out) {
    char kid[RECEIPT_KID_SIZE], x[X_SIZE];
    enum err err = receipt_kid(public_key, kid);
    if (err != ERR_OK)
        return err;
    text_base64url_put(public_key, SIGN_PUBLIC_BYTES, x);
    json_out_object(out);
    json_out_name(out, "keys");
    json_out_array(out);
    json_out_object(out);
    json_out_member(out, "kty", "OKP");
    json_out_member(out, "crv", "Ed25519");
    json_out_member(out, "x", x);
    json_out_member(out, "kid", kid);
    json_out_member(out, "alg", "EdDSA");
    json_out_member(out, "use", "sig");
    json_out_end_object(out);
    json_out_end_array(out);
    json_out_end_object(out);
    return ERR_OK;
}

size_t receipt_keys_read(const struct json *keys,
                         unsigned char public_keys[static RECEIPT_KEYS_MAX][SIGN_PUBLIC_BYTES]) {
    const struct json *list = json_get(keys, "keys");
    size_t count = 0, len;
    struct text x;
    for (size_t i = 0; i < json_count(list) && count < RECEIPT_KEYS_MAX; i++) {
        const struct json *key = json_at(list, i);
        if (strcmp(json_str(json_get(key, "crv"), ""), "Ed25519") == 0 &&
            json_text(json_get(key, "x"), &x) &&
            text_base64url(x, public_keys[count], SIGN_PUBLIC_BYTES, &len) &&
            len == SIGN_PUBLIC_BYTES)
            count++;
    }
    return count;
}

/* --- writing --------------------------------------------------------------------------------- */

static enum err header_of(const unsigned char public_key[static SIGN_PUBLIC_BYTES],
                          char encoded[static HEADER_SIZE]) {
    char kid[RECEIPT_KID_SIZE], header[HEADER_MAX_BYTES];
    enum err err = receipt_kid(public_key, kid);
    if (err != ERR_OK)
        return err;
    int len = snprintf(header, sizeof(header),
                       "{\"alg\":\"EdDSA\",\"kid\":\"%s\",\"typ\":\"agnostic-receipt\"}", kid);
    text_base64url_put(header, (size_t)len, encoded);
    return ERR_OK;
}

/* Of the bytes that GET /api/tasks/{id}/report?format=json has. */
static enum err hash_result(const struct view *view, char hex[static SECURE_HEX_SIZE]) {
    struct buf result;
    buf_init(&result, RESULT_MAX_BYTES);
    form_json(view, &result);
    enum err err = result.failed ? ERR_TOO_LARGE : secure_sha256_hex(buf_text(&result), hex);
    buf_done(&result);
    return err;
}

static void put_target(const struct view *view, struct text spec, struct json_out *out) {
    struct json *order = NULL;
    struct text target = view->target;
    if (target.ptr == NULL && spec.ptr != NULL &&
        json_parse(spec, &JSON_LIMITS_REQUEST, &order, NULL) == ERR_OK)
        (void)json_text(json_get(order, "target_url"), &target);
    if (target.ptr != NULL)
        json_out_member_text(out, "target", target);
    else
        json_out_member(out, "target", NULL);
    json_free(order);
}

static enum err put_payload(const struct view *view, struct text spec, struct buf *buf) {
    char result_hex[SECURE_HEX_SIZE], spec_hex[SECURE_HEX_SIZE];
    struct json_out out;
    enum err err = hash_result(view, result_hex);
    if (err == ERR_OK && spec.ptr != NULL)
        err = secure_sha256_hex(spec, spec_hex);
    if (err != ERR_OK)
        return err;
    json_out_init(&out, buf);
    json_out_object(&out);
    json_out_member_int(&out, "v", 1);
    json_out_member(&out, "task_id", view->record.task_id);
    json_out_member(&out, "session_id", view->record.session_id);
    json_out_member(&out, "status", task_state_word(view->record.state));
    json_out_member(&out, "verdict",
                    view->has_verdict && !view->failed ? verdict_word(view->verdict) : NULL);
    put_target(view, spec, &out);
    json_out_member(&out, "spec_sha256", spec.ptr != NULL ? spec_hex : NULL);
    json_out_member(&out, "result_sha256", result_hex);
    json_out_member(&out, "finished_at", view->record.updated_at);
    json_out_end_object(&out);
    return buf->failed ? ERR_TOO_LARGE : ERR_OK;
}

static void put_encoded(struct text bytes, struct buf *buf) {
    char *room = buf_room(buf, TEXT_BASE64_SIZE(bytes.len));
    if (room == NULL)
        return;
    text_base64url_put(bytes.ptr, bytes.len, room);
    buf_wrote(buf, strlen(room));
}

static enum err put_signed(struct text payload, const struct sign *sign, struct buf *buf) {
    unsigned char signature[SIGN_BYTES];
    char header[HEADER_SIZE];
    enum err err = header_of(sign_public(sign), header);
    if (err != ERR_OK)
        return err;
    buf_puts(buf, header);
    buf_putc(buf, '.');
    put_encoded(payload, buf);
    if (buf->failed)
        return ERR_TOO_LARGE;
    err = sign_text(sign, buf_text(buf), signature);
    if (err != ERR_OK)
        return err;
    buf_putc(buf, '.');
    put_encoded(text_make((const char *)signature, sizeof(signature)), buf);
    return buf->failed ? ERR_TOO_LARGE : ERR_OK;
}

enum err receipt_write(struct text record, struct text spec, const struct sign *sign,
                       struct buf *buf) {
    struct view *view;
    struct buf payload;
    enum err err = view_new(record, (struct text){NULL, 0}, &view);
    if (err != ERR_OK)
        return err;
    buf_init(&payload, RECEIPT_MAX_BYTES);
    err = put_payload(view, spec, &payload);
    if (err == ERR_OK)
        err = put_signed(buf_text(&payload), sign, buf);
    buf_done(&payload);
    view_free(view);
    return err;
}

/* --- reading --------------------------------------------------------------------------------- */

static enum err read_payload(struct text encoded, struct json **ret_payload) {
    char payload[RECEIPT_MAX_BYTES];
    size_t len;
    if (!text_base64url(encoded, payload, sizeof(payload), &len))
        return ERR_SYNTAX;
    return json_parse(text_make(payload, len), &LIMITS, ret_payload, NULL);
}

enum err receipt_read(struct text receipt, const unsigned char public_key[static SIGN_PUBLIC_BYTES],
                      struct json **ret_payload) {
    struct text rest = receipt, header, payload;
    unsigned char signature[SIGN_BYTES];
    char expected[HEADER_SIZE];
    size_t len;
    if (receipt.len == 0 || receipt.len > RECEIPT_MAX_BYTES || !text_cut(&rest, '.', &header) ||
        !text_cut(&rest, '.', &payload) || rest.ptr == NULL ||
        !text_base64url(rest, signature, sizeof(signature), &len) || len != SIGN_BYTES)
        return ERR_SYNTAX;
    enum err err = header_of(public_key, expected);
    if (err != ERR_OK)
        return err;
    struct text said = text_make(receipt.ptr, header.len + 1 + payload.len);
    if (!text_is(header, expected) || !sign_verify(public_key, said, signature))
        return ERR_REFUSED;
    return read_payload(payload, ret_payload);
}
