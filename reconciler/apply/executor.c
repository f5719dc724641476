#include "apply/executor.h"

#include "apply/journal.h"
#include "apply/operation.h"
#include "apply/waiting.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { DEFAULT_WINDOW = 16 };

/* Changes with a step to send. */
struct queue {
    struct running *first, *last;
};

/* A request that is about to go out. */
struct parcel {
    struct running *running;
    struct operation operation;
};

/*
 * No more than a window full of requests is with the client, so that the rest can be left out when
 * the run is stopped, and the journal need not say of it that it may have been sent.
 */
struct executor {
    const struct plan *plan;
    struct execution *execution;
    struct twilio_client *client;
    struct execution_config config;
    struct waiting waiting;
    struct running *running; /* by change */
    struct queue urgent;     /* what completes something half done */
    struct queue queued;
    struct parcel *parcels; /* a window full */
    size_t at_client;
};

/* A change under way. */
struct running {
    struct executor *executor;
    size_t change;
    enum step step;
    bool paused;    /* a move between its halves, waiting for room */
    bool taken_out; /* a move whose first half has ended */
    struct running *next;
};

static void send(struct running *running, enum step step);
static void change_ended(struct executor *executor, size_t index);

static struct change_outcome *outcome_of(const struct running *running)
{
    return &running->executor->execution->outcomes[running->change];
}

