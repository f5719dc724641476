/*
 * Status callbacks: which steps of a message are called back, to what URL, with what, and what goes
 * wrong with them.
 *
 * Called back are queued, sent, delivered, undelivered and failed, unless it is the status that the
 * message began with; "sending" is not. The URL is the message's own StatusCallback, else that of
 * its service.
 *
 * A callback gets what the first rule says that takes it, as requests do (sandbox_faults.h):
 *
 *   lost           it is not sent
 *   late           it is sent that much later, by the messages' clock
 *   out_of_order   it is sent after the next one of its message; the last one as usual
 *   duplicate      it is sent twice
 *   bad_signature  its signature is that of another token
 *
 * One that is lost can be nothing else, one that is out of order neither late nor duplicate.
 * Nothing of what is held back survives the end of the program.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_CALLBACKS_H
#define ROSTER_SANDBOX_SANDBOX_CALLBACKS_H

#include "base/random.h"
#include "http/timers.h"
#include "sandbox/sandbox_store.h"
#include "sandbox/sandbox_webhook.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox_callback_fault {
    bool lost, duplicate, out_of_order, bad_signature;
    int64_t late_ms;
};

struct sandbox_callback_rule {
    const char *status; /* a pattern (sandbox_faults_matches()); NULL: any */
    const char *to;     /* the same, for the recipient */
    uint64_t skip;
    uint64_t count;     /* SANDBOX_FAULT_ALL: no end */
    double probability; /* 1: always */
    struct sandbox_callback_fault fault;
    uint64_t seen, taken; /* zero to begin with; counted here */
};

/* Rules and their texts are borrowed. */
struct sandbox_callback_faults {
    struct sandbox_callback_rule *rules;
    size_t count;
    struct random_state random;
};

struct sandbox_callbacks {
    struct sandbox_store *store;
    struct sandbox_callback_faults *faults; /* NULL: none */
    struct random_state random;             /* where idempotency tokens come from */
    sandbox_post *post;                     /* NULL: nobody sends anything */
    void *context;
    struct timers late;
    struct sandbox_webhook **held; /* out of order, one a message at most */
    size_t held_count;
};

/* Zeroed by the caller, who has set the members up to `context`. */
void sandbox_callbacks_release(struct sandbox_callbacks *callbacks);

/* The message has reached its step. */
void sandbox_callbacks_reached(struct sandbox_callbacks *callbacks,
                               const struct sandbox_message *message);

/* Posts one that is not a status callback. */
void sandbox_callbacks_post(struct sandbox_callbacks *callbacks,
                            const struct sandbox_webhook_draft *draft);

/* Sends what is late and due now. */
void sandbox_callbacks_advance(struct sandbox_callbacks *callbacks, int64_t now_ms);

/* How long until something is; -1: nothing. */
int64_t sandbox_callbacks_wait_ms(const struct sandbox_callbacks *callbacks, int64_t now_ms);

#endif
