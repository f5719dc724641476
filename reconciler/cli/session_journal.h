/*
 * The journal of a session's account.
 */
#ifndef ROSTER_CLI_SESSION_JOURNAL_H
#define ROSTER_CLI_SESSION_JOURNAL_H

#include "apply/journal.h"
#include "cli/session.h"

/*
 * Opens the file of --journal, or ACCOUNT.EXTENSION in the state folder, which is made when it is
 * missing. Reports and returns NULL on failure.
 */
struct journal *session_journal(struct session *session, const struct options *options,
                                const char *extension, struct diag *diag);

#endif
