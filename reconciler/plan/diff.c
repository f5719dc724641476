#include "plan/diff.h"

#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct change *append(struct plan *plan, size_t service, enum change_kind kind,
                             enum change_reason reason)
{
    struct change *change;

    plan->changes = arena_grow(&plan->arena, plan->changes, plan->change_count,
                               &plan->change_capacity, sizeof(*plan->changes));
    change = &plan->changes[plan->change_count++];
    memset(change, 0, sizeof(*change));
    change->kind = kind;
    change->reason = reason;
    change->service = service;
    change->needs[0] = CHANGE_NONE;
    change->needs[1] = CHANGE_NONE;
    plan->counts[kind]++;
    plan->services[service].change_count++;
    return change;
}

static void diff_settings(struct plan *plan, size_t index)
{
    const struct plan_service *service = &plan->services[index];
    struct change *change;
    uint64_t rows;

    if (service->live == NULL) {
        change = append(plan, index, CHANGE_CREATE_SERVICE, REASON_ONLY_ROSTER);
        change->rows = service->desired->service.set.present;
        change->span = service->desired->span;
        return;
    }
    rows = resource_diff(&resource_service, &service->desired->service, &service->live->service);
    if (rows == 0)
        return;
    change = append(plan, index, CHANGE_UPDATE_SERVICE, REASON_DIFFERS);
    change->rows = rows;
    change->span = service->desired->span;
}

/* Both sides of one list, sorted by identity. */
struct list_pair {
    const struct sender **wanted, **have;
    size_t wanted_count, have_count;
};

static int compare_senders(const void *left, const void *right)
{
    const struct sender *const *a = left, *const *b = right;
    return strcmp((*a)->identity, (*b)->identity);
}

static void sort_list(struct plan *plan, const struct plan_service *service, enum sender_kind kind,
                      struct list_pair *pair)
{
    static const struct live_senders none;
    const struct desired_senders *wanted = &service->desired->senders[kind];
    const struct live_senders *have = service->live == NULL ? &none : &service->live->senders[kind];
    size_t i;

    assert(service->live == NULL || have->fetched);
    pair->wanted = arena_array(&plan->arena, wanted->count, sizeof(*pair->wanted));
    pair->have = arena_array(&plan->arena, have->count, sizeof(*pair->have));
    pair->wanted_count = wanted->count;
    pair->have_count = have->count;
    for (i = 0; i < wanted->count; i++)
        pair->wanted[i] = &wanted->items[i].sender;
    for (i = 0; i < have->count; i++)
        pair->have[i] = &have->items[i];
    qsort(pair->wanted, pair->wanted_count, sizeof(*pair->wanted), compare_senders);
    qsort(pair->have, pair->have_count, sizeof(*pair->have), compare_senders);
}

static bool contains(const struct sender **sorted, size_t count, const struct sender *sender)
{
    return bsearch(&sender, sorted, count, sizeof(*sorted), compare_senders) != NULL;
}

/* Appends the additions in roster order. */
static void diff_additions(struct plan *plan, size_t index, enum sender_kind kind,
                           const struct list_pair *pair)
{
    const struct plan_service *service = &plan->services[index];
    const struct desired_senders *wanted = &service->desired->senders[kind];
    size_t i;

    for (i = 0; i < wanted->count; i++) {
        struct change *change;
        if (contains(pair->have, pair->have_count, &wanted->items[i].sender))
            continue;
        change = append(plan, index, CHANGE_ADD_SENDER, REASON_ONLY_ROSTER);
        change->sender_kind = kind;
        change->sender = wanted->items[i].sender;
        change->span = wanted->items[i].span;
        if (service->live == NULL)
            change->needs[0] = (long)service->first_change;
    }
}

/* Appends the removals in the order of the live list. */
static void diff_removals(struct plan *plan, size_t index, enum sender_kind kind,
                          const struct list_pair *pair)
{
    const struct plan_service *service = &plan->services[index];
    size_t i;

    if (service->live == NULL)
        return;
    for (i = 0; i < service->live->senders[kind].count; i++) {
        const struct sender *have = &service->live->senders[kind].items[i];
        struct change *change;
        if (contains(pair->wanted, pair->wanted_count, have))
            continue;
        change = append(plan, index, CHANGE_REMOVE_SENDER, REASON_ONLY_LIVE);
        change->sender_kind = kind;
        change->sender = *have;
        change->span = service->desired->senders[kind].span;
    }
}

