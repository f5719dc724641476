/*
 * Comparison of desired and live, service by service; part of making a plan (see plan.h) and
 * private to plan/.
 */
#ifndef ROSTER_PLAN_DIFF_H
#define ROSTER_PLAN_DIFF_H

#include "plan/plan.h"

#include <stddef.h>

/* A sender that can be in one service only, and where it is or is to be. */
struct diff_place {
    enum sender_kind kind;
    const struct sender *sender;
    size_t service; /* wanted: index into the plan's services; held: into the live ones */
};

/* Places in the order of kind and sender. */
struct diff_places {
    struct diff_place *items;
    size_t count, capacity;
};

#define DIFF_NOT_PLANNED ((size_t)-1)

struct diff {
    struct plan *plan;
    const struct live_state *live;
    size_t *plan_index; /* by live service: its index in the plan's services, DIFF_NOT_PLANNED */
    struct diff_places wanted, held;
};

/* Indexes both sides. The plan's services have their `desired` and `live` by now. */
void diff_init(struct diff *diff, struct plan *plan, const struct live_state *live);

/*
 * Appends the changes of a service of the roster. Only settings and lists that the roster manages
 * are looked at; sender lists are sets. Both sides are sorted once, so the cost is n log n in the
 * number of senders. What is in another service, whose list was read, is moved.
 */
void diff_service(struct diff *diff, size_t service);

/* Appends the deletion of each live service that desired_prunes(). */
void diff_prune(struct diff *diff);

/*
 * Decides when each change may start (see struct change) and counts the senders of each service;
 * order.c.
 */
void plan_order(struct plan *plan);

/* Says of each change what it breaks; notes.c. */
void plan_note(struct plan *plan, const struct live_state *live);

#endif
