/*
 * Guards: what a plan must not do unless it is allowed to. They look at the final list of changes.
 *
 *     max_removals   senders taken out of services: moves, and those of deleted services, included
 *     max_deletes    services deleted
 *     protect        a service that is never deleted or left without senders; it is found by the
 *                    name that it has, or gets, so that the protection outlives the roster's entry
 *     empty_service  the last sender of a service that stays
 *     empty_roster   `prune` of a roster without services
 *     take_over      a move out of a list that the plan does not manage
 *     campaign_loss  deletion of a service with a registered A2P campaign
 */
#ifndef ROSTER_PLAN_GUARD_H
#define ROSTER_PLAN_GUARD_H

#include "plan/plan.h"

/* Nothing is limited but by the roster, and nothing is allowed that needs a flag. */
extern const struct guard_limits guard_limits_default;

/*
 * Fills in the plan's refusals: one for each guard that it violates, and for `protect` one a
 * service; none means that it may be applied. Names stand between double quotes in their messages.
 * `limits` are what the command line says; they stand above the roster's own. The plan's `limits`
 * become what was in force.
 */
void guard_check(struct plan *plan, const struct guard_limits *limits);

/* Warns of names in `protect` that neither the roster nor the account has: they protect nothing. */
void guard_warn(const struct plan *plan, const struct live_state *live, struct diag *diag);

#endif
