#include "cdigest.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <xxhash.h>

struct cdigest_sha256_state {
  EVP_MD_CTX *context;
};

int cdigest_sha256(const void *bytes, size_t count, uint8_t digest[32]) {
  unsigned int length = 0;
  return EVP_Digest(bytes, count, digest, &length, EVP_sha256(), NULL) == 1 && length == 32 ? 0 : 1;
}

int cdigest_hmac_sha256(const void *key, size_t key_count, const void *bytes, size_t count, uint8_t digest[32]) {
  unsigned int length = 0;
  if (key_count > INT_MAX) return 1;
  return HMAC(EVP_sha256(), key_count ? key : "", (int)key_count, bytes, count, digest, &length) && length == 32 ? 0 : 1;
}

int cdigest_xxh3_128(const void *bytes, size_t count, uint8_t digest[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, count));
  for (int i = 0; i < 16; i++) digest[i] = canonical.digest[i];
  return 0;
}

cdigest_sha256_state *cdigest_sha256_new(void) {
  cdigest_sha256_state *state = malloc(sizeof *state);
  if (!state) return NULL;
  state->context = EVP_MD_CTX_new();
  if (!state->context || EVP_DigestInit_ex(state->context, EVP_sha256(), NULL) != 1) {
    cdigest_sha256_free(state);
    return NULL;
  }
  return state;
}

int cdigest_sha256_update(cdigest_sha256_state *state, const void *bytes, size_t count) {
  return EVP_DigestUpdate(state->context, bytes, count) == 1 ? 0 : 1;
}

int cdigest_sha256_finish(cdigest_sha256_state *state, uint8_t digest[32]) {
  unsigned int length = 0;
  return EVP_DigestFinal_ex(state->context, digest, &length) == 1 && length == 32 ? 0 : 1;
}

void cdigest_sha256_free(cdigest_sha256_state *state) {
  if (!state) return;
  EVP_MD_CTX_free(state->context);
  free(state);
}
