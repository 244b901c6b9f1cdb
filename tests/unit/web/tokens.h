/* tokens: makes HS256 tokens for tests, good ones and others. */
#ifndef TESTS_WEB_TOKENS_H
#define TESTS_WEB_TOKENS_H

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/base/secure.h"

#define TOKENS_SECRET "0123456789abcdef0123456789abcdef"

static inline void tokens_base64url(const void *bytes, size_t len, char *dst) {
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *in = bytes;
    unsigned long bits = 0;
    int count = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | in[i];
        for (count += 8; count >= 6; count -= 6)
            *dst++ = DIGITS[bits >> (count - 6) & 63];
    }
    if (count > 0)
        *dst++ = DIGITS[bits << (6 - count) & 63];
    *dst = '\0';
}

/* tokens_make(claims): signed with TOKENS_SECRET; valid until the next call. */
static inline const char *tokens_make(const char *claims) {
    static const char HEADER[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    static char token[4096];
    unsigned char mac[SECURE_SHA256_BYTES];
    tokens_base64url(HEADER, sizeof(HEADER) - 1, token);
    strncat(token, ".", 2);
    tokens_base64url(claims, strlen(claims), token + strlen(token));
    assert_int_equal(secure_hmac_sha256(TEXT(TOKENS_SECRET), text_of(token), mac), ERR_OK);
    strncat(token, ".", 2);
    tokens_base64url(mac, sizeof(mac), token + strlen(token));
    return token;
}

/* tokens_for(user, permissions, now_s): a good one; permissions as the inside of a JSON array. */
static inline const char *tokens_for(const char *user, const char *permissions, int64_t now_s) {
    char claims[1024];
    snprintf(claims, sizeof(claims),
             "{\"user_id\":\"%s\",\"email\":\"%s@x\",\"role\":\"viewer\",\"permissions\":[%s],"
             "\"type\":\"access\",\"iat\":%lld,\"exp\":%lld}",
             user, user, permissions, (long long)now_s, (long long)now_s + 900);
    return tokens_make(claims);
}

#endif