static const struct change *change_of(const struct running *running)
{
    return &running->executor->plan->changes[running->change];
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

static void end(struct running *running, enum change_state state)
{
    outcome_of(running)->state = state;
    change_ended(running->executor, running->change);
}

/*
 * The removal that made place for a change that failed is as if it had not been: it is no success
 * any more.
 */
static void revoke(struct executor *executor, size_t removal)
{
    struct change_outcome *outcome = &executor->execution->outcomes[removal];

    outcome->state = CHANGE_FAILED;
    outcome->problem = "it was put back, because its replacement could not be added";
    executor->execution->done--;
    executor->execution->failed++;
    if (executor->config.journal != NULL)
        journal_change(executor->config.journal, removal, outcome);
}

static void put_back_ended(struct running *running, enum verdict verdict)
{
    outcome_of(running)->put_back = verdict == VERDICT_DONE ? PUT_BACK_DONE : PUT_BACK_FAILED;
    if (verdict == VERDICT_DONE) {
        outcome_of(running)->unclear = false;
        if (change_of(running)->replaces != CHANGE_NONE)
            revoke(running->executor, (size_t)change_of(running)->replaces);
    }
    end(running, CHANGE_FAILED);
}

/* Whether the change is a removal that makes place for another sender. */
static bool is_replaced(const struct running *running)
{
    const struct waiting *waiting = &running->executor->waiting;

    return change_of(running)->kind == CHANGE_REMOVE_SENDER &&
           waiting->first_dependent[running->change] !=
               waiting->first_dependent[running->change + 1];
}

/* A change of one request, or the second half of a move, has not worked, or its answer was lost. */
static void has_failed(struct running *running, enum verdict verdict)
{
    const struct change *change = change_of(running);
    const bool unclear = verdict == VERDICT_UNCLEAR;

    outcome_of(running)->unclear = unclear;
    if (change->kind == CHANGE_MOVE_SENDER || change->replaces != CHANGE_NONE)
        send(running, unclear ? STEP_LOOK : STEP_PUT_BACK);
    else if (unclear && is_replaced(running))
        send(running, STEP_PUT_BACK);
    else
        end(running, CHANGE_FAILED);
}

static void looked(struct running *running, enum verdict verdict)
{
    if (verdict == VERDICT_FAILED) {
        outcome_of(running)->unclear = false;
        send(running, STEP_PUT_BACK);
        return;
    }
    if (verdict == VERDICT_UNCLEAR) {
        outcome_of(running)->put_back = PUT_BACK_FAILED;
        end(running, CHANGE_FAILED);
        return;
    }
    outcome_of(running)->problem = outcome_of(running)->hint = NULL;
    outcome_of(running)->unclear = false;
    end(running, CHANGE_DONE);
}

static void put_in_when_there_is_room(struct running *running)
{
    const struct change *change = change_of(running);

    running->paused =
        change->after_removals && waiting_departures(&running->executor->waiting, change->service);
    if (!running->paused)
        send(running, STEP_PUT_IN);
}

static void wake(struct executor *executor, size_t service);

/* The first half of a move. When its answer was lost, putting it back does no harm. */
static void taken_out(struct running *running, enum verdict verdict)
{
    const struct change *change = change_of(running);
    struct executor *executor = running->executor;
    bool last = waiting_departed(&executor->waiting, change);

    running->taken_out = true;
    if (verdict == VERDICT_DONE) {
        put_in_when_there_is_room(running);
    } else if (verdict == VERDICT_UNCLEAR) {
        outcome_of(running)->unclear = true;
        send(running, STEP_PUT_BACK);
    } else {
        end(running, CHANGE_FAILED);
    }
    if (last)
        wake(executor, change->from);
}

static void on_answer(void *context, const struct twilio_answer *answer)
{
    struct running *running = context;
    struct executor *executor = running->executor;
    enum verdict verdict = operation_judge(executor->plan, running->change, running->step, answer,
                                           executor->execution);

    executor->at_client--;
    if (executor->config.journal != NULL && running->step != STEP_LOOK)
        journal_outcome(executor->config.journal, running->change, running->step, answer, verdict);
    switch (running->step) {
    case STEP_TAKE_OUT:
        taken_out(running, verdict);
        return;
    case STEP_LOOK:
        looked(running, verdict);
        return;
    case STEP_PUT_BACK:
        put_back_ended(running, verdict);
        return;
    case STEP_DO:
    case STEP_PUT_IN:
        break;
    }
    if (verdict == VERDICT_DONE)
        end(running, CHANGE_DONE);
    else
        has_failed(running, verdict);
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
static void send(struct running *running, enum step step)
{
    struct executor *executor = running->executor;

    running->step = step;
    push(operation_completes(change_of(running), step) ? &executor->urgent : &executor->queued,
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
        put_in_when_there_is_room(running);
        return;
    }
    if (!is_ready(executor, index) ||
        (executor->execution->stopped != EXECUTION_WHOLE && !completes(executor, index)))
        return;
    executor->execution->outcomes[index].state = CHANGE_RUNNING;
    running->executor = executor;
    running->change = index;
    send(running,
         executor->plan->changes[index].kind == CHANGE_MOVE_SENDER ? STEP_TAKE_OUT : STEP_DO);
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
static void wake(struct executor *executor, size_t service)
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
        wake(executor, change->from);
    if (waiting_left(waiting, change))
        wake(executor, change->from);
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
        wake(executor, change->service);
    if (change->kind != CHANGE_DELETE_SERVICE && --waiting->before_deletes == 0)
        delete_services(executor);
}

static void leave_out(struct executor *executor, size_t index)
{
    executor->execution->outcomes[index].state = CHANGE_NOT_ATTEMPTED;
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
    if (executor->execution->stopped != EXECUTION_WHOLE && !parcel->operation.urgent) {
        operation_drop(&parcel->operation);
        leave_out(executor, parcel->running->change);
        return;
    }
    executor->at_client++;
    operation_send(&parcel->operation, executor->client, on_answer, parcel->running);
}

/* Sends what the answers since the last turn have made ready, after one sync for all of it. */
static void on_turn(void *context)
{
    struct executor *executor = context;
    const struct execution_config *config = &executor->config;
    size_t count, i;

    if (executor->execution->stopped == EXECUTION_WHOLE && config->interrupted != NULL &&
        config->interrupted(config->context))
        stop(executor, EXECUTION_INTERRUPTED);
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
