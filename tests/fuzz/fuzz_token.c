/* Any bytes as a Bearer token. What is accepted must carry the signature that our own HMAC
 * makes: an oracle for libjwt. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/auth/token.h"
#include "agnostic/base/secure.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define NOW INT64_C(1771668000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_signed(struct text token) {
    unsigned char mac[SECURE_SHA256_BYTES], given[SECURE_SHA256_BYTES];
    size_t len, end = token.len;
    while (end > 0 && token.ptr[end - 1] != '.')
        end--;
    return end > 0 &&
           text_base64url(text_make(token.ptr + end, token.len - end), given, sizeof(given),
                          &len) &&
           len == sizeof(mac) &&
           secure_hmac_sha256(TEXT(SECRET), text_make(token.ptr, end - 1), mac) == ERR_OK &&
           memcmp(mac, given, sizeof(mac)) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text token = text_make((const char *)data, size);
    struct principal principal;
    if (token_verify(token, TEXT(SECRET), NOW, &principal) == ERR_OK &&
        (!is_signed(token) || principal.user_id[0] == '\0'))
        abort();
    return 0;
}
