/*
 * What we show to a git server so that it lets us in, and by what we know it.
 *
 *   https  ROSTER_GIT_TOKEN with ROSTER_GIT_USERNAME ("x-access-token" when unset, which GitHub and
 *          GitLab take); else what git's credential helpers have.
 *   ssh    the key file ROSTER_GIT_SSH_KEY, with ROSTER_GIT_SSH_PASSPHRASE when it has one; else
 *          the ssh agent and then ~/.ssh/id_ed25519, id_ecdsa and id_rsa. Servers are known by
 *          ROSTER_GIT_KNOWN_HOSTS, else by ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts.
 *          The user is the URL's, else "git".
 */
#ifndef ROSTER_SOURCE_REMOTE_LOGIN_H
#define ROSTER_SOURCE_REMOTE_LOGIN_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "source/remote_location.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Gives the value of an environment variable, NULL when it is not set: getenv(). */
typedef char *source_lookup(const char *name);

enum { REMOTE_LOGIN_KEYS = 3, REMOTE_LOGIN_HOST_FILES = 2 };

/* Strings are the arena's. */
struct remote_login {
    const char *username, *token; /* token NULL: none is known */
    bool empty_token;             /* ROSTER_GIT_TOKEN is set to nothing */
    bool from_helper;             /* a credential helper gave them */
    const char *ssh_user;
    bool agent;
    const char *keys[REMOTE_LOGIN_KEYS]; /* private key files */
    size_t key_count;
    const char *passphrase; /* NULL: none */
    const char *host_files[REMOTE_LOGIN_HOST_FILES];
    size_t host_file_count;
    bool host_files_named; /* by ROSTER_GIT_KNOWN_HOSTS */
};

/* From the environment. Reports and returns -1 for what can't be right. */
MUST_CHECK int remote_login_read(struct remote_login *login, const struct remote_location *location,
                                 source_lookup *lookup, struct arena *arena, struct diag *diag);

/*
 * Asks git's credential helpers ("git credential fill"), which may not ask anybody in turn. Returns
 * whether they knew something; without git, nobody does.
 */
bool remote_login_ask_helper(struct remote_login *login, const struct remote_location *location,
                             int64_t timeout_ms, bool (*stopped)(void), struct arena *arena);

#endif
