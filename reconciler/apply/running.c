#include "apply/running.h"

#include "apply/journal.h"

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

/* Whether the change is a removal that makes place for another sender. */
static bool is_replaced(const struct running *running)
{
    const struct waiting *waiting = &running->executor->waiting;

    return running_change(running)->kind == CHANGE_REMOVE_SENDER &&
           waiting->first_dependent[running->change] !=
               waiting->first_dependent[running->change + 1];
}

/* Whether something was taken out for the change, which is put back when it fails. */
static bool is_put_back(const struct change *change)
{
    return change->kind == CHANGE_MOVE_SENDER || change->replaces != CHANGE_NONE;
}

/*
 * Only what was lost: an answer that says something else than what was asked for would say it
 * again. When the run is stopped, only what must not stay half done.
 */
static bool may_send_again(struct running *running)
{
    struct executor *executor = running->executor;

    return running->lost &&
           (executor->execution->stopped == EXECUTION_WHOLE ||
            is_put_back(running_change(running)) || running->step == STEP_PUT_BACK) &&
           again_allowed(&running->again, executor->config.retry, &executor->random,
                         &running->delay_ms);
}

/* Added to where it was: once more does no harm, for then it is there already. */
static void put_back_ended(struct running *running, enum verdict verdict)
{
    if (verdict == VERDICT_UNCLEAR && may_send_again(running)) {
        running_send(running, STEP_PUT_BACK);
        return;
    }
    running_outcome(running)->put_back = verdict == VERDICT_DONE ? PUT_BACK_DONE : PUT_BACK_FAILED;
    if (verdict == VERDICT_DONE) {
        running_outcome(running)->unclear = false;
        if (running_change(running)->replaces != CHANGE_NONE)
            revoke(running->executor, (size_t)running_change(running)->replaces);
    }
    running_end(running, CHANGE_FAILED);
}

/* After a wait for what is still under way at the server. */
static void look(struct running *running)
{
    (void)may_send_again(running);
    running_send(running, STEP_LOOK);
}

static void put_back(struct running *running)
{
    running->again = (struct again){0};
    running->delay_ms = 0;
    running_send(running, STEP_PUT_BACK);
}

/* What became of a creation, addition or update that stands for itself is not known. */
static void is_unclear(struct running *running)
{
    const struct change *change = running_change(running);

    if (change->kind == CHANGE_CREATE_SERVICE || change->kind == CHANGE_ADD_SENDER) {
        look(running);
    } else if (change->kind == CHANGE_UPDATE_SERVICE && may_send_again(running)) {
        running_send(running, STEP_DO);
    } else {
        running_end(running, CHANGE_FAILED);
    }
}

/* A change of one request, or the second half of a move, has not worked, or its answer was lost. */
static void has_failed(struct running *running, enum verdict verdict)
{
    const struct change *change = running_change(running);
    const bool unclear = verdict == VERDICT_UNCLEAR;

    running_outcome(running)->unclear = unclear;
    if (unclear && is_put_back(change))
        look(running);
    else if (is_put_back(change) || (unclear && is_replaced(running)))
        put_back(running);
    else if (unclear)
        is_unclear(running);
    else
        running_end(running, CHANGE_FAILED);
}

/* The look at what stands for itself. */
static void looked_up(struct running *running, enum verdict verdict)
{
    const struct change *change = running_change(running);
    const bool creation = change->kind == CHANGE_CREATE_SERVICE;
    struct change_outcome *outcome = running_outcome(running);

    if (verdict == VERDICT_DONE) {
        running_end(running, CHANGE_DONE);
        return;
    }
    if (verdict == VERDICT_UNCLEAR)
        outcome->unclear =
            !creation || running->executor->execution->service_sids[change->service] == NULL;
    else
        outcome->unclear = creation && running->late;
    if (!outcome->unclear && verdict == VERDICT_FAILED && may_send_again(running))
        running_send(running, STEP_DO);
    else
        running_end(running, CHANGE_FAILED);
}

static void looked(struct running *running, enum verdict verdict)
{
    if (!is_put_back(running_change(running))) {
        looked_up(running, verdict);
        return;
    }
    if (verdict == VERDICT_FAILED) {
        running_outcome(running)->unclear = false;
        if (may_send_again(running))
            running_send(running, running_change(running)->kind == CHANGE_MOVE_SENDER ? STEP_PUT_IN
                                                                                      : STEP_DO);
        else
            put_back(running);
        return;
    }
    if (verdict == VERDICT_UNCLEAR) {
        running_outcome(running)->put_back = PUT_BACK_FAILED;
        running_end(running, CHANGE_FAILED);
        return;
    }
    running_end(running, CHANGE_DONE);
}

void running_put_in(struct running *running)
{
    const struct change *change = running_change(running);

    running->paused =
        change->after_removals && waiting_departures(&running->executor->waiting, change->service);
    if (!running->paused)
        running_send(running, STEP_PUT_IN);
}

/* The first half of a move. When its answer was lost, putting it back does no harm. */
static void taken_out(struct running *running, enum verdict verdict)
{
    const struct change *change = running_change(running);
    struct executor *executor = running->executor;
    bool last = waiting_departed(&executor->waiting, change);

    running->taken_out = true;
    if (verdict == VERDICT_DONE) {
        running_put_in(running);
    } else if (verdict == VERDICT_UNCLEAR) {
        running_outcome(running)->unclear = true;
        put_back(running);
    } else {
        running_end(running, CHANGE_FAILED);
    }
    if (last)
        executor_wake(executor, change->from);
}

void running_answered(struct running *running, const struct twilio_answer *answer)
{
    struct executor *executor = running->executor;
    enum verdict verdict =
        running->step == STEP_LOOK && running_change(running)->kind == CHANGE_CREATE_SERVICE
            ? operation_judge_created(executor->plan, running->change, &running->created, answer,
                                      executor->execution)
            : operation_judge(executor->plan, running->change, running->step, answer,
                              executor->execution);

    running->delay_ms = 0;
    running->late = running->late || answer->late;
    if (running->step != STEP_LOOK)
        running->lost = answer->unclear;
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
        running_end(running, CHANGE_DONE);
    else
        has_failed(running, verdict);
}
