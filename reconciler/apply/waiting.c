#include "apply/waiting.h"

static bool is_pooled(const struct change *change)
{
    return change_is_of_sender(change->kind) && sender_types[change->sender_kind].shares_pool_limit;
}

static void count_change(struct waiting *waiting, const struct change *change)
{
    struct waiting_pool *pool = &waiting->pools[change->service];

    if (change->kind != CHANGE_DELETE_SERVICE)
        waiting->before_deletes++;
    if (!is_pooled(change))
        return;
    if (change->kind == CHANGE_REMOVE_SENDER) {
        pool->removals += !change->after_adds;
        return;
    }
    pool->arrivals++;
    if (change->kind == CHANGE_ADD_SENDER) {
        pool->adds++;
    } else {
        waiting->pools[change->from].departures++;
        waiting->pools[change->from].leaving++;
    }
}

/* Turns numbers into where each one's part of a list begins; `first` has one more than `count`. */
static void begin_parts(size_t *first, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++)
        first[i + 1] += first[i];
}

/* Turns "i needs j" round, by counting sort. */
static void index_dependents(struct waiting *waiting, struct arena *arena)
{
    const struct plan *plan = waiting->plan;
    size_t *next = arena_array(arena, plan->change_count, sizeof(*next));
    size_t i, j;

    waiting->first_dependent = arena_array(arena, plan->change_count + 1, sizeof(size_t));
    waiting->dependents = arena_array(arena, plan->change_count * 2, sizeof(size_t));
    for (i = 0; i < plan->change_count; i++) {
        const long needs[] = {plan->changes[i].create, plan->changes[i].replaces};
        for (j = 0; j < COUNT_OF(needs); j++)
            if (needs[j] != CHANGE_NONE)
                waiting->first_dependent[needs[j] + 1]++;
    }
    begin_parts(waiting->first_dependent, plan->change_count);
    for (i = 0; i < plan->change_count; i++) {
        const long needs[] = {plan->changes[i].create, plan->changes[i].replaces};
        for (j = 0; j < COUNT_OF(needs); j++)
            if (needs[j] != CHANGE_NONE)
                waiting->dependents[waiting->first_dependent[needs[j]] + next[needs[j]]++] = i;
    }
}

static void index_departures(struct waiting *waiting, struct arena *arena)
{
    const struct plan *plan = waiting->plan;
    size_t *next = arena_array(arena, plan->service_count, sizeof(*next));
    size_t i;

    waiting->first_departure = arena_array(arena, plan->service_count + 1, sizeof(size_t));
    waiting->departures = arena_array(arena, plan->counts[CHANGE_MOVE_SENDER], sizeof(size_t));
    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].kind == CHANGE_MOVE_SENDER)
            waiting->first_departure[plan->changes[i].from + 1]++;
    begin_parts(waiting->first_departure, plan->service_count);
    for (i = 0; i < plan->change_count; i++) {
        const struct change *change = &plan->changes[i];
        if (change->kind == CHANGE_MOVE_SENDER)
            waiting->departures[waiting->first_departure[change->from] + next[change->from]++] = i;
    }
}

void waiting_init(struct waiting *waiting, const struct plan *plan, struct arena *arena)
{
    size_t i;

    waiting->plan = plan;
    waiting->pools = arena_array(arena, plan->service_count, sizeof(*waiting->pools));
    for (i = 0; i < plan->service_count; i++)
        waiting->pools[i].failed_arrival = waiting->pools[i].failed_add = CHANGE_NONE;
    for (i = 0; i < plan->change_count; i++)
        count_change(waiting, &plan->changes[i]);
    index_dependents(waiting, arena);
    index_departures(waiting, arena);
}

bool waiting_blocks(const struct waiting *waiting, const struct change *change)
{
    const struct waiting_pool *pool = &waiting->pools[change->service];

    switch (change->kind) {
    case CHANGE_ADD_SENDER:
        return change->after_removals && (pool->removals != 0 || pool->leaving != 0);
    case CHANGE_MOVE_SENDER:
        return (change->after_removals && pool->removals != 0) ||
               (change->after_adds && waiting->pools[change->from].adds != 0) ||
               (change->after_moves && waiting->pools[change->from].arrivals != 0);
    case CHANGE_REMOVE_SENDER:
        return change->after_adds && pool->arrivals != 0;
    case CHANGE_DELETE_SERVICE:
        return waiting->before_deletes != 0;
    case CHANGE_CREATE_SERVICE:
    case CHANGE_UPDATE_SERVICE:
    case CHANGE_KIND_COUNT:
        break;
    }
    return false;
}

bool waiting_departures(const struct waiting *waiting, size_t service)
{
    return waiting->pools[service].departures != 0;
}

long waiting_in_vain(const struct waiting *waiting, const struct change *change)
{
    const bool moves = change->kind == CHANGE_MOVE_SENDER;
    const struct waiting_pool *pool = &waiting->pools[moves ? change->from : change->service];

    if (change->after_moves || (change->after_adds && !moves))
        return pool->arrivals == 0 && pool->arrived == 0 ? pool->failed_arrival : CHANGE_NONE;
    if (change->after_adds)
        return pool->adds == 0 && pool->added == 0 ? pool->failed_add : CHANGE_NONE;
    return CHANGE_NONE;
}

bool waiting_departed(struct waiting *waiting, const struct change *change)
{
    return is_pooled(change) && --waiting->pools[change->from].departures == 0;
}

bool waiting_left(struct waiting *waiting, const struct change *change)
{
    return is_pooled(change) && --waiting->pools[change->from].leaving == 0;
}

/* Counts one that came, or did not. */
static void note_arrival(size_t *worked_count, long *first_failed, size_t index, bool worked)
{
    if (worked)
        (*worked_count)++;
    else if (*first_failed == CHANGE_NONE)
        *first_failed = (long)index;
}

bool waiting_ended(struct waiting *waiting, size_t index, bool worked)
{
    const struct change *change = &waiting->plan->changes[index];
    struct waiting_pool *pool = &waiting->pools[change->service];
    bool last_add = false;

    if (!is_pooled(change))
        return false;
    if (change->kind == CHANGE_REMOVE_SENDER)
        return !change->after_adds && --pool->removals == 0;
    if (change->kind == CHANGE_ADD_SENDER) {
        note_arrival(&pool->added, &pool->failed_add, index, worked);
        last_add = --pool->adds == 0;
    }
    note_arrival(&pool->arrived, &pool->failed_arrival, index, worked);
    return --pool->arrivals == 0 || last_add;
}
