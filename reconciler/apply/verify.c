#include "apply/verify.h"

#include "twilio/live_fetch.h"

int verify_execution(const struct execution *execution, const struct plan *plan,
                     struct twilio_client *client, struct desired *desired, struct live_state *live,
                     struct plan *rest, struct diag *diag)
{
    struct live_wanted *wanted;
    size_t count = 0, i;

    desired->services =
        arena_array(&desired->arena, plan->service_count, sizeof(*desired->services));
    wanted = arena_array(&desired->arena, plan->service_count, sizeof(*wanted));
    for (i = 0; i < plan->service_count; i++) {
        const struct plan_service *service = &plan->services[i];
        if (service->change_count == 0 || execution->service_sids[i] == NULL)
            continue;
        desired->services[count] = *service->desired;
        wanted[count].sid = execution->service_sids[i];
        wanted[count].desired = &desired->services[count];
        count++;
    }
    desired->service_count = count;
    desired_index(desired);
    if (live_fetch_services(client, wanted, count, live, diag) != 0)
        return -1;
    return plan_build(rest, desired, live, diag);
}
