#include "apply/verify.h"

#include "twilio/live_fetch.h"

/* Which services have changes, or lose senders to others. */
static bool *find_touched(const struct plan *plan, struct arena *arena)
{
    bool *touched = arena_array(arena, plan->service_count, sizeof(*touched));
    size_t i;

    for (i = 0; i < plan->change_count; i++) {
        touched[plan->changes[i].service] = true;
        if (plan->changes[i].kind == CHANGE_MOVE_SENDER)
            touched[plan->changes[i].from] = true;
    }
    return touched;
}

/* What is wanted of a service that no entry of the roster manages: nothing but that it is there. */
static const struct desired_service nothing;

int verify_execution(const struct execution *execution, const struct plan *plan,
                     struct twilio_client *client, struct desired *desired, struct live_state *live,
                     struct plan *rest, struct diag *diag)
{
    const bool *touched = find_touched(plan, &desired->arena);
    const char **deleted =
        arena_array(&desired->arena, plan->counts[CHANGE_DELETE_SERVICE], sizeof(*deleted));
    struct live_wanted *wanted = arena_array(&desired->arena, plan->service_count, sizeof(*wanted));
    size_t count = 0, i;

    desired->services =
        arena_array(&desired->arena, plan->service_count, sizeof(*desired->services));
    desired->prune_sids = deleted;
    /* What may not be shown stays so in what is left. */
    desired->redactions = plan->desired->redactions;
    desired->lookup = plan->desired->lookup;
    for (i = 0; i < plan->service_count; i++) {
        const struct plan_service *service = &plan->services[i];
        const bool compared = service->desired != NULL && !service->desired->left_out;
        if (!touched[i] || execution->service_sids[i] == NULL || (!compared && !service->deleted))
            continue;
        wanted[count].sid = execution->service_sids[i];
        if (service->deleted) {
            deleted[desired->prune_sid_count++] = wanted[count].sid;
            wanted[count].desired = &nothing;
        } else {
            desired->services[desired->service_count] = *service->desired;
            wanted[count].desired = &desired->services[desired->service_count++];
        }
        count++;
    }
    desired_index(desired);
    if (live_fetch_services(client, wanted, count, live, diag) != 0)
        return -1;
    /*
     * A creation may have taken effect twice, and only one of the two has answered. A service that
     * the plan knows may have the name because it is not renamed yet.
     */
    if (plan->counts[CHANGE_CREATE_SERVICE] != 0 &&
        live_fetch_namesakes(client, desired, execution->service_sids, plan->service_count, live,
                             diag) != 0)
        return -1;
    return plan_build(rest, desired, live, diag);
}
