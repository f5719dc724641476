#include "base/digest.h"

#include "base/memory.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum { SIZE = 32, SHA1_SIZE = 20 };

static void to_hex(const unsigned char *bytes, char hex[DIGEST_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < SIZE; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * SIZE] = '\0';
}

/* OpenSSL fails here only when memory runs out; a digest that is not one must never be used. */
static void need(bool worked)
{
    if (!worked)
        memory_exhausted();
}

static void sha256(const void *bytes, size_t size, unsigned char out[SIZE])
{
    need(EVP_Digest(bytes, size, out, NULL, EVP_sha256(), NULL) == 1);
}

void digest_sha256(const void *bytes, size_t size, char hex[DIGEST_HEX_SIZE])
{
    unsigned char out[SIZE];

    sha256(bytes, size, out);
    to_hex(out, hex);
}

void digest_hmac(const char *key, const void *bytes, size_t size, char hex[DIGEST_HEX_SIZE])
{
    unsigned char out[SIZE];

    need(HMAC(EVP_sha256(), key, (int)strlen(key), bytes, size, out, NULL) != NULL);
    to_hex(out, hex);
}

void digest_slow(const char *salt, const void *bytes, size_t size, char hex[DIGEST_HEX_SIZE])
{
    unsigned char out[SIZE];

    need(PKCS5_PBKDF2_HMAC(bytes, (int)size, (const unsigned char *)salt, (int)strlen(salt),
                           DIGEST_SLOW_ROUNDS, EVP_sha256(), SIZE, out) == 1);
    to_hex(out, hex);
}

void digest_add_base64(const void *bytes, size_t size, struct buf *out)
{
    unsigned char digest[SIZE], text[4 * ((SIZE + 2) / 3) + 1];

    sha256(bytes, size, digest);
    EVP_EncodeBlock(text, digest, SIZE);
    buf_add_text(out, (const char *)text);
}

void digest_hmac_sha1(const void *key, size_t key_size, const void *bytes, size_t size,
                      char base64[DIGEST_SHA1_BASE64_SIZE])
{
    unsigned char digest[SHA1_SIZE];

    need(HMAC(EVP_sha1(), key, (int)key_size, bytes, size, digest, NULL) != NULL);
    EVP_EncodeBlock((unsigned char *)base64, digest, SHA1_SIZE);
}

bool digest_equal(const char *a, const char *b)
{
    size_t size = strlen(a);
    return size == strlen(b) && CRYPTO_memcmp(a, b, size) == 0;
}

bool digest_secret_equal(const char *a, const char *b)
{
    char hex_a[DIGEST_HEX_SIZE], hex_b[DIGEST_HEX_SIZE];

    digest_sha256(a, strlen(a), hex_a);
    digest_sha256(b, strlen(b), hex_b);
    return digest_equal(hex_a, hex_b);
}
