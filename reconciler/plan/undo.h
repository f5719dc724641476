/*
 * The way back: what leads from the account as an apply left it to what it was before, as a roster
 * of just what that touched.
 *
 *     undo_init(&undo, &desired, &plan, done, service_sids, diag);
 *     ... fetch the live state for `desired` ...
 *     undo_settle(&undo, &desired, &live);
 *     ... plan_build() and all that belongs to it, as for a roster; then save that plan ...
 *
 * A service that was created is deleted again; one that was deleted is made anew, with another SID.
 * Old values that may not be shown, because the roster takes the setting from ${NAME} or because
 * there is a password in them, can't stand in a plan file, and neither can senders that left and
 * are the value of a ${NAME}: they are reported as warnings and left as they are.
 */
#ifndef ROSTER_PLAN_UNDO_H
#define ROSTER_PLAN_UNDO_H

#include "base/diag.h"
#include "model/desired.h"
#include "model/live_state.h"
#include "plan/plan.h"

#include <stdbool.h>

/* All zero is a valid start. */
struct undo {
    struct arena arena;
    struct undo_service *services; /* by service of the desired state */
    const char **prune_sids;
};

/*
 * Reads the changes that have, or may have, `effects` (by change) into `desired`, zeroed by the
 * caller. `service_sids` has the SID of each service of the plan, NULL where there is none. The
 * plan and what it points to have to outlive `desired`.
 */
void undo_init(struct undo *undo, struct desired *desired, const struct plan *plan,
               const bool *effects, const char *const *service_sids, struct diag *diag);

/* Completes the sender lists: what is live, less what came, and what left. */
void undo_settle(const struct undo *undo, struct desired *desired, const struct live_state *live);

/* Accepts one that is all zero. */
void undo_release(struct undo *undo);

#endif
