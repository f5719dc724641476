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
    change->create = CHANGE_NONE;
    change->replaces = CHANGE_NONE;
    plan->counts[kind]++;
    plan->services[service].change_count++;
    return change;
}

static int compare_places(const void *left, const void *right)
{
    const struct diff_place *a = left, *b = right;
    int order = (int)a->kind - (int)b->kind;
    return order != 0 ? order : sender_compare(a->sender, b->sender);
}

/* A channel sender may be named by its SID. */
static bool is_named_by_sid(const struct sender *a, const struct sender *b)
{
    return (a->sid != NULL && str_equal_nocase(a->sid, b->identity)) ||
           (b->sid != NULL && str_equal_nocase(b->sid, a->identity));
}

static const struct diff_place *find_place(const struct diff_places *places, enum sender_kind kind,
                                           const struct sender *sender)
{
    const struct diff_place key = {.kind = kind, .sender = sender};
    const struct diff_place *found;
    size_t i;

    if (places->count == 0)
        return NULL;
    found = bsearch(&key, places->items, places->count, sizeof(*places->items), compare_places);
    if (found != NULL || sender_types[kind].origin != SENDER_LISTED)
        return found;
    /* There are few of these. */
    for (i = places->count; i-- > 0 && places->items[i].kind >= kind;)
        if (places->items[i].kind == kind && is_named_by_sid(places->items[i].sender, sender))
            return &places->items[i];
    return NULL;
}

static void add_place(struct plan *plan, struct diff_places *places, enum sender_kind kind,
                      const struct sender *sender, size_t service)
{
    places->items = arena_grow(&plan->arena, places->items, places->count, &places->capacity,
                               sizeof(*places->items));
    places->items[places->count++] =
        (struct diff_place){.kind = kind, .sender = sender, .service = service};
}

static void index_places(struct diff *diff)
{
    struct plan *plan = diff->plan;
    size_t i, kind, j;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        if (!sender_types[kind].exclusive)
            continue;
        for (i = 0; i < plan->roster_count; i++) {
            const struct desired_service *desired = plan->services[i].desired;
            for (j = 0; j < desired->senders[kind].count && !desired->left_out; j++)
                add_place(plan, &diff->wanted, (enum sender_kind)kind,
                          &desired->senders[kind].items[j].sender, i);
        }
        for (i = 0; i < diff->live->count; i++) {
            const struct live_senders *list = &diff->live->services[i]->senders[kind];
            for (j = 0; j < list->count; j++)
                add_place(plan, &diff->held, (enum sender_kind)kind, &list->items[j], i);
        }
    }
    if (diff->wanted.count != 0)
        qsort(diff->wanted.items, diff->wanted.count, sizeof(*diff->wanted.items), compare_places);
    if (diff->held.count != 0)
        qsort(diff->held.items, diff->held.count, sizeof(*diff->held.items), compare_places);
}

void diff_init(struct diff *diff, struct plan *plan, const struct live_state *live)
{
    size_t i;

    memset(diff, 0, sizeof(*diff));
    diff->plan = plan;
    diff->live = live;
    diff->plan_index = arena_array(&plan->arena, live->count, sizeof(*diff->plan_index));
    for (i = 0; i < live->count; i++) {
        enum desired_claim how;
        const struct desired_service *claimant =
            desired_claim(plan->desired, &live->services[i]->service, &how);
        size_t index = claimant == NULL ? 0 : (size_t)(claimant - plan->desired->services);
        diff->plan_index[i] = claimant != NULL && plan->services[index].live == live->services[i]
                                  ? index
                                  : DIFF_NOT_PLANNED;
    }
    index_places(diff);
}

