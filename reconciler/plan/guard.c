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

/* A guard with a number: "the plan takes 12 senders out of services; 10 are allowed". */
struct count_guard {
    const char *name, *verb, *what, *where, *flag;
};

/* A flag stands above the roster, so that only another flag helps where one was given. */
static void check_count(struct plan *plan, const struct count_guard *guard, size_t count,
                        int64_t limit, bool by_flag)
{
    const char *allow;

    if (limit == GUARD_UNLIMITED || count <= (uint64_t)limit)
        return;
    allow = by_flag
                ? arena_printf(&plan->arena, "%s %zu", guard->flag, count)
                : arena_printf(&plan->arena, "%s %zu, or a larger \"%s\" in the roster's guards",
                               guard->flag, count, guard->name);
    refuse(plan, guard->name,
           arena_printf(&plan->arena, "the plan %s %zu %s%s%s; %" PRId64 " %s allowed", guard->verb,
                        count, guard->what, count == 1 ? "" : "s", guard->where, limit,
                        limit == 1 ? "is" : "are"),
           allow);
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

static void check_protected(struct plan *plan, const struct desired_name *name, const size_t *hurt,
                            size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const struct plan_service *service = &plan->services[hurt[i]];
        if (!is_called(service, name->name))
            continue;
        refuse(plan, "protect",
               arena_printf(&plan->arena, "\"%s\" is protected and would be %s", name->shown,
                            service->deleted ? "deleted" : "left without senders"),
               "its removal from \"guards.protect\" in the roster");
    }
}

/* Services are looked through once, not once a name: most plans hurt none. */
static void check_protect(struct plan *plan)
{
    const struct guards *guards = &plan->desired->guards;
    size_t *hurt = arena_array(&plan->arena, plan->service_count, sizeof(*hurt));
    size_t count = 0, i;

    for (i = 0; i < plan->service_count; i++)
        if (plan->services[i].deleted || is_emptied(&plan->services[i]))
            hurt[count++] = i;
    for (i = 0; i < guards->protect_count; i++)
        check_protected(plan, &guards->protect[i], hurt, count);
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

static void check_counts(struct plan *plan, const struct guard_limits *given)
{
    static const struct count_guard removals = {
        .name = "max_removals",
        .verb = "takes",
        .what = "sender",
        .where = " out of services",
        .flag = "--max-removals",
    };
    static const struct count_guard deletes = {
        .name = "max_deletes",
        .verb = "deletes",
        .what = "service",
        .where = "",
        .flag = "--max-deletes",
    };

    check_count(plan, &removals, plan_removals(plan), plan->limits.max_removals,
                given->max_removals != GUARD_UNLIMITED);
    check_count(plan, &deletes, plan->counts[CHANGE_DELETE_SERVICE], plan->limits.max_deletes,
                given->max_deletes != GUARD_UNLIMITED);
}

static void check_empty_roster(struct plan *plan)
{
    const size_t deletes = plan->counts[CHANGE_DELETE_SERVICE];

    if (plan->limits.allow_empty_roster || plan->desired->declared_count != 0 || deletes == 0)
        return;
    refuse(plan, "empty_roster",
           arena_printf(&plan->arena,
                        "the roster has no services, and \"prune\" would delete %zu of the "
                        "account's",
                        deletes),
           "--allow-empty-roster");
}

void guard_check(struct plan *plan, const struct guard_limits *limits)
{
    const struct guards *guards = &plan->desired->guards;

    plan->refusal_count = 0;
    plan->limits = *limits;
    plan->limits.max_removals =
        limit_of(limits->max_removals, &guards->set, 0, guards->max_removals);
    plan->limits.max_deletes = limit_of(limits->max_deletes, &guards->set, 1, guards->max_deletes);
    check_counts(plan, limits);
    check_protect(plan);
    check_services(plan);
    check_empty_roster(plan);
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
