/*
 * The way back from an apply, into a file (--undo-out).
 */
#ifndef ROSTER_CLI_UNDO_OUTPUT_H
#define ROSTER_CLI_UNDO_OUTPUT_H

#include "apply/executor.h"
#include "cli/options.h"
#include "cli/session.h"

/*
 * Reads what the apply touched once more, and saves the plan that leads back from there. Guards
 * look at it when it is applied. Reports and returns -1 when it can't be made or written.
 */
MUST_CHECK int undo_output(const struct session *session, const struct execution *execution,
                           const struct options *options, struct diag *diag);

#endif
