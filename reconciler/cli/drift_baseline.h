/*
 * The roster that was applied last, as --baseline names it.
 */
#ifndef ROSTER_CLI_DRIFT_BASELINE_H
#define ROSTER_CLI_DRIFT_BASELINE_H

#include "cli/options.h"
#include "cli/session.h"

/*
 * Reads the session's roster as it was in the commit of --baseline into `baseline`, zeroed by the
 * caller and released by it, of which nothing but that is used. It is a commit of the repository
 * that a roster from git names, else of the work tree that its file is in. Mistakes of that roster
 * are shown; reports and returns -1 when there are any, or it can't be read.
 */
MUST_CHECK int drift_baseline_load(struct session *baseline, const struct options *options,
                                   struct diag *diag);

#endif
