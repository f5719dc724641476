#include "apply/again.h"

#include "base/clock.h"

void again_sent(struct again *again)
{
    if (again->sent++ == 0)
        again->first_ms = clock_monotonic(&clock_system);
}

void again_unsent(struct again *again)
{
    if (again->sent > 0)
        again->sent--;
}

bool again_allowed(const struct again *again, const struct retry_policy *policy,
                   struct random_state *random, int64_t *delay_ms)
{
    /* As harmless as a read whose connection was lost. */
    const struct retry_input input = {
        .method = HTTP_GET,
        .fault = HTTP_FAULT_CONNECTION,
        .attempt = again->sent,
        .retry_after_ms = -1,
        .elapsed_ms = clock_monotonic(&clock_system) - again->first_ms,
        .random = random_unit(random),
    };
    const struct retry_decision decision = retry_decide(policy, &input);

    *delay_ms = decision.delay_ms;
    return decision.again;
}
