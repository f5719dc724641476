/*
 * A command on a plan, wherever that comes from: a roster, or a file that "plan --out" saved.
 */
#ifndef ROSTER_CLI_SESSION_RUN_H
#define ROSTER_CLI_SESSION_RUN_H

#include "cli/options.h"
#include "cli/session.h"

/* What the command does with a session that has its plan. */
typedef enum exit_code session_command(struct session *session, const struct options *options,
                                       struct diag *diag);

/*
 * Makes the plan of the command's argument and runs the command on it. A saved plan that is stale
 * is reported, or with --replan made anew from its roster; a bad one is reported.
 */
enum exit_code session_run(const struct options *options, session_command *command,
                           struct diag *diag);

#endif
