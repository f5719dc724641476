/*
 * Digests and message authentication on OpenSSL, as lower-case hexadecimal text.
 */
#ifndef ROSTER_BASE_DIGEST_H
#define ROSTER_BASE_DIGEST_H

#include "base/attributes.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_HEX_SIZE = 65 }; /* 64 digits and a NUL */

/* SHA-256 (FIPS 180-4). */
void digest_sha256(const void *bytes, size_t size, char hex[DIGEST_HEX_SIZE]);

/* HMAC-SHA-256 (RFC 2104). */
void digest_hmac(const char *key, const void *bytes, size_t size, char hex[DIGEST_HEX_SIZE]);

/*
 * PBKDF2-HMAC-SHA-256 (RFC 8018) with DIGEST_SLOW_ROUNDS rounds, a few milliseconds: for values
 * that might be guessed, where there is no key to protect their digest. The salt is public.
 */
enum { DIGEST_SLOW_ROUNDS = 10000 };
void digest_slow(const char *salt, const void *bytes, size_t size, char hex[DIGEST_HEX_SIZE]);

/* SHA-256 in base64, as in the hash sources of Content Security Policy. */
void digest_add_base64(const void *bytes, size_t size, struct buf *out);

/*
 * HMAC-SHA-1 (RFC 2104) in Base64, padded (RFC 4648): for protocols that demand it.
 */
enum { DIGEST_SHA1_BASE64_SIZE = 29 }; /* 28 characters and a NUL */
void digest_hmac_sha1(const void *key, size_t key_size, const void *bytes, size_t size,
                      char base64[DIGEST_SHA1_BASE64_SIZE]);

/* Whether both texts are the same; takes the same time wherever they differ. */
bool digest_equal(const char *a, const char *b);

/* The same for secrets that somebody made up: their lengths can't be told from the time either. */
bool digest_secret_equal(const char *a, const char *b);

#endif
