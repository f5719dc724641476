/*
 * Comparison of one service, desired against live; part of making a plan (see plan.h).
 */
#ifndef ROSTER_PLAN_DIFF_H
#define ROSTER_PLAN_DIFF_H

#include "plan/plan.h"

#include <stddef.h>

/*
 * Appends the changes of the plan's service of that index, whose `desired` and `live` are set. Only
 * settings and lists that the roster manages are looked at; sender lists are sets. Both sides are
 * sorted once, so the cost is n log n in the number of senders.
 */
void diff_service(struct plan *plan, size_t service);

/*
 * Ties changes of different services together, once all are there: a phone number or short code
 * that is taken out of one service and put into another is added only after it was removed.
 */
void diff_link(struct plan *plan);

#endif
