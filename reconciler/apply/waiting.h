/*
 * What of a plan still has to end before what: the counters behind struct change's flags; private
 * to apply/. Nothing here sends anything.
 */
#ifndef ROSTER_APPLY_WAITING_H
#define ROSTER_APPLY_WAITING_H

#include "base/arena.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* Of a service's pool. Only changes that have not ended count. */
struct waiting_pool {
    size_t arrivals;                 /* additions and moves in */
    size_t adds;                     /* additions only */
    size_t removals;                 /* those that do not wait for arrivals themselves */
    size_t departures;               /* moves out whose first half has not ended */
    size_t leaving;                  /* moves out that have not ended at all */
    size_t arrived, added;           /* arrivals, additions that worked */
    long failed_arrival, failed_add; /* the first that did not, or CHANGE_NONE */
};

/* Lives in the arena that it was made in. */
struct waiting {
    const struct plan *plan;
    struct waiting_pool *pools; /* by service */
    /* Who needs change i (`create`, `replaces`): dependents[first_dependent[i] ...). */
    size_t *first_dependent, *dependents;
    /* Moves out of service i: departures[first_departure[i] ...). */
    size_t *first_departure, *departures;
    size_t before_deletes; /* changes that are no deletion and have not ended */
};

void waiting_init(struct waiting *waiting, const struct plan *plan, struct arena *arena);

/* Whether the change may not start yet because of the pools. */
bool waiting_blocks(const struct waiting *waiting, const struct change *change);

/* Whether moves out of the service are still to make room in it. */
bool waiting_departures(const struct waiting *waiting, size_t service);

/*
 * When all that the change waited for has failed, so that it would leave a service without senders:
 * the first of those; else CHANGE_NONE.
 */
long waiting_in_vain(const struct waiting *waiting, const struct change *change);

/* The first half of a move has ended, or never will start; true when it was the service's last. */
bool waiting_departed(struct waiting *waiting, const struct change *change);

/*
 * A move has ended as a whole, and can't be put back any more; true when it was the last one out of
 * its service.
 */
bool waiting_left(struct waiting *waiting, const struct change *change);

/* A change has ended; true when something in its service's pool may have waited for just that. */
bool waiting_ended(struct waiting *waiting, size_t index, bool worked);

#endif
