#include "apply/rounds.h"

#include "apply/waiting.h"

#include <assert.h>

enum stage { STAGE_WAITING, STAGE_TAKEN_OUT, STAGE_DONE };

struct simulation {
    const struct plan *plan;
    struct waiting waiting;
    enum stage *stages; /* by change */
    size_t *sent;       /* changes with a request in this round */
    size_t first;       /* all changes before it are done */
};

static bool is_done(const struct simulation *simulation, long index)
{
    return index == CHANGE_NONE || simulation->stages[index] == STAGE_DONE;
}

/* Whether the next request of the change can go out. */
static bool is_ready(const struct simulation *simulation, size_t index)
{
    const struct change *change = &simulation->plan->changes[index];

    switch (simulation->stages[index]) {
    case STAGE_WAITING:
        return is_done(simulation, change->create) && is_done(simulation, change->replaces) &&
               !waiting_blocks(&simulation->waiting, change);
    case STAGE_TAKEN_OUT:
        return !change->after_removals ||
               !waiting_departures(&simulation->waiting, change->service);
    case STAGE_DONE:
        break;
    }
    return false;
}

/* Its request was answered. */
static void advance(struct simulation *simulation, size_t index)
{
    const struct change *change = &simulation->plan->changes[index];
    struct waiting *waiting = &simulation->waiting;

    if (change->kind == CHANGE_MOVE_SENDER && simulation->stages[index] == STAGE_WAITING) {
        simulation->stages[index] = STAGE_TAKEN_OUT;
        waiting_departed(waiting, change);
        return;
    }
    simulation->stages[index] = STAGE_DONE;
    if (change->kind == CHANGE_MOVE_SENDER)
        waiting_left(waiting, change);
    waiting_ended(waiting, index, true);
    if (change->kind != CHANGE_DELETE_SERVICE)
        waiting->before_deletes--;
}

/* Collects those of a stage, as long as there is room; returns how many there are by then. */
static size_t collect(struct simulation *simulation, enum stage stage, size_t count, size_t most)
{
    size_t i;

    for (i = simulation->first; i < simulation->plan->change_count && count < most; i++)
        if (simulation->stages[i] == stage && is_ready(simulation, i))
            simulation->sent[count++] = i;
    return count;
}

/* One round trip; false when nothing was left. */
static bool turn(struct simulation *simulation, size_t parallelism)
{
    size_t count, i;

    while (simulation->first < simulation->plan->change_count &&
           simulation->stages[simulation->first] == STAGE_DONE)
        simulation->first++;
    if (simulation->first == simulation->plan->change_count)
        return false;
    /* What is half done goes first. */
    count = collect(simulation, STAGE_TAKEN_OUT, 0, parallelism);
    count = collect(simulation, STAGE_WAITING, count, parallelism);
    assert(count != 0);
    for (i = 0; i < count; i++)
        advance(simulation, simulation->sent[i]);
    return count != 0;
}

size_t plan_rounds(const struct plan *plan, size_t parallelism)
{
    struct arena arena = {0};
    struct simulation simulation = {.plan = plan};
    size_t rounds = 0;

    simulation.stages = arena_array(&arena, plan->change_count, sizeof(*simulation.stages));
    simulation.sent = arena_array(&arena, parallelism, sizeof(*simulation.sent));
    waiting_init(&simulation.waiting, plan, &arena);
    while (turn(&simulation, parallelism))
        rounds++;
    arena_release(&arena);
    return rounds;
}

size_t plan_writes(const struct plan *plan)
{
    return plan->change_count + plan->counts[CHANGE_MOVE_SENDER];
}
