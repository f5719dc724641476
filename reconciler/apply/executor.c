#include "apply/executor.h"

#include "apply/operation.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* What waits for changes of the same service to end needs to know of them. */
struct pending {
    size_t adds;     /* to the pool, not ended yet */
    size_t removals; /* from the pool, not ended yet, that do not wait for additions themselves */
    size_t added;    /* additions to the pool that worked */
    long failed_add; /* the first that did not, or CHANGE_NONE */
};

struct executor {
    const struct plan *plan;
    struct execution *execution;
    struct twilio_client *client;
    execution_progress *progress;
    void *context;
    struct pending *pending; /* by service */
    /* Who needs change i: dependents[first_dependent[i] … first_dependent[i + 1]). */
    size_t *first_dependent, *dependents;
    struct running *running; /* by change */
};

/* What the callback of a request needs. */
struct running {
    struct executor *executor;
    size_t change;
};

static size_t *pending_counter(struct executor *executor, const struct change *change)
{
    struct pending *pending = &executor->pending[change->service];

    if (!sender_types[change->sender_kind].shares_pool_limit)
        return NULL;
    if (change->kind == CHANGE_ADD_SENDER)
        return &pending->adds;
    if (change->kind == CHANGE_REMOVE_SENDER && !change->after_adds)
        return &pending->removals;
    return NULL;
}

/* Turns "i needs j" round, by counting sort. */
static void index_dependents(struct executor *executor)
{
    const struct plan *plan = executor->plan;
    struct arena *arena = &executor->execution->arena;
    size_t total = 0, i, j;
    size_t *next;

    executor->first_dependent = arena_array(arena, plan->change_count + 1, sizeof(size_t));
    for (i = 0; i < plan->change_count; i++)
        for (j = 0; j < COUNT_OF(plan->changes[i].needs); j++)
            if (plan->changes[i].needs[j] != CHANGE_NONE)
                executor->first_dependent[plan->changes[i].needs[j] + 1]++;
    for (i = 0; i < plan->change_count; i++)
        executor->first_dependent[i + 1] += executor->first_dependent[i];
    total = executor->first_dependent[plan->change_count];
    executor->dependents = arena_array(arena, total, sizeof(size_t));
    next = arena_array(arena, plan->change_count, sizeof(size_t));
    for (i = 0; i < plan->change_count; i++)
        for (j = 0; j < COUNT_OF(plan->changes[i].needs); j++) {
            long needed = plan->changes[i].needs[j];
            if (needed != CHANGE_NONE)
                executor->dependents[executor->first_dependent[needed] + next[needed]++] = i;
        }
}

/*
 * Whether what depends on the change may go on. A service that was created, though not with every
 * setting, is there to add senders to.
 */
static bool has_worked(const struct executor *executor, size_t index)
{
    const struct change *change = &executor->plan->changes[index];

    switch (executor->execution->outcomes[index].state) {
    case CHANGE_DONE:
        return true;
    case CHANGE_FAILED:
        return change->kind == CHANGE_CREATE_SERVICE &&
               executor->execution->service_sids[change->service] != NULL;
    case CHANGE_WAITING:
    case CHANGE_RUNNING:
    case CHANGE_NOT_ATTEMPTED:
        break;
    }
    return false;
}

static bool is_ready(const struct executor *executor, size_t index)
{
    const struct change *change = &executor->plan->changes[index];
    const struct pending *pending = &executor->pending[change->service];
    size_t j;

    if (executor->execution->outcomes[index].state != CHANGE_WAITING)
        return false;
    for (j = 0; j < COUNT_OF(change->needs); j++)
        if (change->needs[j] != CHANGE_NONE && !has_worked(executor, (size_t)change->needs[j]))
            return false;
    return !(change->after_adds && pending->adds != 0) &&
           !(change->after_removals && pending->removals != 0);
}

static void change_ended(struct executor *executor, size_t index);

static void on_answer(void *context, const struct twilio_answer *answer)
{
    struct running *running = context;
    struct executor *executor = running->executor;
    struct execution *execution = executor->execution;

    operation_finish(executor->plan, running->change, answer, execution);
    change_ended(executor, running->change);
}

static void start_if_ready(struct executor *executor, size_t index)
{
    struct running *running = &executor->running[index];

    if (!is_ready(executor, index))
        return;
    executor->execution->outcomes[index].state = CHANGE_RUNNING;
    running->executor = executor;
    running->change = index;
    operation_start(executor->plan, index, executor->execution, executor->client, on_answer,
                    running);
}

