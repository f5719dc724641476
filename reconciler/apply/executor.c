#include "apply/executor.h"

#include "apply/journal.h"
#include "apply/running.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { DEFAULT_WINDOW = 16 };

/* A request that is about to go out. */
struct parcel {
    struct running *running;
    struct operation operation;
};

static void change_ended(struct executor *executor, size_t index);

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

void running_end(struct running *running, enum change_state state)
{
    struct change_outcome *outcome = running_outcome(running);

    outcome->state = state;
    if (state == CHANGE_DONE) {
        outcome->problem = outcome->hint = NULL;
        outcome->unclear = false;
    }
    change_ended(running->executor, running->change);
}

static void leave_out(struct executor *executor, size_t index);

static void on_answer(void *context, const struct twilio_answer *answer)
{
    struct running *running = context;

    running->executor->at_client--;
    if (answer->unsent && running->step != STEP_LOOK) {
        again_unsent(&running->again);
        leave_out(running->executor, running->change);
    } else {
        running_answered(running, answer);
    }
}

static int on_service(void *context, const json_t *row)
{
    struct running *running = context;

    operation_note_service(&running->created, running->executor->plan, running->change,
                           running->executor->execution, row);
    return 0;
}

static void push(struct queue *queue, struct running *running)
{
    running->next = NULL;
    if (queue->last == NULL)
        queue->first = running;
    else
        queue->last->next = running;
    queue->last = running;
}

static struct running *pop(struct queue *queue)
{
    struct running *running = queue->first;

    if (running != NULL)
        queue->first = running->next;
    if (queue->first == NULL)
        queue->last = NULL;
    return running;
}

/* The step goes out with the next turn. */
void running_send(struct running *running, enum step step)
{
    struct executor *executor = running->executor;

    running->step = step;
    push(operation_completes(running_change(running), step) ? &executor->urgent : &executor->queued,
         running);
}

static bool is_ready(const struct executor *executor, size_t index)
{
    const struct change *change = &executor->plan->changes[index];

    return executor->execution->outcomes[index].state == CHANGE_WAITING &&
           (change->create == CHANGE_NONE || has_worked(executor, (size_t)change->create)) &&
           (change->replaces == CHANGE_NONE || has_worked(executor, (size_t)change->replaces)) &&
           !waiting_blocks(&executor->waiting, change);
}

/* Whether the change adds what another one was taken out for, or is being taken out. */
static bool completes(const struct executor *executor, size_t index)
{
    const long removal = executor->plan->changes[index].replaces;

    return removal != CHANGE_NONE &&
           (executor->execution->outcomes[removal].state == CHANGE_RUNNING ||
            executor->execution->outcomes[removal].state == CHANGE_DONE);
}

static void start_if_ready(struct executor *executor, size_t index)
{
    struct running *running = &executor->running[index];

    if (running->paused) {
        running_put_in(running);
        return;
    }
    if (!is_ready(executor, index) ||
        (executor->execution->stopped != EXECUTION_WHOLE && !completes(executor, index)))
        return;
    executor->execution->outcomes[index].state = CHANGE_RUNNING;
    running->executor = executor;
    running->change = index;
    running_send(running, executor->plan->changes[index].kind == CHANGE_MOVE_SENDER ? STEP_TAKE_OUT
                                                                                    : STEP_DO);
}

/* What a change was skipped for is what those that need it are skipped for, too. */
static void skip(struct executor *executor, size_t index, size_t because_of)
{
    const struct change_outcome *reason = &executor->execution->outcomes[because_of];
    struct change_outcome *outcome = &executor->execution->outcomes[index];

    if (outcome->state != CHANGE_WAITING)
        return;
    outcome->state = CHANGE_NOT_ATTEMPTED;
    outcome->because_of =
        reason->state == CHANGE_NOT_ATTEMPTED ? reason->because_of : (long)because_of;
    change_ended(executor, index);
}

static void start_or_skip(struct executor *executor, size_t index)
{
    long failed = waiting_in_vain(&executor->waiting, &executor->plan->changes[index]);

    if (failed != CHANGE_NONE)
        skip(executor, index, (size_t)failed);
    else
        start_if_ready(executor, index);
}

