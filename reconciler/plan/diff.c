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

/* Rows that the API takes: not the ones that only say which service is meant. */
static uint64_t sent_rows(void)
{
    uint64_t rows = 0;
    size_t row;
    for (row = 0; row < resource_service.field_count; row++)
        if (resource_service.fields[row].form_key != NULL)
            rows |= UINT64_C(1) << row;
    return rows;
}

static void diff_settings(struct plan *plan, size_t index)
{
    const struct plan_service *service = &plan->services[index];
    struct change *change;
    uint64_t rows;

    if (service->live == NULL) {
        change = append(plan, index, CHANGE_CREATE_SERVICE, REASON_ONLY_ROSTER);
        change->rows = service->desired->service.set.present & sent_rows();
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
    return sender_compare(*a, *b);
}

/*
 * A sender that the roster names by its SID is the live one of that SID, so that both ways of
 * naming it compare equal.
 */
static const struct sender *as_live(const struct sender *wanted, const struct live_senders *have,
                                    enum sender_kind kind)
{
    size_t i;

    if (sender_types[kind].origin != SENDER_LISTED)
        return wanted;
    for (i = 0; i < have->count; i++)
        if (str_equal_nocase(have->items[i].sid, wanted->identity))
            return &have->items[i];
    return wanted;
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
        pair->wanted[i] = as_live(&wanted->items[i].sender, have, kind);
    for (i = 0; i < have->count; i++)
        pair->have[i] = &have->items[i];
    qsort(pair->wanted, pair->wanted_count, sizeof(*pair->wanted), compare_senders);
    qsort(pair->have, pair->have_count, sizeof(*pair->have), compare_senders);
}

static bool contains(const struct sender **sorted, size_t count, const struct sender *sender)
{
    return bsearch(&sender, sorted, count, sizeof(*sorted), compare_senders) != NULL;
}

/* A channel sender that the roster names by its SID needs no looking up. */
static void set_own_sid(struct change *change)
{
    const struct resource *resource = sender_types[change->sender_kind].section->resource;

    if (sender_types[change->sender_kind].origin != SENDER_LISTED ||
        !str_is_sid(change->sender.identity, "XE"))
        return;
    change->sender.sid = change->sender.identity;
    field_mark_value(&change->sender.set, resource_row_at(resource, offsetof(struct sender, sid)));
}

/* Appends the additions in roster order. */
static void diff_additions(struct plan *plan, size_t index, enum sender_kind kind,
                           const struct list_pair *pair)
{
    const struct plan_service *service = &plan->services[index];
    const struct desired_senders *wanted = &service->desired->senders[kind];
    size_t i;

    for (i = 0; i < wanted->count; i++) {
        static const struct live_senders none;
        const struct live_senders *have =
            service->live == NULL ? &none : &service->live->senders[kind];
        struct change *change;
        if (contains(pair->have, pair->have_count, as_live(&wanted->items[i].sender, have, kind)))
            continue;
        change = append(plan, index, CHANGE_ADD_SENDER, REASON_ONLY_ROSTER);
        change->sender_kind = kind;
        change->sender = wanted->items[i].sender;
        change->written = wanted->items[i].origin.written;
        change->country_written = wanted->items[i].country_written;
        change->span = wanted->items[i].origin.span;
        set_own_sid(change);
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
 * A kind outside of the pool. Where a service can have only so many, what is there goes first, and
 * the new one comes only when that worked (an alpha sender is replaced by remove, then add).
 */
static void diff_small_kind(struct plan *plan, size_t index, enum sender_kind kind,
                            const struct list_pair *pair)
{
    bool limited = sender_types[kind].section->most != 0;
    size_t first_removal = plan->change_count, first_addition, i;

    if (limited)
        diff_removals(plan, index, kind, pair);
    first_addition = plan->change_count;
    diff_additions(plan, index, kind, pair);
    if (!limited)
        diff_removals(plan, index, kind, pair);
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
    size_t adds, removals, shortfall;

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
    if (adds == 0 || removals == 0)
        return;
    /* As many removals go first as the pool lacks places, no more. */
    shortfall = held + adds > SENDER_POOL_MAX ? held + adds - SENDER_POOL_MAX : 0;
    for (i = start; i < start + adds; i++)
        plan->changes[i].after_removals = shortfall != 0;
    for (i = start + adds + shortfall; i < plan->change_count; i++)
        plan->changes[i].after_adds = true;
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
            diff_small_kind(plan, index, (enum sender_kind)kind, &pairs[kind]);
}

static int compare_change_identities(const void *left, const void *right)
{
    const struct change *const *a = left, *const *b = right;
    int order = (int)(*a)->sender_kind - (int)(*b)->sender_kind;
    return order != 0 ? order : sender_compare(&(*a)->sender, &(*b)->sender);
}

/* The removal that frees the sender of an addition, NULL when none does. */
static const struct change *find_removal(const struct change *addition,
                                         const struct change **removals, size_t count)
{
    const struct change **found =
        bsearch(&addition, removals, count, sizeof(*removals), compare_change_identities);
    size_t i;

    if (found != NULL || sender_types[addition->sender_kind].origin != SENDER_LISTED)
        return found == NULL ? NULL : *found;
    /* The roster may name it by its SID. There are few of these. */
    for (i = 0; i < count; i++)
        if (removals[i]->sender_kind == addition->sender_kind &&
            str_equal_nocase(removals[i]->sender.sid, addition->sender.identity))
            return removals[i];
    return NULL;
}

void diff_link(struct plan *plan)
{
    const struct change **removals =
        arena_array(&plan->arena, plan->counts[CHANGE_REMOVE_SENDER], sizeof(*removals));
    size_t count = 0, i;

    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].kind == CHANGE_REMOVE_SENDER &&
            sender_types[plan->changes[i].sender_kind].exclusive)
            removals[count++] = &plan->changes[i];
    qsort(removals, count, sizeof(*removals), compare_change_identities);
    for (i = 0; i < plan->change_count; i++) {
        struct change *change = &plan->changes[i], *removal;
        const struct change *found;
        if (change->kind != CHANGE_ADD_SENDER)
            continue;
        found = find_removal(change, removals, count);
        if (found == NULL)
            continue;
        removal = &plan->changes[found - plan->changes];
        change->needs[1] = removal - plan->changes;
        /* The number stays where it is when the service that it goes to can't be created. */
        removal->after_adds = false;
        removal->needs[0] = change->needs[0];
        removal->written = change->written;
    }
}
