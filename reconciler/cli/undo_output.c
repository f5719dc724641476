#include "cli/undo_output.h"

#include "cli/plan_save.h"
#include "cli/session_wait.h"

#include "plan/guard.h"
#include "plan/undo.h"
#include "twilio/live_fetch.h"

/* Whether it changed the account, or may have: what did not needs no way back, which is from what
 * is live. */
static bool has_effect(const struct change *change, const struct execution *execution,
                       const struct change_outcome *outcome)
{
    return outcome->state == CHANGE_DONE || outcome->unclear ||
           /* It is there, if not just as it was asked for. */
           (change->kind == CHANGE_CREATE_SERVICE &&
            execution->service_sids[change->service] != NULL) ||
           /* It is in neither service. */
           (change->kind == CHANGE_MOVE_SENDER && outcome->put_back == PUT_BACK_FAILED);
}

static const bool *find_effects(const struct plan *plan, const struct execution *execution,
                                struct arena *arena)
{
    bool *effects = arena_array(arena, plan->change_count, sizeof(*effects));
    size_t i;

    for (i = 0; i < plan->change_count; i++)
        effects[i] = has_effect(&plan->changes[i], execution, &execution->outcomes[i]);
    return effects;
}

int undo_output(const struct session *session, const struct execution *execution,
                const struct options *options, struct diag *diag)
{
    struct session back = {.client = session->client, .plan_key = session->plan_key};
    struct session_wait wait;
    struct undo undo = {0};
    const bool *effects = find_effects(&session->plan, execution, &undo.arena);
    int result = -1;

    undo_init(&undo, &back.desired, &session->plan, effects, execution->service_sids, diag);
    session_wait_begin(&wait, back.client, options, "Reading for the way back", &back.live);
    if (live_fetch(back.client, &back.desired, &back.live, diag) == 0) {
        undo_settle(&undo, &back.desired, &back.live);
        if (session_build(&back, diag) == BUILD_GOOD) {
            guard_check(&back.plan, &guard_limits_default);
            back.plan.origin = session->origin;
            back.source = session->source; /* which the file must not overwrite */
            back.origin = session->origin;
            result = plan_save(&back, options, "--undo-out", options->undo_out, diag);
        }
    }
    session_wait_end(&wait);
    if (result != 0)
        diag_help(diag, "the way back was not saved; the report says what was done");
    back.client = NULL;
    back.source = (struct source){0};
    session_release(&back);
    undo_release(&undo);
    return result;
}
