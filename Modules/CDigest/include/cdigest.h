#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why this exists: Swift sees neither OpenSSL's EVP macros nor xxHash's header-only parts. Every function returns 0 on
   success; digests are written big-endian, in the order in which they are printed. */
#define CDIGEST_API __attribute__((visibility("default")))

CDIGEST_API int cdigest_sha256(const void *bytes, size_t count, uint8_t digest[32]);
CDIGEST_API int cdigest_hmac_sha256(const void *key, size_t key_count, const void *bytes, size_t count, uint8_t digest[32]);
/* 128 bits of XXH3: a fast content hash, no protection against forgery. */
CDIGEST_API int cdigest_xxh3_128(const void *bytes, size_t count, uint8_t digest[16]);

/* SHA-256 over parts. NULL when out of memory; finish does not free. */
typedef struct cdigest_sha256_state cdigest_sha256_state;
CDIGEST_API cdigest_sha256_state *cdigest_sha256_new(void);
CDIGEST_API int cdigest_sha256_update(cdigest_sha256_state *state, const void *bytes, size_t count);
CDIGEST_API int cdigest_sha256_finish(cdigest_sha256_state *state, uint8_t digest[32]);
CDIGEST_API void cdigest_sha256_free(cdigest_sha256_state *state);

#ifdef __cplusplus
}
#endif
