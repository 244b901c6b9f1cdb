/* token_help: tokens made with an HMAC of our own, so that bad ones can be signed well. */
#ifndef UNIT_AUTH_TOKEN_HELP_H
#define UNIT_AUTH_TOKEN_HELP_H

#include "json_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/auth/token.h"
#include "agnostic/base/secure.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define NOW INT64_C(1771668000)
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
/* Claims without the one that a case is about. */
#define WHO "\"user_id\":\"u1\",\"email\":\"a@b.test\",\"role\":\"api_user\""
#define MAY "\"permissions\":[\"sessions:read\",\"api:access\"]"
#define KIND "\"type\":\"access\""
#define WHEN "\"exp\":1771668900,\"iat\":1771668000"
#define GOOD "{" WHO "," MAY "," KIND "," WHEN "}"

enum { WORK_MAX = 4 << 20 };

static inline void put_base64url(struct buf *buf, const void *bytes, size_t len) {
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *in = bytes;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = (uint32_t)in[i] << 16;
        bits |= i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0;
        bits |= i + 2 < len ? (uint32_t)in[i + 2] : 0;
        for (size_t k = 0; k < 4 && i + k <= len; k++)
            buf_putc(buf, DIGITS[bits >> (18 - 6 * k) & 63]);
    }
}

/* A token of any header and payload, signed with key; the caller frees. */
static inline char *signed_with(const char *key, struct text header, struct text payload) {
    unsigned char mac[SECURE_SHA256_BYTES];
    struct buf buf;
    buf_init(&buf, WORK_MAX);
    put_base64url(&buf, header.ptr, header.len);
    buf_putc(&buf, '.');
    put_base64url(&buf, payload.ptr, payload.len);
    assert_int_equal(secure_hmac_sha256(text_of(key), buf_text(&buf), mac), ERR_OK);
    buf_putc(&buf, '.');
    put_base64url(&buf, mac, sizeof(mac));
    return buf_take(&buf);
}

static inline char *made(const char *header, const char *payload) {
    return signed_with(SECRET, text_of(header), text_of(payload));
}

static inline enum err verdict_of(struct text token) {
    struct principal principal = {.user_id = "untouched"};
    enum err err = token_verify(token, TEXT(SECRET), NOW, &principal);
    if (err != ERR_OK)
        assert_string_equal(principal.user_id, "untouched");
    return err;
}

static inline void assert_verdict(const char *header, const char *payload, enum err expected) {
    char *token = made(header, payload);
    if (verdict_of(text_of(token)) != expected)
        fail_msg("%s: %s . %s", expected == ERR_OK ? "refused" : "accepted", header, payload);
    free(token);
}

static inline void assert_header_refused(const char *header) {
    assert_verdict(header, GOOD, ERR_BAD_TOKEN);
}

static inline void assert_claims_refused(const char *claims) {
    assert_verdict(HEADER, claims, ERR_BAD_TOKEN);
}

static inline void assert_claims_accepted(const char *claims) {
    assert_verdict(HEADER, claims, ERR_OK);
}

static inline void assert_refused(struct text token) {
    if (verdict_of(token) != ERR_BAD_TOKEN)
        fail_msg("accepted: %.*s", (int)(token.len < 300 ? token.len : 300), token.ptr);
}

#endif
