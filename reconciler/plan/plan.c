#include "plan/plan.h"

#include "plan/capacity.h"
#include "plan/diff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[] = {
        [CHANGE_CREATE_SERVICE] = "create_service", [CHANGE_UPDATE_SERVICE] = "update_service",
        [CHANGE_ADD_SENDER] = "add_sender",         [CHANGE_MOVE_SENDER] = "move_sender",
        [CHANGE_REMOVE_SENDER] = "remove_sender",   [CHANGE_DELETE_SERVICE] = "delete_service",
    };
    return names[kind];
}

bool change_is_of_sender(enum change_kind kind)
{
    return kind == CHANGE_ADD_SENDER || kind == CHANGE_MOVE_SENDER || kind == CHANGE_REMOVE_SENDER;
}

const char *change_reason_name(enum change_reason reason)
{
    static const char *const names[REASON_COUNT] = {
        [REASON_ONLY_ROSTER] = "only_in_roster",
        [REASON_ONLY_LIVE] = "only_live",
        [REASON_DIFFERS] = "differs",
    };
    return names[reason];
}

/* The live services that one service of the roster may be, by how it came to them. */
struct claims {
    const struct live_service *first[CLAIM_NONE];
    size_t count[CLAIM_NONE];
};

/* What may be shown of a text member of a service of the roster. */
static const char *shown_text(const struct desired_service *service, size_t offset)
{
    size_t row = resource_row_at(&resource_service, offset);
    const struct field *field = &resource_service.fields[row];

    if (service->origins[row].written != NULL)
        return service->origins[row].written;
    return *(const char *const *)field_member_const(field, &service->service);
}

static const struct diag_span *span_of(const struct desired_service *service, size_t offset)
{
    return &service->origins[resource_row_at(&resource_service, offset)].span;
}

static void report_ambiguous(const struct desired *desired, const struct plan_service *service,
                             const struct live_state *live, enum desired_claim how, size_t count,
                             struct diag *diag)
{
    size_t offset = how == CLAIM_NAME ? offsetof(struct service, friendly_name)
                                      : offsetof(struct service, renamed_from);
    size_t i;

    diag_error(diag, span_of(service->desired, offset),
               "the account has %zu services called \"%s\"", count,
               shown_text(service->desired, offset));
    diag_help(diag, "pin the right one with \"sid\"");
    for (i = 0; i < live->count; i++) {
        enum desired_claim claim;
        if (desired_claim(desired, &live->services[i]->service, &claim) == service->desired &&
            claim == how)
            diag_note(diag, NULL, "%s", live->services[i]->service.sid);
    }
}

static int match_service(const struct desired *desired, struct plan_service *service,
                         const struct claims *claims, const struct live_state *live,
                         struct diag *diag)
{
    const bool left_out = service->desired->left_out;
    size_t how;

    for (how = CLAIM_SID; how < CLAIM_NONE; how++) {
        if (claims->count[how] == 0)
            continue;
        if (claims->count[how] == 1 || !left_out)
            service->live = claims->first[how];
        if (claims->count[how] == 1 || left_out)
            return 0;
        report_ambiguous(desired, service, live, (enum desired_claim)how, claims->count[how], diag);
        return -1;
    }
    if (service->desired->service.sid == NULL || left_out)
        return 0;
    diag_error(diag, span_of(service->desired, offsetof(struct service, sid)),
               "the account has no service %s",
               shown_text(service->desired, offsetof(struct service, sid)));
    diag_help(diag, "remove \"sid\" to find the service by its name, or to create it");
    return -1;
}

/* Finds for each service of the plan the live one. */
static int match_services(struct plan *plan, const struct desired *desired,
                          const struct live_state *live, struct diag *diag)
{
    struct claims *claims = arena_array(&plan->arena, desired->service_count, sizeof(*claims));
    int result = 0;
    size_t i;

    for (i = 0; i < live->count; i++) {
        enum desired_claim how;
        const struct desired_service *claimant =
            desired_claim(desired, &live->services[i]->service, &how);
        struct claims *of;
        if (claimant == NULL)
            continue;
        of = &claims[claimant - desired->services];
        if (of->count[how]++ == 0)
            of->first[how] = live->services[i];
    }
    for (i = 0; i < desired->service_count; i++)
        if (match_service(desired, &plan->services[i], &claims[i], live, diag) != 0)
            result = -1;
    return result;
}

/* The services of the roster, in its order, with room for those that it does not name. */
static void add_services(struct plan *plan, const struct desired *desired,
                         const struct live_state *live)
{
    size_t i;

    plan->desired = desired;
    plan->services =
        arena_array(&plan->arena, desired->service_count + live->count, sizeof(*plan->services));
    plan->service_count = plan->roster_count = desired->service_count;
    for (i = 0; i < desired->service_count; i++) {
        plan->services[i].desired = &desired->services[i];
        plan->services[i].name =
            shown_text(&desired->services[i], offsetof(struct service, friendly_name));
        if (plan->services[i].name == NULL) /* of a saved plan that only knows its SID */
            plan->services[i].name = desired->services[i].service.sid;
    }
}

int plan_build(struct plan *plan, const struct desired *desired, const struct live_state *live,
               struct diag *diag)
{
    struct diff diff;
    int result;
    size_t i;

    add_services(plan, desired, live);
    result = match_services(plan, desired, live, diag);
    diff_init(&diff, plan, live);
    for (i = 0; i < plan->roster_count; i++)
        if (!desired->services[i].left_out)
            diff_service(&diff, i);
    diff_prune(&diff);
    plan_order(plan);
    plan_note(plan, live);
    plan_check_capacity(plan);
    return result;
}

size_t plan_missing_pins(const struct plan *plan)
{
    size_t count = 0, i;

    for (i = 0; i < plan->roster_count; i++)
        count += plan->services[i].live == NULL && !plan->services[i].desired->left_out &&
                 plan->services[i].desired->service.sid != NULL;
    return count;
}

void plan_release(struct plan *plan)
{
    arena_release(&plan->arena);
    memset(plan, 0, sizeof(*plan));
}