/* Starts, or skips, what waited for something of the service's pool to end. */
void executor_wake(struct executor *executor, size_t service)
{
    const struct plan_service *group = &executor->plan->services[service];
    const struct waiting *waiting = &executor->waiting;
    size_t i;

    for (i = group->first_change; i < group->first_change + group->change_count; i++)
        if (executor->plan->changes[i].after_adds || executor->plan->changes[i].after_removals)
            start_or_skip(executor, i);
    for (i = waiting->first_departure[service]; i < waiting->first_departure[service + 1]; i++)
        start_or_skip(executor, waiting->departures[i]);
}

/* Starts the deletions of services once nothing else is left, or skips them all. */
static void delete_services(struct executor *executor)
{
    const struct plan *plan = executor->plan;
    long failed = CHANGE_NONE;
    size_t i;

    for (i = 0; i < plan->change_count && failed == CHANGE_NONE; i++)
        if (plan->changes[i].kind != CHANGE_DELETE_SERVICE &&
            executor->execution->outcomes[i].state != CHANGE_DONE)
            failed = (long)i;
    for (i = 0; i < plan->change_count; i++) {
        if (plan->changes[i].kind != CHANGE_DELETE_SERVICE)
            continue;
        if (failed == CHANGE_NONE)
            start_if_ready(executor, i);
        else
            skip(executor, i, (size_t)failed);
    }
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
    if (executor->config.journal != NULL)
        journal_change(executor->config.journal, index, &execution->outcomes[index]);
    if (executor->config.progress != NULL)
        executor->config.progress(executor->config.context, executor->plan, execution, index);
}

/* What waits for room in the service that a move leaves goes on. */
static void move_ended(struct executor *executor, size_t index)
{
    const struct change *change = &executor->plan->changes[index];
    struct waiting *waiting = &executor->waiting;

    if (!executor->running[index].taken_out && waiting_departed(waiting, change))
        executor_wake(executor, change->from);
    if (waiting_left(waiting, change))
        executor_wake(executor, change->from);
}

static void change_ended(struct executor *executor, size_t index)
{
    const struct change *change = &executor->plan->changes[index];
    struct waiting *waiting = &executor->waiting;
    bool worked = has_worked(executor, index);
    size_t i;

    count_end(executor, index);
    for (i = waiting->first_dependent[index]; i < waiting->first_dependent[index + 1]; i++) {
        if (worked)
            start_if_ready(executor, waiting->dependents[i]);
        else
            skip(executor, waiting->dependents[i], index);
    }
    if (change->kind == CHANGE_MOVE_SENDER)
        move_ended(executor, index);
    if (waiting_ended(waiting, index, worked))
        executor_wake(executor, change->service);
    if (change->kind != CHANGE_DELETE_SERVICE && --waiting->before_deletes == 0)
        delete_services(executor);
}

/* What was sent before, and is not known to have had no effect, has failed. */
static void leave_out(struct executor *executor, size_t index)
{
    struct change_outcome *outcome = &executor->execution->outcomes[index];

    outcome->state = executor->running[index].again.sent > 0 ? CHANGE_FAILED : CHANGE_NOT_ATTEMPTED;
    change_ended(executor, index);
}

/* From here on only what is half done is finished. */
static void stop(struct executor *executor, enum execution_stop why)
{
    struct running *running;
    size_t i;

    executor->execution->stopped = why;
    while ((running = pop(&executor->queued)) != NULL)
        leave_out(executor, running->change);
    for (i = 0; i < executor->plan->change_count; i++)
        if (executor->execution->outcomes[i].state == CHANGE_WAITING && !completes(executor, i))
            leave_out(executor, i);
}

/* Fills the window from the queues; returns how many requests that makes. */
static size_t fill_window(struct executor *executor)
{
    size_t count = 0;

    while (executor->at_client + count < executor->config.window) {
        struct parcel *parcel = &executor->parcels[count];
        parcel->running = pop(&executor->urgent);
        if (parcel->running == NULL)
            parcel->running = pop(&executor->queued);
        if (parcel->running == NULL)
            break;
        operation_prepare(&parcel->operation, executor->plan, parcel->running->change,
                          parcel->running->step, executor->execution);
        parcel->operation.when.delay_ms = parcel->running->delay_ms;
        count++;
    }
    return count;
}

