/*
 * How long a plan's requests wait for each other: the least number of round trips that carrying it
 * out takes, when all answers take equally long and no more than so many are waited for at once.
 * What waits for what is waiting.h's, as for the executor. Nothing is sent.
 */
#ifndef ROSTER_APPLY_ROUNDS_H
#define ROSTER_APPLY_ROUNDS_H

#include "plan/plan.h"

#include <stddef.h>

/* `parallelism` is at least 1. 0 for a plan without changes. */
size_t plan_rounds(const struct plan *plan, size_t parallelism);

/* The writes of the plan when nothing has to be sent twice: one a change, two a move. */
size_t plan_writes(const struct plan *plan);

#endif
