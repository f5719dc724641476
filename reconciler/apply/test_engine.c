/*
 * test_run_execute(): one loop over the client, a listener if there is one, and the times at which
 * each message has something to do.
 */
#include "apply/test_journal.h"
#include "apply/test_sending.h"

enum {
    DEFAULT_WINDOW = 16,
    DEFAULT_POLL_MS = 1000,
    DEFAULT_GRACE_MS = 5000,
    LONGEST_TURN_MS = 250, /* so that deadlines are kept, and interrupts noticed */
};

/* What its time, or the run's, has run out for. */
static void give_up(struct sending *sending)
{
    struct test_message *message = message_of(sending);

    switch (sending->phase) {
    case PHASE_READY:
        if (sending->posted_ms == 0)
            sending_end(sending, TEST_NOT_SENT);
        break; /* else its answer will come */
    case PHASE_SEARCH:
        sending_end(sending, TEST_UNCLEAR);
        break;
    case PHASE_WATCH:
        sending_end(sending, TEST_UNCONFIRMED);
        break;
    case PHASE_CALLBACK:
        sending_end(sending, message->outcome);
        break;
    case PHASE_ENDED:
        break;
    }
}

/*
 * At the deadline: what is being asked is waited for, and what was not asked about since is, once
 * more. What was lost is searched for at least once.
 */
static bool has_last_look(struct sending *sending)
{
    if (sending->busy)
        return true;
    if (sending->phase == PHASE_SEARCH)
        return !message_of(sending)->searched;
    if (sending->phase != PHASE_WATCH || sending->last_look)
        return false;
    sending->last_look = true;
    sending->due_ms = 0;
    return true;
}

static void act(struct sending *sending)
{
    if (sending->phase == PHASE_READY || sending->phase == PHASE_ENDED)
        return;
    if (sending_wait_ms(sending->deadline_ms) <= 0 && !has_last_look(sending)) {
        give_up(sending);
        return;
    }
    if (sending->busy || sending_wait_ms(sending->due_ms) > 0)
        return;
    switch (sending->phase) {
    case PHASE_WATCH:
        sending_poll(sending);
        break;
    case PHASE_SEARCH:
        sending->by_date = true;
        sending_search(sending);
        break;
    case PHASE_CALLBACK:
        sending_end(sending, message_of(sending)->outcome);
        break;
    case PHASE_READY: /* see post_next() */
    case PHASE_ENDED:
        break;
    }
}

static void stop(struct test_engine *engine, enum test_stop why)
{
    size_t i;

    engine->run->stopped = why;
    /* What waits for our own limits has not been sent yet. */
    if (why == TEST_INTERRUPTED)
        twilio_client_end_at(engine->client, clock_monotonic(&clock_system));
    for (i = 0; i < engine->run->count; i++)
        if (why != TEST_UNRECORDED || engine->sendings[i].phase == PHASE_READY)
            give_up(&engine->sendings[i]);
}

static void stop_if_asked(struct test_engine *engine)
{
    enum test_stop why = TEST_WHOLE;

    if (engine->config.interrupted != NULL)
        why = engine->config.interrupted(engine->config.context);
    if (why == TEST_WHOLE && twilio_client_is_over(engine->client))
        why = TEST_OUT_OF_TIME;
    if (why != TEST_WHOLE)
        stop(engine, why);
}

/* Sends as many as the window takes, after one sync of the journal for all of them. */
static void post_next(struct test_engine *engine)
{
    size_t room = engine->config.window - engine->posting, i, chosen = 0;
    struct sending **next = arena_array(&engine->scratch, room, sizeof(struct sending *));

    for (i = 0; i < engine->run->count && chosen < room; i++)
        if (engine->sendings[i].phase == PHASE_READY && engine->sendings[i].posted_ms == 0)
            next[chosen++] = &engine->sendings[i];
    if (engine->config.journal != NULL && chosen != 0) {
        for (i = 0; i < chosen; i++)
            test_journal_intent(engine->config.journal, engine->run, next[i]->index);
        if (journal_sync(engine->config.journal) != 0) {
            stop(engine, TEST_UNRECORDED);
            return;
        }
    }
    for (i = 0; i < chosen; i++)
        sending_post(next[i]);
}

static void prepare(struct test_engine *engine)
{
    size_t i;

    if (engine->config.window == 0)
        engine->config.window = DEFAULT_WINDOW;
    if (engine->config.poll_ms == 0)
        engine->config.poll_ms = DEFAULT_POLL_MS;
    if (engine->config.grace_ms == 0)
        engine->config.grace_ms = DEFAULT_GRACE_MS;
    engine->open = engine->run->count;
    engine->sendings = arena_array(&engine->scratch, engine->run->count, sizeof(*engine->sendings));
    for (i = 0; i < engine->run->count; i++)
        engine->sendings[i] = (struct sending){.engine = engine, .index = i};
}

static int turn_ms(const struct test_engine *engine)
{
    int64_t wait_ms = LONGEST_TURN_MS;
    size_t i;

    for (i = 0; i < engine->run->count; i++) {
        const struct sending *sending = &engine->sendings[i];
        if (sending->phase != PHASE_ENDED && sending->phase != PHASE_READY && !sending->busy &&
            sending_wait_ms(sending->due_ms) < wait_ms)
            wait_ms = sending_wait_ms(sending->due_ms) > 0 ? sending_wait_ms(sending->due_ms) : 0;
    }
    return (int)wait_ms;
}

void test_run_execute(struct test_run *run, struct twilio_client *client,
                      const struct test_run_config *config)
{
    struct test_engine engine = {.run = run, .client = client, .config = *config};
    bool busy;
    size_t i;

    run->engine = &engine;
    prepare(&engine);
    while (engine.open > 0) {
        if (run->stopped == TEST_WHOLE || run->stopped == TEST_UNRECORDED)
            stop_if_asked(&engine);
        else
            stop(&engine, run->stopped); /* what was being sent then has been answered since */
        if (run->stopped == TEST_WHOLE)
            post_next(&engine);
        for (i = 0; i < run->count; i++)
            act(&engine.sendings[i]);
        if (engine.open > 0)
            (void)twilio_client_turn(client, config->turn == NULL ? -1 : config->descriptor,
                                     turn_ms(&engine));
        if (config->turn != NULL)
            config->turn(config->context);
    }
    /* Looks that nobody waits for any more. */
    if (!twilio_client_is_over(client))
        twilio_client_end_at(client, clock_monotonic(&clock_system));
    busy = twilio_client_turn(client, -1, 0) != 0;
    while (busy)
        busy = twilio_client_turn(client, -1, LONGEST_TURN_MS) != 0;
    run->engine = NULL;
    arena_release(&engine.scratch);
}