/* The plan's entry of a live service, made when the roster does not name it. */
static size_t planned_service(struct diff *diff, size_t live)
{
    struct plan *plan = diff->plan;

    if (diff->plan_index[live] == DIFF_NOT_PLANNED) {
        struct plan_service *service = &plan->services[plan->service_count];
        service->live = diff->live->services[live];
        service->name = service->live->shown_name;
        if (service->name == NULL)
            service->name = service->live->service.friendly_name;
        if (service->name == NULL)
            service->name = service->live->service.sid;
        service->deleted = desired_prunes(plan->desired, &service->live->service);
        diff->plan_index[live] = plan->service_count++;
    }
    return diff->plan_index[live];
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

static void append_addition(struct diff *diff, size_t index, enum sender_kind kind,
                            const struct desired_sender *wanted)
{
    const struct plan_service *service = &diff->plan->services[index];
    const struct diff_place *held =
        sender_types[kind].exclusive ? find_place(&diff->held, kind, &wanted->sender) : NULL;
    struct change *change;

    if (held == NULL) {
        change = append(diff->plan, index, CHANGE_ADD_SENDER, REASON_ONLY_ROSTER);
        change->sender = wanted->sender;
    } else {
        size_t from = planned_service(diff, held->service);
        const struct plan_service *source = &diff->plan->services[from];
        change = append(diff->plan, index, CHANGE_MOVE_SENDER, REASON_DIFFERS);
        change->sender = *held->sender;
        change->from = from;
        change->take_over =
            !source->deleted && (source->desired == NULL || source->desired->left_out ||
                                 !source->desired->senders[kind].managed);
    }
    change->sender_kind = kind;
    change->written = wanted->origin.written;
    change->country_written = wanted->country_written;
    change->span = wanted->origin.span;
    if (held == NULL)
        set_own_sid(change);
    if (service->live == NULL)
        change->create = (long)service->first_change;
}

/* Appends the additions in roster order. */
static void diff_additions(struct diff *diff, size_t index, enum sender_kind kind,
                           const struct list_pair *pair)
{
    static const struct live_senders none;
    const struct plan_service *service = &diff->plan->services[index];
    const struct desired_senders *wanted = &service->desired->senders[kind];
    const struct live_senders *have = service->live == NULL ? &none : &service->live->senders[kind];
    size_t i;

    for (i = 0; i < wanted->count; i++)
        if (!contains(pair->have, pair->have_count, as_live(&wanted->items[i].sender, have, kind)))
            append_addition(diff, index, kind, &wanted->items[i]);
}

/* Appends the removals in the order of the live list, but for what moves to another service. */
static void diff_removals(struct diff *diff, size_t index, enum sender_kind kind,
                          const struct list_pair *pair)
{
    const struct plan_service *service = &diff->plan->services[index];
    size_t i;

    if (service->live == NULL)
        return;
    for (i = 0; i < service->live->senders[kind].count; i++) {
        const struct sender *have = &service->live->senders[kind].items[i];
        struct change *change;
        if (contains(pair->wanted, pair->wanted_count, have) ||
            (sender_types[kind].exclusive && find_place(&diff->wanted, kind, have) != NULL))
            continue;
        change = append(diff->plan, index, CHANGE_REMOVE_SENDER, REASON_ONLY_LIVE);
        change->sender_kind = kind;
        change->sender = *have;
        change->span = service->desired->senders[kind].span;
    }
}

/*
 * A kind outside of the pool. Where a service can have only so many, what is there goes first, and
 * the new one comes only when that worked (an alpha sender is replaced by remove, then add).
 */
static void diff_small_kind(struct diff *diff, size_t index, enum sender_kind kind,
                            const struct list_pair *pair)
{
    struct plan *plan = diff->plan;
    bool limited = sender_types[kind].section->most != 0;
    size_t first_removal = plan->change_count, first_addition, i;

    if (limited)
        diff_removals(diff, index, kind, pair);
    first_addition = plan->change_count;
    diff_additions(diff, index, kind, pair);
    if (!limited)
        diff_removals(diff, index, kind, pair);
    if (first_removal == first_addition)
        return;
    for (i = first_addition; i < plan->change_count; i++)
        plan->changes[i].replaces = (long)first_removal;
}

void diff_service(struct diff *diff, size_t index)
{
    struct plan *plan = diff->plan;
    struct plan_service *service = &plan->services[index];
    struct list_pair pairs[SENDER_KIND_COUNT];
    size_t kind;

    service->first_change = plan->change_count;
    diff_settings(plan, index);
    memset(pairs, 0, sizeof(pairs));
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (service->desired->senders[kind].managed)
            sort_list(plan, service, (enum sender_kind)kind, &pairs[kind]);
    /* Additions go before removals, so that a service is never without senders on the way. */
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].shares_pool_limit && service->desired->senders[kind].managed)
            diff_additions(diff, index, (enum sender_kind)kind, &pairs[kind]);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].shares_pool_limit && service->desired->senders[kind].managed)
            diff_removals(diff, index, (enum sender_kind)kind, &pairs[kind]);
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (!sender_types[kind].shares_pool_limit && service->desired->senders[kind].managed)
            diff_small_kind(diff, index, (enum sender_kind)kind, &pairs[kind]);
}

void diff_prune(struct diff *diff)
{
    struct plan *plan = diff->plan;
    size_t i;

    for (i = 0; i < diff->live->count; i++) {
        struct change *change;
        size_t index;
        if (!desired_prunes(plan->desired, &diff->live->services[i]->service))
            continue;
        index = planned_service(diff, i);
        plan->services[index].first_change = plan->change_count;
        change = append(plan, index, CHANGE_DELETE_SERVICE, REASON_ONLY_LIVE);
        change->span = desired_prune_origin(plan->desired)->span;
    }
}
