/*
 * Digests of what a plan found live; private to plan/.
 */
#ifndef ROSTER_PLAN_BINDINGS_H
#define ROSTER_PLAN_BINDINGS_H

#include "plan/plan.h"

#include <jansson.h>

/* Which objects of a service a plan touches. */
struct touched {
    bool any;
    bool settings;
    bool senders[SENDER_KIND_COUNT];
};

/* By service of the plan, in the arena. */
struct touched *bindings_touched(const struct plan *plan, struct arena *arena);

/* What the digests need; all zero but for the first two. Its memory is `arena`'s. */
struct bindings {
    const char *key; /* NULL: none */
    const char *salt;
    struct arena *arena;
    struct slow_digest *slow; /* those that were made already */
    size_t slow_count, slow_capacity;
};

/*
 * The bindings of one service, an object; a new reference. `hidden_name`: the roster takes its name
 * from ${NAME}, so it may be a secret as URLs may.
 */
json_t *bindings_json(struct bindings *bindings, const struct live_service *live,
                      const struct touched *touched, bool hidden_name);

#endif
