/* secure: the one file that calls OpenSSL's digests. Must not know what is secret. */
#include "agnostic/base/secure.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

/* Fetched once: EVP_sha256() looks the provider up at every use. NULL on failure. */
static const EVP_MD *sha256(void) {
    static EVP_MD *digest;
    if (digest == NULL)
        digest = EVP_MD_fetch(NULL, "SHA256", NULL);
    return digest;
}

enum err secure_sha256(struct text t, unsigned char digest[static SECURE_SHA256_BYTES]) {
    static EVP_MD_CTX *context; /* processes are single-threaded; reused by every call */
    if (context == NULL)
        context = EVP_MD_CTX_new();
    if (context == NULL || sha256() == NULL || EVP_DigestInit_ex2(context, sha256(), NULL) != 1 ||
        EVP_DigestUpdate(context, t.ptr, t.len) != 1 ||
        EVP_DigestFinal_ex(context, digest, NULL) != 1)
        return ERR_INTERNAL;
    return ERR_OK;
}

enum err secure_sha256_hex(struct text t, char hex[static SECURE_HEX_SIZE]) {
    unsigned char digest[SECURE_SHA256_BYTES];
    enum err err = secure_sha256(t, digest);
    if (err == ERR_OK)
        text_hex(digest, sizeof(digest), hex);
    return err;
}

enum err secure_hmac_sha256(struct text key, struct text t,
                            unsigned char digest[static SECURE_SHA256_BYTES]) {
    const void *key_bytes = key.len == 0 ? "" : key.ptr;
    const unsigned char *bytes = t.len == 0 ? (const unsigned char *)"" : (const void *)t.ptr;
    if (key.len > INT32_MAX || sha256() == NULL ||
        HMAC(sha256(), key_bytes, (int)key.len, bytes, t.len, digest, NULL) == NULL)
        return ERR_INTERNAL;
    return ERR_OK;
}

enum err secure_random(void *dst, size_t len) {
    if (len > INT32_MAX || RAND_bytes(dst, (int)len) != 1)
        return ERR_INTERNAL;
    return ERR_OK;
}

bool secure_equal(const void *a, const void *b, size_t len) {
    return CRYPTO_memcmp(a, b, len) == 0;
}

void secure_wipe(void *ptr, size_t len) {
    if (ptr != NULL)
        OPENSSL_cleanse(ptr, len);
}

uint32_t secure_crc32(struct text t) {
    uint32_t crc = 0xFFFFFFFF;
    for (size_t i = 0; i < t.len; i++) {
        crc ^= (unsigned char)t.ptr[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xEDB88320 & -(crc & 1));
    }
    return ~crc;
}
