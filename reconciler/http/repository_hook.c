#include "http/repository_hook.h"

#include "base/digest.h"
#include "base/str.h"

#include <string.h>

static enum repository_hook_verdict check_github(const char *secret,
                                                 const struct repository_hook *hook)
{
    static const char scheme[] = "sha256=";
    const char *digits = hook->github_signature + sizeof(scheme) - 1;
    char hex[DIGEST_HEX_SIZE];

    if (!str_starts_with(hook->github_signature, scheme) || strlen(digits) != DIGEST_HEX_SIZE - 1 ||
        !str_is_hex(digits, strlen(digits)))
        return REPOSITORY_HOOK_UNSIGNED;
    digest_hmac(secret, hook->body, hook->body_size, hex);
    if (!digest_equal(digits, hex))
        return REPOSITORY_HOOK_FORGED;
    return str_equal(hook->github_event, "ping") ? REPOSITORY_HOOK_PING : REPOSITORY_HOOK_GENUINE;
}

enum repository_hook_verdict repository_hook_check(const char *secret,
                                                   const struct repository_hook *hook)
{
    /* One that is there has to be right, so that a second one makes no forged hook good. */
    if (hook->github_signature != NULL)
        return check_github(secret, hook);
    if (str_is_empty(hook->gitlab_token))
        return REPOSITORY_HOOK_UNSIGNED;
    return digest_secret_equal(hook->gitlab_token, secret) ? REPOSITORY_HOOK_GENUINE
                                                           : REPOSITORY_HOOK_FORGED;
}
