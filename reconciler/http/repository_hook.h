/*
 * Webhooks of the places where git repositories live: whether one was sent by who knows the secret.
 *
 * GitHub signs the body: X-Hub-Signature-256 is "sha256=" and the HMAC-SHA-256 in hexadecimal.
 * GitLab sends the secret itself as X-Gitlab-Token.
 */
#ifndef ROSTER_HTTP_REPOSITORY_HOOK_H
#define ROSTER_HTTP_REPOSITORY_HOOK_H

#include "base/attributes.h"

#include <stddef.h>

struct repository_hook {
    const char *github_signature; /* X-Hub-Signature-256; NULL: none */
    const char *github_event;     /* X-GitHub-Event; NULL: none */
    const char *gitlab_token;     /* X-Gitlab-Token; NULL: none */
    const char *body;
    size_t body_size;
};

enum repository_hook_verdict {
    REPOSITORY_HOOK_GENUINE,
    REPOSITORY_HOOK_PING,     /* genuine, and only a question whether somebody is there */
    REPOSITORY_HOOK_UNSIGNED, /* neither of the headers, or not of its form */
    REPOSITORY_HOOK_FORGED,   /* made with another secret, or of another body */
};

/* Checks in constant time as far as the secret goes. */
MUST_CHECK enum repository_hook_verdict repository_hook_check(const char *secret,
                                                              const struct repository_hook *hook);

#endif
