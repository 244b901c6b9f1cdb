/* secure: digests, randomness and comparison. Only user of OpenSSL's digests
 * (its TLS is used in probe/ and the agents' TLS prober). */
#ifndef AGNOSTIC_BASE_SECURE_H
#define AGNOSTIC_BASE_SECURE_H

#include "agnostic/base/err.h"
#include "agnostic/base/text.h"

enum { SECURE_SHA256_BYTES = 32, SECURE_HEX_SIZE = 65 };

/* secure_sha256(t, digest), secure_sha256_hex(t, hex): ERR_INTERNAL when OpenSSL fails. */
enum err secure_sha256(struct text t, unsigned char digest[static SECURE_SHA256_BYTES]);
enum err secure_sha256_hex(struct text t, char hex[static SECURE_HEX_SIZE]);
/* secure_hmac_sha256(key, t, digest): RFC 2104 with SHA-256. */
enum err secure_hmac_sha256(struct text key, struct text t,
                            unsigned char digest[static SECURE_SHA256_BYTES]);
/* secure_random(dst, len): from OpenSSL's generator (reseeded after fork). */
enum err secure_random(void *dst, size_t len);
/* secure_equal(a, b, len): compares len bytes in constant time. For digests, whose length is no
 * secret: compare the SHA-256 of two secrets, never the secrets. */
bool secure_equal(const void *a, const void *b, size_t len);
/* secure_wipe(ptr, len): overwrites, not optimised away. */
void secure_wipe(void *ptr, size_t len);
/* secure_crc32(t): CRC-32 (IEEE 802.3), for the checksum of API keys. */
uint32_t secure_crc32(struct text t);

#endif
