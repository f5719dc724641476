#include "apply/test_sending.h"

#include "apply/test_journal.h"
#include "base/form.h"
#include "base/str.h"
#include "twilio/message.h"
#include "twilio/message_error.h"
#include "twilio/message_status.h"

#include <string.h>
#include <time.h>

enum {
    USUAL_POLL_MS = 1000,
    POLL_GROWTH_PERCENT = 140,
    POLL_MOST = 5, /* times the first */
    SEARCH_ROWS_MAX = 1000,
    FORM_MAX = 64 * 1024,
    DAY_S = 24 * 60 * 60,
    EARLY_MAX = 1000, /* callbacks of what may not be ours */
};

static int64_t now(void)
{
    return clock_monotonic(&clock_system);
}

/* Notes that the message has a status. What is behind what it has already is history, too. */
static void note_status(struct sending *sending, const char *status, enum test_source source,
                        int64_t at_ms)
{
    struct test_message *message = message_of(sending);
    struct arena *arena = &sending->engine->run->arena;
    int64_t after_ms = at_ms - sending->posted_ms;
    struct test_status *entry = NULL;
    size_t i;

    for (i = 0; i < message->history_count && entry == NULL; i++)
        if (str_equal(message->history[i].status, status))
            entry = &message->history[i];
    if (entry == NULL) {
        message->history = arena_grow(arena, message->history, message->history_count,
                                      &message->history_capacity, sizeof(*message->history));
        entry = &message->history[message->history_count++];
        *entry =
            (struct test_status){.status = arena_strdup(arena, status), .after_ms = {-1, -1, -1}};
    }
    if (entry->after_ms[source] < 0)
        entry->after_ms[source] = after_ms;
}

/* Takes over what the API says of the message, but never a step back. */
static void note_message(struct sending *sending, const struct message *said,
                         enum test_source source)
{
    struct message *known = &message_of(sending)->facts.message;
    const char *status = said->status;

    note_status(sending, status, source, now());
    if (known->status != NULL &&
        message_status_advances(message_status_of(status), message_status_of(known->status)))
        return;
    if (known->status != NULL && message_status_is_final(message_status_of(known->status)) &&
        !message_status_advances(message_status_of(known->status), message_status_of(status)))
        status = known->status;
    *known = *said;
    known->status = status;
}

static int64_t timeout_of(const struct sending *sending)
{
    int64_t timeout_ms = message_of(sending)->send->timeout_ms;

    return timeout_ms == 0 ? TEST_SEND_TIMEOUT_MS : timeout_ms;
}

static const char *country_of(const struct test_message *message)
{
    size_t i;

    for (i = 0; i < message->sender_count; i++)
        if (str_equal(message->senders[i].address, message->facts.message.from))
            return message->senders[i].country;
    return NULL;
}

void sending_end(struct sending *sending, enum test_outcome outcome)
{
    struct test_engine *engine = sending->engine;
    struct test_message *message = message_of(sending);
    const struct message_error *error = message_error_find(message->facts.message.error_code);

    sending->phase = PHASE_ENDED;
    engine->open--;
    message->outcome = outcome;
    if (outcome != TEST_PASSED && error != NULL)
        message->hint = error->advice;
    engine->run->outcomes[outcome]++;
    if (engine->config.journal != NULL)
        test_journal_ended(engine->config.journal, engine->run, sending->index);
    if (engine->config.progress != NULL)
        engine->config.progress(engine->config.context, engine->run, sending->index);
}

/*
 * The last callback may still be on its way, where callbacks are looked at. A first status is never
 * called back, and whether "sending" is, is not known.
 */
static bool awaits_callback(const struct sending *sending)
{
    const struct test_message *message = message_of(sending);
    size_t i;

    if (sending->engine->config.turn == NULL || message->facts.message.sid == NULL ||
        message_status_of(message->facts.message.status) == MESSAGE_SENDING)
        return false;
    for (i = 0; i < message->history_count; i++)
        if (str_equal(message->history[i].status, message->facts.message.status))
            return message->history[i].after_ms[TEST_BY_CALLBACK] < 0 &&
                   message->history[i].after_ms[TEST_BY_ANSWER] < 0;
    return false;
}

static void conclude(struct sending *sending, enum test_outcome outcome)
{
    message_of(sending)->outcome = outcome;
    message_of(sending)->took_ms = now() - sending->posted_ms;
    if (!awaits_callback(sending)) {
        sending_end(sending, outcome);
        return;
    }
    sending->phase = PHASE_CALLBACK;
    sending->due_ms = now() + sending->engine->config.grace_ms;
    if (sending->due_ms > sending->deadline_ms)
        sending->due_ms = sending->deadline_ms;
}

