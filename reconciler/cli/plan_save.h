/*
 * Plans into files.
 */
#ifndef ROSTER_CLI_PLAN_SAVE_H
#define ROSTER_CLI_PLAN_SAVE_H

#include "cli/session.h"

/* What plan_save() would say about the path, before there is a plan to save. */
MUST_CHECK int plan_save_check(const struct session *session, const char *option, const char *path,
                               struct diag *diag);

/*
 * Saves the session's plan, signed when there is a key, and says so on standard error. `option` is
 * what the path came by, for messages. Reports and returns -1 when the plan has a password in it,
 * the path is a part of the roster, or writing fails.
 */
MUST_CHECK int plan_save(const struct session *session, const struct options *options,
                         const char *option, const char *path, struct diag *diag);

#endif
