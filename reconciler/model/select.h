/*
 * The targets of a run, held against what the account has; desired_select() of desired.h sets them.
 */
#ifndef ROSTER_MODEL_SELECT_H
#define ROSTER_MODEL_SELECT_H

#include "model/desired.h"
#include "model/live_state.h"

/*
 * With `prune` a target may mean a service that the roster does not name. Reports each that matches
 * neither that nor a live one, and returns -1.
 */
MUST_CHECK int desired_check_targets(const struct desired *desired, const struct live_state *live,
                                     struct diag *diag);

#endif
