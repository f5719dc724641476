/*
 * Who signed a commit.
 *
 * The tools do the work, run without a shell: "ssh-keygen -Y" for SSH signatures, "gpg" for OpenPGP
 * ones, with a key ring of its own. Whose signatures are good stands in one file, which may have
 *
 *   - lines as in ssh-keygen(1), ALLOWED SIGNERS: "ada@example.com ssh-ed25519 AAAA…";
 *   - OpenPGP public keys, as "gpg --export --armor" writes them.
 */
#ifndef ROSTER_SOURCE_COMMIT_SIGNATURE_H
#define ROSTER_SOURCE_COMMIT_SIGNATURE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"

#include <git2.h>
#include <stdint.h>

/*
 * Whether somebody who is allowed to signed the commit. `name` is the commit in messages, "commit
 * 1a2b3c4 of https://…". On success `*who` says who and by which tool, in the arena. Reports and
 * returns -1 when there is no signature, it is not of this commit, its key is not allowed or not
 * valid any more, or it can't be checked here; each has a message of its own.
 */
MUST_CHECK int commit_signature_check(git_commit *commit, const char *name,
                                      const char *allowed_signers, int64_t timeout_ms,
                                      struct arena *arena, const char **who, struct diag *diag);

#endif
