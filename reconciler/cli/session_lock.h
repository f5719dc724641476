/*
 * One apply at a time: the lock of an account on this machine, ACCOUNT.lock in the state folder.
 */
#ifndef ROSTER_CLI_SESSION_LOCK_H
#define ROSTER_CLI_SESSION_LOCK_H

#include "base/buf.h"
#include "cli/session.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Takes the lock of the session's account, waiting for it as long as --lock-timeout says. Reports
 * who holds it and returns -1 when another process still does.
 */
MUST_CHECK int session_lock(struct session *session, const struct options *options,
                            struct diag *diag);

/* Does nothing when the session holds no lock. */
void session_unlock(struct session *session);

/* Who has, or had, a lock. */
struct session_holder {
    int64_t process; /* 0: not known */
    bool here;       /* it is, or was, on this machine, as far as is known */
};

/* Reads the text of a lock's file; `words` gets the holder as people may read it. */
void session_lock_holder(const struct buf *text, struct session_holder *holder, struct buf *words);

#endif
