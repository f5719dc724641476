/*
 * Who makes a request: HTTP Basic with the account's SID and token, or with an API key's SID and
 * secret.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_AUTH_H
#define ROSTER_SANDBOX_SANDBOX_AUTH_H

#include "sandbox/sandbox_store.h"

enum sandbox_auth_result {
    SANDBOX_AUTH_ACCOUNT,
    SANDBOX_AUTH_KEY,
    SANDBOX_AUTH_MISSING,
    SANDBOX_AUTH_WRONG,
};

/*
 * `authorization` is the header's value, NULL when there was none. `*user` gets the account's or
 * the key's SID, which the store owns; NULL when it is neither.
 */
enum sandbox_auth_result sandbox_auth_check(const struct sandbox_store *store,
                                            const char *authorization, const char **user);

#endif
