/*
 * The variables that stand for passwords in what was made from the live account.
 */
#ifndef ROSTER_CLI_EXPORT_SECRETS_H
#define ROSTER_CLI_EXPORT_SECRETS_H

#include "base/attributes.h"
#include "base/diag.h"
#include "model/export.h"

#include <stdbool.h>

/* Sets them in our own environment, so that what was made can be read again. */
MUST_CHECK int export_secrets_set(const struct export *export, struct diag *diag);

/* Says with a warning each what to set them to. `state`: it is a state file of the sandbox. */
void export_secrets_explain(const struct export *export, bool state, struct diag *diag);

#endif
