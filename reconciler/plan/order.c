/*
 * When each change may start.
 *
 * A pool with room gets its additions first and loses its senders last, so that the service is
 * never without any on the way. A pool without room for both ("tight") loses as many senders first
 * as it lacks places, moves out before plain removals, which only then do not wait.
 *
 * Why nothing waits in a circle: creates wait for nothing. Removals that do not wait for additions
 * come next. First halves of moves wait for those in the service that they go to. Out of a tight
 * service they wait for nothing else; out of another one they wait for its plain additions, which
 * there wait for nothing but a create. Second halves wait, where it is tight, for the first halves
 * of moves out, which then are out of a tight service. A plain addition to a tight service waits
 * for moves out of it as a whole, and no such move, nor what it waits for, waits for an addition.
 * The removals that are left wait for all that comes, and deletions for everything else.
 */
#include "plan/diff.h"

#include <string.h>

/* A service's pool: phone numbers and short codes together. */
struct pool {
    size_t held, plain_adds, arrivals, departures;
    bool tight;
    size_t shortfall; /* plain removals that have to go first */
};

static bool is_pooled(const struct change *change)
{
    return change_is_of_sender(change->kind) && sender_types[change->sender_kind].shares_pool_limit;
}

static void count_pool_change(struct pool *pools, const struct change *change)
{
    if (!is_pooled(change) || change->kind == CHANGE_REMOVE_SENDER)
        return;
    pools[change->service].arrivals++;
    if (change->kind == CHANGE_ADD_SENDER)
        pools[change->service].plain_adds++;
    else
        pools[change->from].departures++;
}

/* What a service's pool has now, as far as it is known. */
static size_t pool_held(const struct plan_service *service)
{
    size_t count = 0, kind;
    for (kind = 0; kind < SENDER_KIND_COUNT && service->live != NULL; kind++)
        if (sender_types[kind].shares_pool_limit)
            count += service->live->senders[kind].count;
    return count;
}

static struct pool *count_pools(struct plan *plan)
{
    struct pool *pools = arena_array(&plan->arena, plan->service_count, sizeof(*pools));
    size_t i;

    for (i = 0; i < plan->change_count; i++)
        count_pool_change(pools, &plan->changes[i]);
    for (i = 0; i < plan->service_count; i++) {
        struct pool *pool = &pools[i];
        pool->held = pool_held(&plan->services[i]);
        pool->tight = pool->arrivals != 0 && pool->held + pool->arrivals > SENDER_POOL_MAX;
        if (pool->tight && pool->held + pool->arrivals - SENDER_POOL_MAX > pool->departures)
            pool->shortfall = pool->held + pool->arrivals - SENDER_POOL_MAX - pool->departures;
    }
    return pools;
}

static void order_change(struct change *change, struct pool *pools)
{
    struct pool *pool = &pools[change->service];

    if (!is_pooled(change))
        return;
    if (change->kind != CHANGE_REMOVE_SENDER) {
        change->after_removals = pool->tight;
        if (change->kind == CHANGE_MOVE_SENDER)
            change->after_adds = !pools[change->from].tight && pools[change->from].plain_adds != 0;
    } else if (pool->shortfall != 0) {
        pool->shortfall--;
    } else {
        change->after_adds = pool->arrivals != 0;
    }
}

static struct sender_tally *tally_of(struct plan *plan, size_t service, const struct change *change)
{
    return &plan->services[service].senders[change->sender_kind];
}

static void tally_change(struct plan *plan, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_ADD_SENDER:
        tally_of(plan, change->service, change)->added++;
        break;
    case CHANGE_MOVE_SENDER:
        tally_of(plan, change->service, change)->moved_in++;
        tally_of(plan, change->from, change)->moved_out++;
        break;
    case CHANGE_REMOVE_SENDER:
        tally_of(plan, change->service, change)->removed++;
        break;
    case CHANGE_CREATE_SERVICE:
    case CHANGE_UPDATE_SERVICE:
    case CHANGE_DELETE_SERVICE:
    case CHANGE_KIND_COUNT:
        break;
    }
}

static void tally_totals(struct plan_service *service)
{
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        struct sender_tally *tally = &service->senders[kind];
        const struct live_senders *list =
            service->live == NULL ? NULL : &service->live->senders[kind];
        tally->known = list == NULL || list->fetched;
        if (!tally->known)
            continue;
        tally->before = list == NULL ? 0 : list->count;
        tally->after =
            tally->before + tally->added + tally->moved_in - tally->removed - tally->moved_out;
        if (service->deleted)
            tally->after = 0;
    }
}

void plan_order(struct plan *plan)
{
    struct pool *pools = count_pools(plan);
    size_t i;

    for (i = 0; i < plan->change_count; i++) {
        order_change(&plan->changes[i], pools);
        tally_change(plan, &plan->changes[i]);
    }
    for (i = 0; i < plan->service_count; i++)
        tally_totals(&plan->services[i]);
}

size_t plan_senders_before(const struct plan_service *service)
{
    size_t count = 0, kind;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        count += service->senders[kind].before;
    return count;
}

size_t plan_senders_after(const struct plan_service *service)
{
    size_t count = 0, kind;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        count += service->senders[kind].after;
    return count;
}

size_t plan_removals(const struct plan *plan)
{
    return plan->counts[CHANGE_REMOVE_SENDER] + plan->counts[CHANGE_MOVE_SENDER];
}

/* Senders of the pool that come to it. */
static size_t pool_arrivals(const struct plan_service *service)
{
    size_t count = 0, kind;
    for (kind = 0; kind < SENDER_KIND_COUNT; kind++)
        if (sender_types[kind].shares_pool_limit)
            count += service->senders[kind].added + service->senders[kind].moved_in;
    return count;
}

/* Whether what is known of the service leaves it without any sender. */
static bool seems_emptied(const struct plan_service *service)
{
    return !service->deleted && plan_senders_before(service) != 0 &&
           plan_senders_after(service) == 0;
}

/* What a service may have of a kind whose list was not read. */
static size_t unknown_at_most(enum sender_kind kind)
{
    /* Few accounts have more short codes than this. Numbers may fill the whole pool. */
    enum { SHORT_CODES_AT_MOST = 100 };
    return kind == SENDER_SHORT_CODE ? SHORT_CODES_AT_MOST : SENDER_POOL_MAX;
}

/* Where it can matter, a look costs one request. */
bool plan_lacks_list(const struct plan *plan, size_t index, enum sender_kind kind)
{
    const struct plan_service *service = &plan->services[index];
    size_t arrivals = pool_arrivals(service);

    if (service->live == NULL || service->live->senders[kind].fetched)
        return false;
    return seems_emptied(service) ||
           (sender_types[kind].shares_pool_limit && arrivals != 0 &&
            pool_held(service) + arrivals + unknown_at_most(kind) > SENDER_POOL_MAX);
}
