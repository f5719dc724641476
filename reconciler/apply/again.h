/*
 * Whether a write whose outcome was unclear is sent again, and when; private to apply/. The HTTP
 * engine repeats what is safe to repeat blindly; this is for what was looked up first, or has the
 * same effect twice.
 */
#ifndef ROSTER_APPLY_AGAIN_H
#define ROSTER_APPLY_AGAIN_H

#include "base/random.h"
#include "http/retry.h"

#include <stdbool.h>
#include <stdint.h>

/* How often one request of a change was sent; all zero to begin with. */
struct again {
    unsigned sent;
    int64_t first_ms; /* by the machine's monotonic clock */
};

/* To be called for each time that it is sent. */
void again_sent(struct again *again);

/* It was not sent after all. */
void again_unsent(struct again *again);

/*
 * Whether the policy allows another time, with the same backoff as for what the engine repeats:
 * `*delay_ms` is how long to wait before it, or before it is looked up.
 */
bool again_allowed(const struct again *again, const struct retry_policy *policy,
                   struct random_state *random, int64_t *delay_ms);

#endif
