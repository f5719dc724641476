/*
 * The message simulator: the clock of the messages, their life, and the callbacks that they make.
 *
 * The clock is that of the wall, or one that stands still until it is moved by hand, so that a test
 * sees each status for as long as it likes.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_SIMULATOR_H
#define ROSTER_SANDBOX_SANDBOX_SIMULATOR_H

#include "base/clock.h"
#include "sandbox/sandbox_callbacks.h"
#include "sandbox/sandbox_life.h"
#include "sandbox/sandbox_outcome.h"
#include "sandbox/sandbox_store.h"

#include <stdbool.h>
#include <stdint.h>

struct sandbox_simulator_config {
    const struct clock *clock;
    bool manual_clock; /* it goes on from the store's `message_ms`, or begins with the wall */
    int64_t message_delay_ms;     /* from accepted to delivered */
    bool synchronous_pool_errors; /* 21703 and 21704 refuse a message instead of failing it later */
    const struct sandbox_recipients *recipients;     /* borrowed; NULL: no rules */
    struct sandbox_callback_faults *callback_faults; /* borrowed; NULL: none */
    sandbox_post *post;                              /* NULL: callbacks are not sent */
    void *post_context;
    size_t (*pending)(void *post_context); /* how many of them are under way; NULL: none */
};

struct sandbox_simulator {
    struct sandbox_simulator_config config;
    struct sandbox_store *store;
    struct sandbox_life life;
    struct sandbox_callbacks callbacks;
};

/* Takes up the messages that the store has. The store is borrowed, and must not move. */
void sandbox_simulator_init(struct sandbox_simulator *simulator,
                            const struct sandbox_simulator_config *config,
                            struct sandbox_store *store, const struct random_state *random);
void sandbox_simulator_release(struct sandbox_simulator *simulator);

/* The messages' clock: milliseconds since 1970. */
int64_t sandbox_simulator_now_ms(const struct sandbox_simulator *simulator);

/* Does all that is due by now. */
void sandbox_simulator_advance(struct sandbox_simulator *simulator);

/* Moves a clock that stands still, and does what becomes due. */
void sandbox_simulator_move_clock(struct sandbox_simulator *simulator, int64_t by_ms);

/* How long until something is due; -1: nothing is, or the clock stands still. */
int64_t sandbox_simulator_wait_ms(const struct sandbox_simulator *simulator);

#endif