/*
 * A kind of which a service can have only so many: what is there goes first, and the new one comes
 * only when that worked (an alpha sender is replaced by remove, then add).
 */
static void diff_replaced_kind(struct plan *plan, size_t index, enum sender_kind kind,
                               const struct list_pair *pair)
{
    size_t first_removal = plan->change_count, first_addition, i;

    diff_removals(plan, index, kind, pair);
    first_addition = plan->change_count;
    diff_additions(plan, index, kind, pair);
    if (first_removal == first_addition)
        return;
    for (i = first_addition; i < plan->change_count; i++)
        plan->changes[i].needs[1] = (long)first_removal;
}

/*
 * Additions go before removals, so that a service is never without senders on the way, unless the
 * pool has no room for both.
 */
static void diff_pool(struct plan *plan, size_t index, const struct list_pair *pairs)
{
    size_t start = plan->change_count, held = 0, kind, i;
    size_t adds, removals;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        if (!sender_types[kind].shares_pool_limit)
            continue;
        held += pairs[kind].have_count;
        if (plan->services[index].desired->senders[kind].managed)
            diff_additions(plan, index, (enum sender_kind)kind, &pairs[kind]);
    }
    adds = plan->change_count - start;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].shares_pool_limit &&
            plan->services[index].desired->senders[kind].managed)
            diff_removals(plan, index, (enum sender_kind)kind, &pairs[kind]);
    removals = plan->change_count - start - adds;
    for (i = start; i < plan->change_count && adds != 0 && removals != 0; i++) {
        bool room = held + adds <= SENDER_POOL_MAX;
        plan->changes[i].after_adds = room && i >= start + adds;
        plan->changes[i].after_removals = !room && i < start + adds;
    }
}

void diff_service(struct plan *plan, size_t index)
{
    struct plan_service *service = &plan->services[index];
    struct list_pair pairs[SENDER_KIND_COUNT];
    size_t kind;

    service->first_change = plan->change_count;
    diff_settings(plan, index);
    memset(pairs, 0, sizeof(pairs));
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct live_senders *have =
            service->live == NULL ? NULL : &service->live->senders[kind];
        if (service->desired->senders[kind].managed)
            sort_list(plan, service, (enum sender_kind)kind, &pairs[kind]);
        else if (have != NULL)
            pairs[kind].have_count = have->count; /* unmanaged, but it takes room if it is known */
    }
    diff_pool(plan, index, pairs);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (!sender_types[kind].shares_pool_limit && service->desired->senders[kind].managed)
            diff_replaced_kind(plan, index, (enum sender_kind)kind, &pairs[kind]);
}

static int compare_change_identities(const void *left, const void *right)
{
    const struct change *const *a = left, *const *b = right;
    int order = (int)(*a)->sender_kind - (int)(*b)->sender_kind;
    return order != 0 ? order : strcmp((*a)->sender.identity, (*b)->sender.identity);
}

void diff_link(struct plan *plan)
{
    const struct change **removals =
        arena_array(&plan->arena, plan->counts[CHANGE_REMOVE_SENDER], sizeof(*removals));
    size_t count = 0, i;

    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].kind == CHANGE_REMOVE_SENDER &&
            sender_types[plan->changes[i].sender_kind].needs_owned_sid)
            removals[count++] = &plan->changes[i];
    qsort(removals, count, sizeof(*removals), compare_change_identities);
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        const struct change **found;
        if (change->kind != CHANGE_ADD_SENDER)
            continue;
        found = bsearch(&change, removals, count, sizeof(*removals), compare_change_identities);
        if (found == NULL)
            continue;
        plan->changes[i].needs[1] = *found - plan->changes;
        plan->changes[*found - plan->changes].after_adds = false;
    }
}