static void skip(struct executor *executor, size_t index, size_t because_of)
{
    struct change_outcome *outcome = &executor->execution->outcomes[index];

    if (outcome->state != CHANGE_WAITING)
        return;
    outcome->state = CHANGE_NOT_ATTEMPTED;
    outcome->because_of = (long)because_of;
    change_ended(executor, index);
}

/*
 * Starts what waited for the last add or removal of a service. When none of the additions worked,
 * the removals that waited for them are skipped: they could leave the service without senders.
 */
static void start_waiting_of_service(struct executor *executor, size_t service)
{
    const struct plan_service *group = &executor->plan->services[service];
    const struct pending *pending = &executor->pending[service];
    size_t i;

    for (i = 0; i < group->change_count; i++) {
        size_t index = group->first_change + i;
        const struct change *change = &executor->plan->changes[index];
        if (change->after_adds && pending->adds == 0 && pending->added == 0)
            skip(executor, index, (size_t)pending->failed_add);
        else if (change->after_adds || change->after_removals)
            start_if_ready(executor, index);
    }
}

static void note_add(struct pending *pending, size_t index, bool worked)
{
    if (worked)
        pending->added++;
    else if (pending->failed_add == CHANGE_NONE)
        pending->failed_add = (long)index;
}

static void count_end(struct executor *executor, size_t index)
{
    struct execution *execution = executor->execution;

    switch (execution->outcomes[index].state) {
    case CHANGE_DONE:
        execution->done++;
        break;
    case CHANGE_FAILED:
        execution->failed++;
        break;
    case CHANGE_NOT_ATTEMPTED:
        execution->not_attempted++;
        break;
    case CHANGE_WAITING:
    case CHANGE_RUNNING:
        assert(false); /* it has not ended */
    }
    if (executor->progress != NULL)
        executor->progress(executor->context, executor->plan, execution, index);
}

static void change_ended(struct executor *executor, size_t index)
{
    const struct change *change = &executor->plan->changes[index];
    bool worked = has_worked(executor, index);
    size_t *pending = pending_counter(executor, change);
    size_t i;

    count_end(executor, index);
    for (i = executor->first_dependent[index]; i < executor->first_dependent[index + 1]; i++) {
        if (worked)
            start_if_ready(executor, executor->dependents[i]);
        else
            skip(executor, executor->dependents[i], index);
    }
    if (pending == NULL)
        return;
    if (change->kind == CHANGE_ADD_SENDER)
        note_add(&executor->pending[change->service], index, worked);
    (*pending)--;
    if (*pending == 0)
        start_waiting_of_service(executor, change->service);
}

static void prepare(struct executor *executor)
{
    const struct plan *plan = executor->plan;
    struct execution *execution = executor->execution;
    struct arena *arena = &execution->arena;
    size_t i;

    execution->outcomes = arena_array(arena, plan->change_count, sizeof(*execution->outcomes));
    execution->service_sids =
        arena_array(arena, plan->service_count, sizeof(*execution->service_sids));
    executor->pending = arena_array(arena, plan->service_count, sizeof(*executor->pending));
    executor->running = arena_array(arena, plan->change_count, sizeof(*executor->running));
    for (i = 0; i < plan->service_count; i++) {
        executor->pending[i].failed_add = CHANGE_NONE;
        if (plan->services[i].live != NULL)
            execution->service_sids[i] = plan->services[i].live->service.sid;
    }
    for (i = 0; i < plan->change_count; i++) {
        size_t *pending = pending_counter(executor, &plan->changes[i]);
        execution->outcomes[i].because_of = CHANGE_NONE;
        if (pending != NULL)
            (*pending)++;
    }
    index_dependents(executor);
}

void execution_run(struct execution *execution, const struct plan *plan,
                   struct twilio_client *client, execution_progress *progress, void *context)
{
    struct executor executor = {
        .plan = plan,
        .execution = execution,
        .client = client,
        .progress = progress,
        .context = context,
    };
    size_t i;

    prepare(&executor);
    for (i = 0; i < plan->change_count; i++)
        start_if_ready(&executor, i);
    twilio_client_run(client);
    assert(execution->done + execution->failed + execution->not_attempted == plan->change_count);
}

void execution_release(struct execution *execution)
{
    arena_release(&execution->arena);
    memset(execution, 0, sizeof(*execution));
}
