/*
 * Telling people of drift, once: what they were told last is kept in the state folder, as a digest,
 * in a file for each account, roster and URL.
 */
#ifndef ROSTER_CLI_DRIFT_NOTIFY_H
#define ROSTER_CLI_DRIFT_NOTIFY_H

#include "base/attributes.h"
#include "base/diag.h"
#include "cli/options.h"
#include "cli/session.h"

/* Whether the options say something that makes sense; reports and returns -1 when not. */
MUST_CHECK int drift_notify_check(const struct options *options, struct diag *diag);

/*
 * Posts the session's drift report to options->notify, if it is not what was told last or with
 * options->notify_always. That all is well is told only after something else. What goes wrong is a
 * warning, in which nothing of the URL is shown, and the next run tries again.
 */
void drift_notify(const struct session *session, const struct options *options, struct diag *diag);

#endif
