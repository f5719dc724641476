/*
 * One apply at a time: the lock of an account on this machine, ACCOUNT.lock in the state folder.
 */
#ifndef ROSTER_CLI_SESSION_LOCK_H
#define ROSTER_CLI_SESSION_LOCK_H

#include "cli/session.h"

/*
 * Takes the lock of the session's account, waiting for it as long as --lock-timeout says. Reports
 * who holds it and returns -1 when another process still does.
 */
MUST_CHECK int session_lock(struct session *session, const struct options *options,
                            struct diag *diag);

/* Does nothing when the session holds no lock. */
void session_unlock(struct session *session);

#endif