/*
 * Puts into the journal what is about to be sent. When that fails, nothing new is sent, but what
 * completes something still is: a number that is in no service is worse than a gap in the journal.
 */
static void record(struct executor *executor, size_t count)
{
    struct journal *journal = executor->config.journal;
    size_t i;

    if (journal == NULL)
        return;
    for (i = 0; i < count; i++) {
        const struct parcel *parcel = &executor->parcels[i];
        if (parcel->operation.method != HTTP_GET)
            journal_intent(journal, parcel->running->change, parcel->running->step,
                           parcel->operation.method, parcel->operation.path);
    }
    if (journal_sync(journal) != 0 && executor->execution->stopped == EXECUTION_WHOLE)
        stop(executor, EXECUTION_UNRECORDED);
}

static void hand_over(struct executor *executor, struct parcel *parcel)
{
    if (executor->execution->stopped != EXECUTION_WHOLE && !parcel->operation.when.urgent) {
        operation_drop(&parcel->operation);
        leave_out(executor, parcel->running->change);
        return;
    }
    executor->at_client++;
    if (parcel->running->step != STEP_LOOK && parcel->running->step != STEP_TAKE_OUT)
        again_sent(&parcel->running->again);
    operation_send(&parcel->operation, executor->client, on_service, on_answer, parcel->running);
}

static void stop_if_asked(struct executor *executor)
{
    const struct execution_config *config = &executor->config;
    enum execution_stop why = EXECUTION_WHOLE;

    if (config->interrupted != NULL)
        why = config->interrupted(config->context);
    if (why == EXECUTION_WHOLE && twilio_client_is_over(executor->client))
        why = EXECUTION_OUT_OF_TIME;
    if (why != EXECUTION_WHOLE)
        stop(executor, why);
}

/* Sends what the answers since the last turn have made ready, after one sync for all of it. */
static void on_turn(void *context)
{
    struct executor *executor = context;
    size_t count, i;

    if (executor->execution->stopped == EXECUTION_WHOLE)
        stop_if_asked(executor);
    do {
        count = fill_window(executor);
        record(executor, count);
        for (i = 0; i < count; i++)
            hand_over(executor, &executor->parcels[i]);
    } while (count != 0);
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
    executor->running = arena_array(arena, plan->change_count, sizeof(*executor->running));
    executor->parcels = arena_array(arena, executor->config.window, sizeof(*executor->parcels));
    for (i = 0; i < plan->service_count; i++)
        if (plan->services[i].live != NULL)
            execution->service_sids[i] = plan->services[i].live->service.sid;
    for (i = 0; i < plan->change_count; i++)
        execution->outcomes[i].because_of = CHANGE_NONE;
    waiting_init(&executor->waiting, plan, arena);
}

void execution_run(struct execution *execution, const struct plan *plan,
                   struct twilio_client *client, const struct execution_config *config)
{
    struct executor executor = {
        .plan = plan,
        .execution = execution,
        .client = client,
        .config = *config,
    };
    size_t i;

    if (config->window == 0)
        executor.config.window = DEFAULT_WINDOW;
    if (config->retry == NULL)
        executor.config.retry = &retry_policy_default;
    random_init(&executor.random);
    prepare(&executor);
    for (i = 0; i < plan->change_count; i++)
        if (plan->changes[i].kind != CHANGE_DELETE_SERVICE)
            start_if_ready(&executor, i);
    if (executor.waiting.before_deletes == 0)
        delete_services(&executor);
    on_turn(&executor);
    twilio_client_run_with(client, on_turn, &executor);
    assert(execution->done + execution->failed + execution->not_attempted == plan->change_count);
}

void execution_release(struct execution *execution)
{
    arena_release(&execution->arena);
    memset(execution, 0, sizeof(*execution));
}
