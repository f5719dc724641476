/*
 * Test sends: messages that a roster declares, sent through its services, watched until they end.
 *
 * A message is sent once, ever. What the engine sends again are requests that certainly had no
 * effect (429, no connection). When an answer was lost the account's messages are searched for the
 * body, which carries a token of its own, several times until the deadline: what is found is
 * watched like any other, and what is not found stays unclear. Each intent is in the journal, on
 * the disk, before the request goes out.
 *
 * All messages run at once, on the client's one thread, within its limits. A message is asked for
 * until it is as the roster expects, or can't become so any more, or its time is over: each
 * second at first, then less often. Callbacks, where somebody listens for them, are counted and
 * make the next look come at once; they decide nothing by themselves.
 *
 *     struct test_run run = {0};
 *     test_run_add(&run, &desired->test_sends[i]);
 *     if (test_run_resolve(&run, client, desired, diag) == 0)
 *         test_run_execute(&run, client, &config);
 *     test_run_release(&run);
 */
#ifndef ROSTER_APPLY_TEST_RUN_H
#define ROSTER_APPLY_TEST_RUN_H

#include "apply/test_judge.h"
#include "base/arena.h"
#include "base/attributes.h"
#include "base/diag.h"
#include "model/desired.h"
#include "twilio/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;

enum test_outcome {
    TEST_NOT_SENT, /* the run was stopped first, or the API let nothing in; see `problem` */
    TEST_PASSED,
    TEST_FAILED,
    TEST_UNCONFIRMED, /* it had not ended by its deadline */
    TEST_UNCLEAR,     /* it may have been sent, and was not found */
    TEST_OUTCOME_COUNT,
};

/* "not_sent", "passed", ... */
const char *test_outcome_name(enum test_outcome outcome);

/* The same for people: "not sent". */
const char *test_outcome_words(enum test_outcome outcome);

/* How a status became known. */
enum test_source { TEST_BY_ANSWER, TEST_BY_POLL, TEST_BY_CALLBACK, TEST_SOURCE_COUNT };

/* "answer", "poll", "callback". */
const char *test_source_name(enum test_source source);

/* A status that the message has had. */
struct test_status {
    const char *status;
    int64_t after_ms[TEST_SOURCE_COUNT]; /* since it was sent; -1: not in that way */
};

/* The way in which a status was known first. */
enum test_source test_status_first(const struct test_status *status);

/* What a sender of a service is of. */
struct test_sender {
    const char *address, *country;
};

struct test_message {
    const struct test_send *send;
    /* As they may be shown: what came from ${NAME} as it is written. */
    const char *name, *service, *to;
    const char *service_sid;
    const char *body; /* with its token */
    const char *token;
    unsigned segments; /* that the body has, in our count */
    struct test_sender *senders;
    size_t sender_count, sender_capacity;

    enum test_outcome outcome;
    struct test_facts facts;
    struct test_mismatch mismatches[TEST_MISMATCHES_MAX];
    size_t mismatch_count;
    struct test_status *history;
    size_t history_count, history_capacity;
    const char *problem; /* NULL: none */
    const char *hint;
    int64_t took_ms; /* from sending to the end */
    bool searched;   /* it was looked for after its answer was lost */
};

enum test_stop { TEST_WHOLE, TEST_INTERRUPTED, TEST_OUT_OF_TIME, TEST_UNRECORDED };

struct test_run {
    struct arena arena;
    struct test_message *messages;
    size_t count, capacity;
    size_t outcomes[TEST_OUTCOME_COUNT]; /* how many messages ended so */
    enum test_stop stopped;
    struct test_engine *engine; /* during test_run_execute() */
};

/* Adds a message; the test send has to outlive the run. */
void test_run_add(struct test_run *run, const struct test_send *send);

enum { TEST_TOKEN_SIZE = 10 }; /* "#", 8 characters, NUL */

/* Characters that a body may have, so that the token still fits. */
enum { TEST_BODY_MAX = 1600 - TEST_TOKEN_SIZE };

/*
 * Finds the service of each message among the account's, and where a country is expected the
 * countries of its senders. Reports services that are not there, or are there twice, and returns
 * -1; nothing is sent.
 */
MUST_CHECK int test_run_resolve(struct test_run *run, struct twilio_client *client,
                                const struct desired *desired, struct diag *diag);

struct test_run_config {
    struct journal *journal; /* after test_journal_begin(); NULL: none is kept */
    /* Why to send nothing more, or TEST_WHOLE; asked again and again. */
    enum test_stop (*interrupted)(void *context);
    /* After each turn of the loop, which waits for `descriptor`, too (-1: for nothing else). */
    void (*turn)(void *context);
    int descriptor;
    /* After each message that has ended. */
    void (*progress)(void *context, const struct test_run *run, size_t message);
    void *context;               /* of all of these */
    const char *status_callback; /* where Twilio tells of the statuses; NULL: as the service says */
    size_t window;               /* messages being sent at once; 0: 16 */
    int64_t poll_ms;             /* between the first looks; 0: 1 s */
    int64_t grace_ms;            /* for callbacks of a message that has ended; 0: 5 s */
};

/* Sends and waits. What goes wrong is in the messages; there is no other failure. */
void test_run_execute(struct test_run *run, struct twilio_client *client,
                      const struct test_run_config *config);

/*
 * A status callback has come; to be called from `turn`. Those of messages that are not the run's
 * are passed over: returns whether it was one of them.
 */
bool test_run_callback(struct test_run *run, const char *message_sid, const char *status);

/* Accepts a run that is all zero. */
void test_run_release(struct test_run *run);

#endif