/* Ends what can be ended: by what is known, or by the deadline. */
static void judge(struct sending *sending)
{
    struct test_message *message = message_of(sending);
    struct arena *arena = &sending->engine->run->arena;

    message->facts.country = country_of(message);
    switch (test_judge(&message->send->expect, &message->facts, message->mismatches,
                       &message->mismatch_count, arena)) {
    case TEST_AS_EXPECTED:
        conclude(sending, TEST_PASSED);
        break;
    case TEST_NOT_AS_EXPECTED:
        conclude(sending, TEST_FAILED);
        break;
    case TEST_WAIT:
        break;
    }
}

/* The message's SID has become known. */
static void watch(struct sending *sending)
{
    const struct test_engine *engine = sending->engine;
    const char *sid = message_of(sending)->facts.message.sid;
    size_t i;

    for (i = 0; i < engine->early_count; i++)
        if (str_equal(engine->early[i].message_sid, sid))
            note_status(sending, engine->early[i].status, TEST_BY_CALLBACK, engine->early[i].at_ms);
    sending->phase = PHASE_WATCH;
    sending->poll_ms = sending->engine->config.poll_ms;
    sending->due_ms = now() + sending->poll_ms;
}

/* When whether it was sent is looked for: what is under way at the server needs its time. */
static void plan_search(struct sending *sending)
{
    static const int64_t waits[] = {500, 2000, 5000, 10000};
    unsigned last = COUNT_OF(waits) - 1;
    unsigned at = sending->searches < last ? sending->searches : last;

    sending->phase = PHASE_SEARCH;
    sending->due_ms = now() + waits[at] * sending->engine->config.poll_ms / USUAL_POLL_MS;
}

static void note_problem(struct sending *sending, const struct twilio_answer *answer)
{
    message_of(sending)->problem = arena_strdup(&sending->engine->run->arena, answer->problem);
    message_of(sending)->hint = answer->hint;
}

/* A refusal may be what is expected. */
static void refused(struct sending *sending, const struct twilio_answer *answer)
{
    struct test_message *message = message_of(sending);

    message->facts.message.error_code = answer->code;
    judge(sending);
    if (sending->phase != PHASE_ENDED)
        conclude(sending, TEST_FAILED);
}

/*
 * Twilio's codes from 21000 on judge the message. What has a general one (20003, 20429), or none,
 * says that the request did not get as far.
 */
static bool is_refusal(const struct twilio_answer *answer)
{
    enum { FIRST_OF_MESSAGES = 21000 };

    return answer->status >= 400 && answer->status <= 499 && answer->code >= FIRST_OF_MESSAGES;
}

static enum test_sending how_posted(const struct twilio_answer *answer, struct message *said,
                                    struct arena *arena)
{
    if (answer->problem == NULL)
        return message_read(said, answer->json, arena) == 0 ? TEST_SENT : TEST_LOST;
    if (answer->unclear)
        return TEST_LOST;
    return is_refusal(answer) ? TEST_REFUSED : TEST_UNSENT;
}

static void on_posted(void *context, const struct twilio_answer *answer)
{
    struct sending *sending = context;
    struct test_engine *engine = sending->engine;
    struct message said = {0};
    enum test_sending how = how_posted(answer, &said, &engine->run->arena);

    sending->busy = false;
    engine->posting--;
    /* What it waited for our own limits, or the API's, is no part of its time. */
    sending->posted_ms = now() - answer->duration_ms;
    sending->deadline_ms = now() + timeout_of(sending);
    if (answer->problem != NULL)
        note_problem(sending, answer);
    if (how == TEST_SENT)
        note_message(sending, &said, TEST_BY_ANSWER);
    if (engine->config.journal != NULL)
        test_journal_outcome(engine->config.journal, engine->run, sending->index, answer, how);
    switch (how) {
    case TEST_SENT:
        watch(sending);
        judge(sending);
        break;
    case TEST_REFUSED:
        refused(sending, answer);
        break;
    case TEST_LOST:
        plan_search(sending);
        break;
    case TEST_UNSENT:
        sending_end(sending, TEST_NOT_SENT);
        break;
    }
}

void sending_post(struct sending *sending)
{
    struct test_engine *engine = sending->engine;
    const struct test_message *message = message_of(sending);
    struct buf form;

    buf_init(&form, FORM_MAX);
    form_add(&form, "To", message->send->to);
    form_add(&form, "MessagingServiceSid", message->service_sid);
    form_add(&form, "Body", message->body);
    if (engine->config.status_callback != NULL)
        form_add(&form, "StatusCallback", engine->config.status_callback);
    sending->busy = true;
    engine->posting++;
    sending->posted_ms = now();
    twilio_request(engine->client, HTTP_POST, TWILIO_API,
                   message_list_path(&engine->scratch, twilio_client_account(engine->client)),
                   buf_text(&form), on_posted, sending);
    buf_release(&form);
}

