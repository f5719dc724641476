/*
 * The life of messages: accepted (through a service), queued, sending, sent, and delivered or
 * undelivered; or failed. The steps and their times are settled when a message is taken on, for
 * nothing that comes later changes them; then the messages' clock moves it from one to the next.
 *
 * Of the delay D from acceptance to the end a message is queued after D/10, sent from D/5 on and
 * has been sent after another D/5. Each sender has a queue, which it works off at its rate
 * (sandbox_throughput.h): while it is busy with others, a message waits before "sending". With a
 * delay of 0 there is nothing but that wait.
 *
 *     sandbox_life_init(&life, &store, delay_ms, on_step, context);
 *     sandbox_life_begin(&life, message, &fate, now_ms);
 *     sandbox_life_advance(&life, later_ms);     // calls on_step for each step since then
 *     sandbox_life_release(&life);
 */
#ifndef ROSTER_SANDBOX_SANDBOX_LIFE_H
#define ROSTER_SANDBOX_SANDBOX_LIFE_H

#include "http/timers.h"
#include "sandbox/sandbox_outcome.h"
#include "sandbox/sandbox_store.h"

#include <stdint.h>

/* Called when a message has reached its next step, in the order of their times. */
typedef void sandbox_life_watcher(void *context, struct sandbox_message *message);

struct sandbox_life {
    struct sandbox_store *store;
    struct timers due; /* messages, at the time of their next step */
    json_t *busy;      /* until when each sender is, by its address: milliseconds */
    int64_t delay_ms;
    sandbox_life_watcher *watcher;
    void *context;
};

/* Takes up the messages that the store has; `watcher` NULL: nobody is told. */
void sandbox_life_init(struct sandbox_life *life, struct sandbox_store *store, int64_t delay_ms,
                       sandbox_life_watcher *watcher, void *context);
void sandbox_life_release(struct sandbox_life *life);

/* How a message goes on from here. */
struct sandbox_fate {
    const char *from; /* NULL: there is no sender, and it fails */
    const char *to;
    bool by_service;
    unsigned segments;
    struct sandbox_outcome outcome;
};

/* Whether the sender's queue is full for another message. */
bool sandbox_life_is_full(const struct sandbox_life *life, const char *from, int64_t now_ms);

/* Gives the message its steps, and the sender's queue another entry. */
void sandbox_life_begin(struct sandbox_life *life, struct sandbox_message *message,
                        const struct sandbox_fate *fate, int64_t now_ms);

/* Moves all messages on to where they are at that time, which never goes back. */
void sandbox_life_advance(struct sandbox_life *life, int64_t now_ms);

/* How long until the next step; -1: there is none. */
int64_t sandbox_life_wait_ms(const struct sandbox_life *life, int64_t now_ms);

/* The status that the message has reached; of one without steps, NULL: its body says it. */
const char *sandbox_life_status(const struct sandbox_message *message);

/* Whether it has reached that status or one that comes after it. */
bool sandbox_life_has_reached(const struct sandbox_message *message, enum sandbox_status status);

/* "accepted", ...; and back, false for other texts. */
const char *sandbox_status_name(enum sandbox_status status);
bool sandbox_status_read(const char *name, enum sandbox_status *out);

#endif
