/*
 * What is legal but probably wrong, as warnings.
 */
#ifndef ROSTER_MODEL_LINT_H
#define ROSTER_MODEL_LINT_H

#include "base/diag.h"
#include "model/desired.h"

/*
 * Warns of: settings that Twilio ignores or has reserved; callback URLs on hosts that Twilio can't
 * reach (loopback, private, link-local, no dot); more than one toll-free number in a service; a
 * test send to a country without alpha senders (US and Canada) through a service that has nothing
 * but an alpha sender; protected names that are no service of the roster.
 */
void lint_desired(const struct desired *desired, struct diag *diag);

#endif
