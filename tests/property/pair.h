/*
 * One pair of a live and a desired state, taken through plan, guards, apply, verification and the
 * second plan, with all that has to hold on the way.
 */
#ifndef ROSTER_TESTS_PROPERTY_PAIR_H
#define ROSTER_TESTS_PROPERTY_PAIR_H

#include "stage.h"

#include "plan/plan.h"

/* What all pairs together were, so that it shows when something is not tried any more. */
struct pair_totals {
    size_t refused, guarded, minimal, unchanged;
    size_t changes[CHANGE_KIND_COUNT], requests, never_empty, tight;
};

/* Runs the world's pair. Adds a line to `out` for each thing that is wrong, and to the totals. */
void pair_run(struct stage *stage, struct world *world, struct pair_totals *totals,
              struct buf *out);

#endif
