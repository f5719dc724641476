#include "apply/executor.h"

#include "apply/operation.h"
#include "apply/waiting.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

struct executor {
    const struct plan *plan;
    struct execution *execution;
    struct twilio_client *client;
    execution_progress *progress;
    void *context;
    struct waiting waiting;
    struct running *running; /* by change */
};

/* A change under way. */
struct running {
    struct executor *executor;
    size_t change;
    enum step step;
    bool paused;    /* a move between its halves, waiting for room */
    bool taken_out; /* a move whose first half has ended */
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

static void send(struct running *running, enum step step)
{
    struct executor *executor = running->executor;

    running->step = step;
    operation_send(executor->plan, running->change, step, executor->execution, executor->client,
                   on_answer, running);
}

static bool is_ready(const struct executor *executor, size_t index)
{
    const struct change *change = &executor->plan->changes[index];

    return executor->execution->outcomes[index].state == CHANGE_WAITING &&
           (change->create == CHANGE_NONE || has_worked(executor, (size_t)change->create)) &&
           (change->replaces == CHANGE_NONE || has_worked(executor, (size_t)change->replaces)) &&
           !waiting_blocks(&executor->waiting, change);
}

static void start_if_ready(struct executor *executor, size_t index)
{
    struct running *running = &executor->running[index];

    if (running->paused) {
        put_in_when_there_is_room(running);
        return;
    }
    if (!is_ready(executor, index))
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
    if (executor->progress != NULL)
        executor->progress(executor->context, executor->plan, execution, index);
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
    for (i = 0; i < plan->service_count; i++)
        if (plan->services[i].live != NULL)
            execution->service_sids[i] = plan->services[i].live->service.sid;
    for (i = 0; i < plan->change_count; i++)
        execution->outcomes[i].because_of = CHANGE_NONE;
    waiting_init(&executor->waiting, plan, arena);
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
        if (plan->changes[i].kind != CHANGE_DELETE_SERVICE)
            start_if_ready(&executor, i);
    if (executor.waiting.before_deletes == 0)
        delete_services(&executor);
    twilio_client_run(client);
    assert(execution->done + execution->failed + execution->not_attempted == plan->change_count);
}

void execution_release(struct execution *execution)
{
    arena_release(&execution->arena);
    memset(execution, 0, sizeof(*execution));
}
