/*
 * Test sends under way; private to apply/. test_engine.c has the loop over all of them,
 * test_sending.c what one message does.
 */
#ifndef ROSTER_APPLY_TEST_SENDING_H
#define ROSTER_APPLY_TEST_SENDING_H

#include "apply/test_run.h"
#include "base/clock.h"

/* A callback that came before it was known whose it is. */
struct early_callback {
    const char *message_sid, *status;
    int64_t at_ms;
};

/* What a message does next. */
enum phase {
    PHASE_READY,    /* it is to be sent */
    PHASE_SEARCH,   /* whether it was sent is looked for */
    PHASE_WATCH,    /* it is asked for */
    PHASE_CALLBACK, /* it has ended, and its last callback is waited for */
    PHASE_ENDED,
};

/* A message under way. */
struct sending {
    struct test_engine *engine;
    size_t index;
    enum phase phase;
    bool busy;           /* a request is in flight */
    int64_t posted_ms;   /* by the machine's clock, as all of these */
    int64_t deadline_ms; /* of the message, once its sending was answered */
    int64_t due_ms;      /* when it has something to do */
    int64_t poll_ms;     /* until the look after the next */
    unsigned searches, rows;
    bool by_date, found;
    bool again;     /* a callback came while it was looked at */
    bool last_look; /* the one at the deadline was made */
};

struct test_engine {
    struct test_run *run;
    struct twilio_client *client;
    struct test_run_config config;
    struct sending *sendings; /* by message */
    size_t posting, open;     /* being sent; not ended */
    struct early_callback *early;
    size_t early_count, early_capacity;
    struct arena scratch; /* paths */
};

static inline struct test_message *message_of(const struct sending *sending)
{
    return &sending->engine->run->messages[sending->index];
}

/* How long it still is until then; negative when it was before. */
static inline int64_t sending_wait_ms(int64_t at_ms)
{
    return at_ms - clock_monotonic(&clock_system);
}

/* Each sends its request, and on the answer plans what is next. */
void sending_post(struct sending *sending);
void sending_poll(struct sending *sending);
void sending_search(struct sending *sending);

/* The message has ended. */
void sending_end(struct sending *sending, enum test_outcome outcome);

#endif
