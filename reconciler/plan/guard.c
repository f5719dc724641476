#include "plan/guard.h"

#include "base/str.h"

#include <inttypes.h>
#include <string.h>

const struct guard_limits guard_limits_default = {
    .max_removals = GUARD_UNLIMITED,
    .max_deletes = GUARD_UNLIMITED,
};

static void refuse(struct plan *plan, const char *guard, const char *message, const char *allow)
{
    plan->refusals = arena_grow(&plan->arena, plan->refusals, plan->refusal_count,
                                &plan->refusal_capacity, sizeof(*plan->refusals));
    plan->refusals[plan->refusal_count++] = (struct refusal){guard, message, allow};
}

/* "the plan takes 12 senders out of services; 10 are allowed" */
static void check_count(struct plan *plan, const char *guard, const char *verb, const char *what,
                        const char *rest, size_t count, int64_t limit, const char *flag)
{
    if (limit == GUARD_UNLIMITED || count <= (uint64_t)limit)
        return;
    refuse(plan, guard,
           arena_printf(&plan->arena, "the plan %s %zu %s%s%s; %" PRId64 " %s allowed", verb, count,
                        what, count == 1 ? "" : "s", rest, limit, limit == 1 ? "is" : "are"),
           arena_printf(&plan->arena, "%s %zu, or a larger \"%s\" in the roster's guards", flag,
                        count, guard));
}

/* The rows are in the order of the members. */
static int64_t limit_of(int64_t flag, const struct field_set *set, size_t row, int64_t declared)
{
    if (flag != GUARD_UNLIMITED)
        return flag;
    return field_has_value(set, row) ? declared : GUARD_UNLIMITED;
}

static bool is_emptied(const struct plan_service *service)
{
    return !service->deleted && plan_senders_before(service) != 0 &&
           plan_senders_after(service) == 0;
}

static bool is_called(const struct plan_service *service, const char *name)
{
    return (service->live != NULL && str_equal(service->live->service.friendly_name, name)) ||
           (service->desired != NULL && str_equal(service->desired->service.friendly_name, name));
}

static void check_protected(struct plan *plan, const struct desired_name *name)
{
    size_t i;

    for (i = 0; i < plan->service_count; i++) {
        const struct plan_service *service = &plan->services[i];
        if ((!service->deleted && !is_emptied(service)) || !is_called(service, name->name))
            continue;
        refuse(plan, "protect",
               arena_printf(&plan->arena, "\"%s\" is protected and would be %s", name->shown,
                            service->deleted ? "deleted" : "left without senders"),
               "its removal from \"guards.protect\" in the roster");
    }
}

/* The first few names of the chosen services, "A", "B" and 3 more; NULL when there is none. */
static const char *list_services(struct plan *plan, const bool *chosen)
{
    enum { SHOWN = 5 };
    const char *list = NULL;
    size_t count = 0, i;

    for (i = 0; i < plan->service_count; i++) {
        if (!chosen[i] || ++count > SHOWN)
            continue;
        list = arena_printf(&plan->arena, "%s%s\"%s\"", list == NULL ? "" : list,
                            list == NULL ? "" : ", ", plan->services[i].name);
    }
    return count <= SHOWN ? list
                          : arena_printf(&plan->arena, "%s and %zu more", list, count - SHOWN);
}

/* Which services each guard finds something wrong with. */
struct findings {
    bool *emptied, *campaign_lost, *taken_over;
};

static struct findings find(struct plan *plan)
{
    struct findings found = {
        .emptied = arena_array(&plan->arena, plan->service_count, sizeof(bool)),
        .campaign_lost = arena_array(&plan->arena, plan->service_count, sizeof(bool)),
        .taken_over = arena_array(&plan->arena, plan->service_count, sizeof(bool)),
    };
    size_t i;

    for (i = 0; i < plan->service_count; i++) {
        const struct plan_service *service = &plan->services[i];
        found.emptied[i] = is_emptied(service);
        found.campaign_lost[i] =
            service->deleted && service->live->service.us_app_to_person_registered;
    }
    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].kind == CHANGE_MOVE_SENDER && plan->changes[i].take_over)
            found.taken_over[plan->changes[i].from] = true;
    return found;
}

static void check_services(struct plan *plan)
{
    const struct guard_limits *limits = &plan->limits;
    const struct findings found = find(plan);
    const char *list;

    if (!limits->allow_empty_service && (list = list_services(plan, found.emptied)) != NULL)
        refuse(plan, "empty_service",
               arena_printf(&plan->arena, "the plan takes the last sender out of %s", list),
               "--allow-empty-service");
    if (!limits->take_over && (list = list_services(plan, found.taken_over)) != NULL)
        refuse(plan, "take_over",
               arena_printf(&plan->arena,
                            "the plan moves senders out of %s, where it does not "
                            "manage them",
                            list),
               "--take-over");
    if (!limits->allow_campaign_loss && (list = list_services(plan, found.campaign_lost)) != NULL)
        refuse(plan, "campaign_loss",
               arena_printf(&plan->arena,
                            "the plan deletes the registered A2P campaign of %s: US "
                            "sending stops at once",
                            list),
               "--allow-campaign-loss");
}

void guard_check(struct plan *plan, const struct guard_limits *limits)
{
    const struct guards *guards = &plan->desired->guards;
    size_t i;

    plan->refusal_count = 0;
    plan->limits = *limits;
    plan->limits.max_removals =
        limit_of(limits->max_removals, &guards->set, 0, guards->max_removals);
    plan->limits.max_deletes = limit_of(limits->max_deletes, &guards->set, 1, guards->max_deletes);
    check_count(plan, "max_removals", "takes", "sender", " out of services", plan_removals(plan),
                plan->limits.max_removals, "--max-removals");
    check_count(plan, "max_deletes", "deletes", "service", "", plan->counts[CHANGE_DELETE_SERVICE],
                plan->limits.max_deletes, "--max-deletes");
    for (i = 0; i < guards->protect_count; i++)
        check_protected(plan, &guards->protect[i]);
    check_services(plan);
    if (!plan->limits.allow_empty_roster && plan->roster_count == 0 &&
        plan->counts[CHANGE_DELETE_SERVICE] != 0)
        refuse(plan, "empty_roster",
               arena_printf(&plan->arena,
                            "the roster has no services, and \"prune\" would delete "
                            "all %zu of the account",
                            plan->counts[CHANGE_DELETE_SERVICE]),
               "--allow-empty-roster");
}

void guard_warn(const struct plan *plan, const struct live_state *live, struct diag *diag)
{
    const struct guards *guards = &plan->desired->guards;
    size_t i, j;

    for (i = 0; i < guards->protect_count; i++) {
        const struct desired_name *name = &guards->protect[i];
        bool known = desired_find_service(plan->desired, name->name) != NULL;
        for (j = 0; j < live->count && !known; j++)
            known = str_equal(live->services[j]->service.friendly_name, name->name);
        if (known)
            continue;
        diag_warning(diag, &name->span, "neither the roster nor the account has a service \"%s\"",
                     name->shown);
        diag_help(diag, "it protects nothing: mend the name, or remove it from \"protect\"");
    }
}
