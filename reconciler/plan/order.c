/*
 * When each change may start.
 *
 * A pool with room gets its additions first and loses its senders last, so that the service is
 * never without any on the way. Where all that it has leaves by moves and all that comes does so,
 * too ("swept"), the moves out wait for the moves in; round a circle of such services (a swap, for
 * one) that can't be, and one of them may be without senders for a moment. A pool without room for
 * both ("tight") loses as many senders first as it lacks places, moves out before plain removals,
 * which only then do not wait; it may be empty on the way.
 *
 * Why nothing waits in a circle: creates wait for nothing. Removals that do not wait for additions
 * come next. First halves of moves wait for those in the service that they go to. Out of a tight
 * service they wait for nothing else; out of another one they wait for its plain additions, which
 * there wait for nothing but a create, or out of a swept one for the moves into it, which wait for
 * nothing in that service itself; from swept service to swept service wait_for_moves() leaves no
 * circle. Second halves wait, where it is tight, for the first halves of moves out, which then are
 * out of a tight service. A plain addition to a tight service waits for moves out of it as a whole,
 * and no such move, nor what it waits for, waits for an addition. The removals that are left wait
 * for all that comes, and deletions for everything else.
 */
#include "plan/diff.h"

#include <string.h>

/* A service's pool: phone numbers and short codes together. */
struct pool {
    size_t held, plain_adds, arrivals, departures;
    bool tight;
    size_t shortfall; /* plain removals that have to go first */
    bool swept;
    bool waits; /* swept: the moves out wait for the moves in */
    /* The search for circles: */
    enum { POOL_NEW, POOL_ON_PATH, POOL_DONE } search;
    size_t next;     /* change to look at */
    size_t previous; /* on the path */
};

static bool is_pooled(const struct change *change)
{
    return change_is_of_sender(change->kind) && sender_types[change->sender_kind].shares_pool_limit;
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

/* What is known of a service's pool, from the tallies. */
static struct pool count_pool(const struct plan_service *service)
{
    struct pool pool = {0};
    size_t kind;

    for (kind = 0; kind < SENDER_KIND_COUNT; kind++) {
        const struct sender_tally *tally = &service->senders[kind];
        if (!sender_types[kind].shares_pool_limit)
            continue;
        pool.held += tally->before;
        pool.plain_adds += tally->added;
        pool.arrivals += tally->added + tally->moved_in;
        pool.departures += tally->moved_out;
    }
    pool.tight = pool.arrivals != 0 && pool.held + pool.arrivals > SENDER_POOL_MAX;
    if (pool.tight && pool.held + pool.arrivals - SENDER_POOL_MAX > pool.departures)
        pool.shortfall = pool.held + pool.arrivals - SENDER_POOL_MAX - pool.departures;
    pool.swept = !pool.tight && pool.arrivals != 0 && pool.plain_adds == 0 && pool.held != 0 &&
                 pool.departures == pool.held;
    pool.waits = pool.swept;
    return pool;
}

enum { NO_SERVICE = -1 };

/* The next swept service that the service gets senders from and that is not done yet. */
static long next_source(const struct plan *plan, struct pool *pools, size_t service)
{
    const struct plan_service *group = &plan->services[service];
    struct pool *pool = &pools[service];

    while (pool->next < group->first_change + group->change_count) {
        const struct change *change = &plan->changes[pool->next++];
        if (change->kind == CHANGE_MOVE_SENDER && is_pooled(change) && pools[change->from].swept &&
            pools[change->from].search != POOL_DONE)
            return (long)change->from;
    }
    return NO_SERVICE;
}

static void enter(const struct plan *plan, struct pool *pools, size_t service, size_t previous)
{
    pools[service].search = POOL_ON_PATH;
    pools[service].next = plan->services[service].first_change;
    pools[service].previous = previous;
}

/*
 * Goes from swept service to swept service against the moves, depth first. One that gets senders
 * from a service on the path closes a circle, and is the one of it that does not wait.
 */
static void wait_for_moves(const struct plan *plan, struct pool *pools, size_t start)
{
    size_t at = start;

    enter(plan, pools, start, start);
    while (pools[start].search != POOL_DONE) {
        long source = next_source(plan, pools, at);
        if (source != NO_SERVICE && pools[source].search == POOL_NEW) {
            enter(plan, pools, (size_t)source, at);
            at = (size_t)source;
            continue;
        }
        if (source != NO_SERVICE)
            pools[at].waits = false;
        pools[at].search = POOL_DONE;
        at = pools[at].previous;
    }
}

static void order_departure(struct change *change, const struct pool *from)
{
    change->after_adds = !from->tight && from->plain_adds != 0;
    change->after_moves = from->waits;
}

static void order_change(struct change *change, struct pool *pools)
{
    struct pool *pool = &pools[change->service];

    if (!is_pooled(change))
        return;
    if (change->kind != CHANGE_REMOVE_SENDER) {
        change->after_removals = pool->tight;
        if (change->kind == CHANGE_MOVE_SENDER)
            order_departure(change, &pools[change->from]);
    } else if (pool->shortfall != 0) {
        pool->shortfall--;
    } else {
        change->after_adds = pool->arrivals != 0;
    }
}

void plan_order(struct plan *plan)
{
    struct pool *pools = arena_array(&plan->arena, plan->service_count, sizeof(*pools));
    size_t i;

    for (i = 0; i < plan->change_count; i++)
        tally_change(plan, &plan->changes[i]);
    for (i = 0; i < plan->service_count; i++) {
        tally_totals(&plan->services[i]);
        pools[i] = count_pool(&plan->services[i]);
    }
    for (i = 0; i < plan->service_count; i++)
        if (pools[i].swept && pools[i].search == POOL_NEW)
            wait_for_moves(plan, pools, i);
    for (i = 0; i < plan->change_count; i++)
        order_change(&plan->changes[i], pools);
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
    size_t count = plan->counts[CHANGE_REMOVE_SENDER] + plan->counts[CHANGE_MOVE_SENDER], i, kind;

    for (i = plan->roster_count; i < plan->service_count; i++)
        for (kind = 0; kind < SENDER_KIND_COUNT && plan->services[i].deleted; kind++)
            count +=
                plan->services[i].senders[kind].before - plan->services[i].senders[kind].moved_out;
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

/*
 * Where it can matter, a look costs one request: at the limit, and where what is known leaves the
 * service without senders, for good or, since it is swept, perhaps for a moment.
 */
bool plan_lacks_list(const struct plan *plan, size_t index, enum sender_kind kind)
{
    const struct plan_service *service = &plan->services[index];
    const struct pool pool = count_pool(service);

    if (service->live == NULL || service->live->senders[kind].fetched)
        return false;
    if (seems_emptied(service))
        return true;
    return sender_types[kind].shares_pool_limit && pool.arrivals != 0 &&
           (pool.swept || pool.held + pool.arrivals + unknown_at_most(kind) > SENDER_POOL_MAX);
}
