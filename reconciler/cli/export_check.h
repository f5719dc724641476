/*
 * Proof of an export before it is written: it is read as any other roster, and a plan of it against
 * the account that it was made from must have no changes.
 */
#ifndef ROSTER_CLI_EXPORT_CHECK_H
#define ROSTER_CLI_EXPORT_CHECK_H

#include "base/attributes.h"
#include "base/diag.h"
#include "cli/export_output.h"
#include "model/export.h"
#include "model/live_state.h"

/* Of a roster; sets the variables of its secrets in our own environment. */
MUST_CHECK int export_check_roster(const struct export *export,
                                   const struct export_documents *documents,
                                   const struct live_state *live, struct diag *diag);

/* Of a state file: the sandbox takes it. */
MUST_CHECK int export_check_state(const struct export_documents *documents, struct diag *diag);

#endif
