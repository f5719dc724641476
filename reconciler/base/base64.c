#include "base/base64.h"

#include "base/arena.h"

#include <openssl/evp.h>
#include <string.h>

enum { LONGEST = 1 << 20 };

void base64_add(struct buf *out, const void *bytes, size_t size)
{
    struct arena arena = {0};
    unsigned char *text;

    if (size > LONGEST) {
        out->full = true;
        return;
    }
    text = arena_alloc(&arena, 4 * ((size + 2) / 3) + 1);
    EVP_EncodeBlock(text, bytes, (int)size);
    buf_add_text(out, (const char *)text);
    arena_release(&arena);
}

int base64_decode(struct buf *out, const char *text, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t padding = 0, i;
    struct arena arena = {0};
    unsigned char *bytes;
    int result = -1, got;

    while (padding < 2 && padding < size && text[size - 1 - padding] == '=')
        padding++;
    if (size % 4 != 0 || size > LONGEST)
        return -1;
    for (i = 0; i < size - padding; i++)
        if (text[i] == '\0' || strchr(digits, text[i]) == NULL)
            return -1;
    bytes = arena_alloc(&arena, size / 4 * 3 + 1);
    got = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)size);
    if (got >= 0 && (size_t)got >= padding) {
        /* OpenSSL counts the padding. */
        buf_add(out, bytes, (size_t)got - padding);
        result = 0;
    }
    arena_release(&arena);
    return result;
}
