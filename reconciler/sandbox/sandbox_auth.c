#include "sandbox/sandbox_auth.h"

#include "base/buf.h"
#include "base/str.h"

#include <string.h>
#include <strings.h>

enum { CREDENTIALS_MAX = 4096 };

/* Decodes Base64 up to its padding or end. Returns -1 when something else is in it. */
static int decode_base64(const char *text, struct buf *out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789+/";
    unsigned bits = 0, count = 0;

    for (; *text != '\0' && *text != '='; text++) {
        const char *digit = strchr(alphabet, *text);
        if (digit == NULL)
            return -1;
        bits = (bits << 6 | (unsigned)(digit - alphabet)) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            buf_add_char(out, (char)(bits >> count & 0xff));
        }
    }
    return text[strspn(text, "=")] == '\0' ? 0 : -1;
}

static enum sandbox_auth_result check_pair(const struct sandbox_store *store, const char *name,
                                           const char *secret, const char **user)
{
    size_t i;

    /* A suspended or closed account is refused like a wrong token. */
    if (strcmp(store->status, "active") != 0)
        return SANDBOX_AUTH_WRONG;
    if (strcmp(name, store->account_sid) == 0 && strcmp(secret, store->auth_token) == 0) {
        *user = store->account_sid;
        return SANDBOX_AUTH_ACCOUNT;
    }
    for (i = 0; i < store->key_count; i++) {
        const struct sandbox_key *key = &store->keys[i];
        if (strcmp(name, key->sid) == 0 && strcmp(secret, key->secret) == 0) {
            *user = key->sid;
            return SANDBOX_AUTH_KEY;
        }
    }
    return SANDBOX_AUTH_WRONG;
}

enum sandbox_auth_result sandbox_auth_check(const struct sandbox_store *store,
                                            const char *authorization, const char **user)
{
    enum sandbox_auth_result result = SANDBOX_AUTH_WRONG;
    struct buf pair;
    char *colon;

    *user = NULL;
    if (str_is_empty(authorization))
        return SANDBOX_AUTH_MISSING;
    if (strncasecmp(authorization, "Basic ", 6) != 0)
        return SANDBOX_AUTH_WRONG;
    buf_init(&pair, CREDENTIALS_MAX);
    if (decode_base64(authorization + 6, &pair) == 0 && !pair.full && pair.size > 0) {
        colon = strchr(pair.data, ':');
        if (colon != NULL) {
            *colon = '\0';
            result = check_pair(store, pair.data, colon + 1, user);
        }
    }
    buf_release(&pair);
    return result;
}
