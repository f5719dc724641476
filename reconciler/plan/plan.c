#include "plan/plan.h"

#include "plan/diff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[] = {
        [CHANGE_CREATE_SERVICE] = "create_service",
        [CHANGE_UPDATE_SERVICE] = "update_service",
        [CHANGE_ADD_SENDER] = "add_sender",
        [CHANGE_REMOVE_SENDER] = "remove_sender",
    };
    return names[kind];
}

static int compare_live_names(const void *left, const void *right)
{
    const struct live_service *const *a = left, *const *b = right;
    return strcmp((*a)->service.friendly_name, (*b)->service.friendly_name);
}

/* Live services that have a name, sorted by it. */
static const struct live_service **sort_by_name(const struct live_state *live, struct arena *arena,
                                                size_t *count)
{
    const struct live_service **sorted = arena_array(arena, live->count, sizeof(*sorted));
    size_t i;

    *count = 0;
    for (i = 0; i < live->count; i++)
        if (live->services[i]->service.friendly_name != NULL)
            sorted[(*count)++] = live->services[i];
    qsort(sorted, *count, sizeof(*sorted), compare_live_names);
    return sorted;
}

static void report_ambiguous(const struct desired_service *service,
                             const struct live_service **same, size_t count, struct diag *diag)
{
    size_t i;

    diag_error(diag, &service->span, "the account has %zu services called \"%s\"", count,
               service->service.friendly_name);
    diag_help(diag, "rename or delete all but one of them, so that the name means one service");
    for (i = 0; i < count; i++)
        diag_note(diag, NULL, "%s", same[i]->service.sid);
}

static int match_service(const struct desired_service *service, const struct live_service **sorted,
                         size_t count, const struct live_service **match, struct diag *diag)
{
    const struct live_service key = {.service = {.friendly_name = service->service.friendly_name}};
    const struct live_service *key_pointer = &key;
    const struct live_service **found =
        bsearch(&key_pointer, sorted, count, sizeof(*sorted), compare_live_names);
    const struct live_service **end = sorted + count;
    size_t same = 1;

    *match = NULL;
    if (found == NULL)
        return 0;
    while (found > sorted && compare_live_names(found - 1, found) == 0)
        found--;
    while (found + same < end && compare_live_names(found, found + same) == 0)
        same++;
    if (same > 1) {
        report_ambiguous(service, found, same, diag);
        return -1;
    }
    *match = *found;
    return 0;
}

int plan_build(struct plan *plan, const struct desired *desired, const struct live_state *live,
               struct diag *diag)
{
    const struct live_service **sorted;
    size_t sorted_count, i;
    int result = 0;

    sorted = sort_by_name(live, &plan->arena, &sorted_count);
    plan->services = arena_array(&plan->arena, desired->service_count, sizeof(*plan->services));
    plan->service_count = desired->service_count;
    for (i = 0; i < desired->service_count; i++) {
        struct plan_service *service = &plan->services[i];
        service->desired = &desired->services[i];
        service->name = service->desired->service.friendly_name;
        if (match_service(service->desired, sorted, sorted_count, &service->live, diag) != 0)
            result = -1;
    }
    if (result != 0)
        return result;
    for (i = 0; i < plan->service_count; i++)
        diff_service(plan, i);
    diff_link(plan);
    return 0;
}

static bool is_unresolved(const struct change *change)
{
    return change->kind == CHANGE_ADD_SENDER && sender_types[change->sender_kind].needs_owned_sid &&
           change->sender.sid == NULL;
}

size_t plan_unresolved(const struct plan *plan, enum sender_kind kind, const struct change **first)
{
    size_t count = 0, i;

    *first = NULL;
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->sender_kind != kind || !is_unresolved(change))
            continue;
        if (*first == NULL)
            *first = change;
        count++;
    }
    return count;
}

static int compare_senders(const void *left, const void *right)
{
    const struct sender *const *a = left, *const *b = right;
    return strcmp((*a)->identity, (*b)->identity);
}

static int resolve_change(struct change *change, const struct sender **sorted, size_t count,
                          struct diag *diag)
{
    const struct sender_type *type = &sender_types[change->sender_kind];
    const struct sender *key = &change->sender;
    const struct sender **found;

    found = bsearch(&key, sorted, count, sizeof(*sorted), compare_senders);
    if (found == NULL) {
        diag_error(diag, &change->span, "the account does not own %s %s", type->label,
                   change->sender.identity);
        diag_help(diag, "roster buys nothing: get it in the Twilio Console first, or check the "
                        "account and the digits");
        return -1;
    }
    if (((*found)->capabilities & (CAPABILITY_SMS | CAPABILITY_MMS)) == 0 &&
        change->sender_kind == SENDER_PHONE_NUMBER) {
        diag_error(diag, &change->span, "%s %s can't send messages (no SMS or MMS capability)",
                   type->label, change->sender.identity);
        diag_help(diag, "Twilio would refuse it with error 21715; use another number");
        return -1;
    }
    change->sender = **found;
    return 0;
}

static int resolve_kind(struct plan *plan, const struct live_state *live, enum sender_kind kind,
                        struct diag *diag)
{
    const struct live_senders *owned = &live->owned[kind];
    const struct sender **sorted = arena_array(&plan->arena, owned->count, sizeof(*sorted));
    size_t count = 0, i;
    int result = 0;

    for (i = 0; i < owned->count; i++)
        if (owned->items[i].identity != NULL && owned->items[i].sid != NULL)
            sorted[count++] = &owned->items[i];
    qsort(sorted, count, sizeof(*sorted), compare_senders);
    for (i = 0; i < plan->change_count; i++) {
        struct change *change = &plan->changes[i];
        if (change->sender_kind == kind && is_unresolved(change) &&
            resolve_change(change, sorted, count, diag) != 0)
            result = -1;
    }
    return result;
}

int plan_resolve(struct plan *plan, const struct live_state *live, struct diag *diag)
{
    int result = 0;
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].needs_owned_sid &&
            resolve_kind(plan, live, (enum sender_kind)kind, diag) != 0)
            result = -1;
    return result;
}

void plan_release(struct plan *plan)
{
    arena_release(&plan->arena);
    memset(plan, 0, sizeof(*plan));
}