/* Less and less often; what a callback said meanwhile is looked at at once. */
static void plan_poll(struct sending *sending)
{
    const int64_t first_ms = sending->engine->config.poll_ms;

    sending->due_ms = sending->again ? now() : now() + sending->poll_ms;
    sending->again = false;
    sending->poll_ms = sending->poll_ms * POLL_GROWTH_PERCENT / 100;
    if (sending->poll_ms > POLL_MOST * first_ms)
        sending->poll_ms = POLL_MOST * first_ms;
}

static void on_polled(void *context, const struct twilio_answer *answer)
{
    struct sending *sending = context;
    struct message said;

    sending->busy = false;
    if (sending->phase != PHASE_WATCH)
        return;
    if (answer->problem != NULL) {
        note_problem(sending, answer);
    } else if (message_read(&said, answer->json, &sending->engine->run->arena) == 0) {
        message_of(sending)->problem = message_of(sending)->hint = NULL;
        note_message(sending, &said, TEST_BY_POLL);
        judge(sending);
    }
    if (sending->phase != PHASE_WATCH)
        return;
    plan_poll(sending);
}

void sending_poll(struct sending *sending)
{
    struct test_engine *engine = sending->engine;

    sending->busy = true;
    twilio_request(engine->client, HTTP_GET, TWILIO_API,
                   message_path(&engine->scratch, twilio_client_account(engine->client),
                                message_of(sending)->facts.message.sid),
                   NULL, on_polled, sending);
}

static int on_row(void *context, const json_t *row)
{
    struct sending *sending = context;
    const struct test_message *message = message_of(sending);
    const char *body = json_string_value(json_object_get(row, "body"));
    struct message said;

    if (sending->found || sending->phase != PHASE_SEARCH)
        return -1;
    if (body != NULL && strstr(body, message->token) != NULL &&
        message_read(&said, row, &sending->engine->run->arena) == 0) {
        sending->found = true;
        note_message(sending, &said, TEST_BY_POLL);
        return -1;
    }
    return ++sending->rows < SEARCH_ROWS_MAX ? 0 : -1;
}

static void on_searched(void *context, const struct twilio_answer *answer)
{
    struct sending *sending = context;
    struct test_engine *engine = sending->engine;

    (void)answer; /* a list that could not be read has not found it */
    sending->busy = false;
    if (sending->phase != PHASE_SEARCH)
        return;
    if (sending->found) {
        message_of(sending)->problem = message_of(sending)->hint = NULL;
        if (engine->config.journal != NULL)
            test_journal_found(engine->config.journal, engine->run, sending->index);
        watch(sending);
        judge(sending);
    } else if (sending->by_date) {
        /* What has not left yet has no date. */
        sending->by_date = false;
        sending_search(sending);
    } else {
        message_of(sending)->searched = true;
        sending->searches++;
        plan_search(sending);
    }
}

/* Lists what went to the recipient, first since yesterday, then all that is within reach. */
void sending_search(struct sending *sending)
{
    struct test_engine *engine = sending->engine;
    time_t yesterday = (time_t)(clock_wall(&clock_system) / 1000 - DAY_S);
    struct tm day = {0};
    struct buf query;
    char date[32];

    buf_init(&query, FORM_MAX);
    form_add(&query, "To", message_of(sending)->send->to);
    if (sending->by_date && gmtime_r(&yesterday, &day) != NULL) {
        strftime(date, sizeof(date), "%Y-%m-%dT00:00:00Z", &day);
        form_add(&query, "DateSent>", date);
    }
    sending->rows = 0;
    sending->busy = true;
    twilio_list(engine->client, TWILIO_API,
                message_list_path(&engine->scratch, twilio_client_account(engine->client)),
                buf_text(&query), "messages", on_row, on_searched, sending);
    buf_release(&query);
}

static void keep_early(struct test_engine *engine, const char *message_sid, const char *status)
{
    engine->early = arena_grow(&engine->scratch, engine->early, engine->early_count,
                               &engine->early_capacity, sizeof(*engine->early));
    engine->early[engine->early_count++] =
        (struct early_callback){.message_sid = arena_strdup(&engine->scratch, message_sid),
                                .status = arena_strdup(&engine->scratch, status),
                                .at_ms = now()};
}

bool test_run_callback(struct test_run *run, const char *message_sid, const char *status)
{
    size_t i;

    for (i = 0; i < run->count && run->engine != NULL; i++) {
        struct sending *sending = &run->engine->sendings[i];
        if (!str_equal(run->messages[i].facts.message.sid, message_sid))
            continue;
        note_status(sending, status, TEST_BY_CALLBACK, now());
        sending->again = true;
        if (sending->phase == PHASE_WATCH && !sending->busy)
            sending->due_ms = now();
        else if (sending->phase == PHASE_CALLBACK && !awaits_callback(sending))
            sending_end(sending, run->messages[i].outcome);
        return true;
    }
    if (run->engine != NULL && run->engine->early_count < EARLY_MAX)
        keep_early(run->engine, message_sid, status);
    return false;
}
