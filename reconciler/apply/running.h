/*
 * A change under way, step by step; private to apply/. executor.c decides when steps go out,
 * running.c what an answer leads to.
 */
#ifndef ROSTER_APPLY_RUNNING_H
#define ROSTER_APPLY_RUNNING_H

#include "apply/again.h"
#include "apply/executor.h"
#include "apply/operation.h"
#include "apply/waiting.h"
#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>

struct parcel;

/* Changes with a step to send. */
struct queue {
    struct running *first, *last;
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
    struct random_state random;
};

/* A change under way. */
struct running {
    struct executor *executor;
    size_t change;
    enum step step;
    bool paused;    /* a move between its halves, waiting for room */
    bool taken_out; /* a move whose first half has ended */
    struct again again;
    bool lost;        /* the last write's answer */
    bool late;        /* it may still happen */
    int64_t delay_ms; /* before the next step */
    struct created created;
    struct running *next;
};

static inline struct change_outcome *running_outcome(const struct running *running)
{
    return &running->executor->execution->outcomes[running->change];
}

static inline const struct change *running_change(const struct running *running)
{
    return &running->executor->plan->changes[running->change];
}

/* Queues the step; it goes out with the next turn, after `delay_ms`. */
void running_send(struct running *running, enum step step);

/* The change has ended. */
void running_end(struct running *running, enum change_state state);

/* Starts, or skips, what waited for something of the service's pool to end. */
void executor_wake(struct executor *executor, size_t service);

/* Judges the answer to the step and goes on to the next one, or to the end. */
void running_answered(struct running *running, const struct twilio_answer *answer);

/* The second half of a move, once there is room for it. */
void running_put_in(struct running *running);

#endif
