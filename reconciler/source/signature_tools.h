/*
 * One check of a detached signature by ssh-keygen or gpg (commit_signature.h).
 */
#ifndef ROSTER_SOURCE_SIGNATURE_TOOLS_H
#define ROSTER_SOURCE_SIGNATURE_TOOLS_H

#include "base/arena.h"
#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

enum signature_verdict {
    SIGNATURE_GOOD,
    SIGNATURE_WRONG,       /* it is not of these bytes */
    SIGNATURE_NOT_ALLOWED, /* it is, by a key that is not allowed */
    SIGNATURE_EXPIRED,     /* it is, by a key that is not valid any more, or was revoked */
    SIGNATURE_UNCHECKED,   /* the tool could not say: `detail` is what it said */
};

struct signature_check {
    const char *folder;    /* for files, ours alone, removed by the caller */
    const char *signature; /* the name of the file with it, in the folder */
    const char *signers;   /* the name of the file with the keys, in the folder */
    const void *bytes;     /* what was signed */
    size_t size;
    int64_t signed_at; /* seconds since 1970: keys have to be valid then */
    int64_t timeout_ms;
    struct arena *arena;
    const char *who;    /* the signer, when there is one; the key, when it is not allowed */
    const char *detail; /* NULL: nothing to add */
};

MUST_CHECK enum signature_verdict signature_check_ssh(struct signature_check *check);
MUST_CHECK enum signature_verdict signature_check_pgp(struct signature_check *check);

#endif
