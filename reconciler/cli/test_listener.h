/*
 * roster test --listen: status callbacks of the messages under way, beside asking for them.
 */
#ifndef ROSTER_CLI_TEST_LISTENER_H
#define ROSTER_CLI_TEST_LISTENER_H

#include "apply/test_run.h"
#include "base/arena.h"
#include "base/attributes.h"
#include "cli/listen_address.h"
#include "cli/options.h"
#include "twilio/credentials.h"

/* All zero is one that does not listen. */
struct test_listener {
    struct arena arena;
    struct test_run *run;
    struct listen_address address;
    struct webhook_receiver *receiver;
    struct http_server *server;
    const char *callback; /* the URL that Twilio is given */
};

/*
 * Listens where --listen says, if it does; says on standard error where. Twilio calls no private
 * addresses: without --public-url only a local API is good enough. `variables` has the token that
 * callbacks are signed with. Reports and returns -1.
 */
MUST_CHECK int test_listener_open(struct test_listener *listener, struct test_run *run,
                                  const struct twilio_variables *variables,
                                  const struct options *options, struct diag *diag);

/* One turn of the listener, which hands callbacks to the run. */
void test_listener_turn(struct test_listener *listener);

/* To be waited for; -1 when it does not listen. */
int test_listener_descriptor(const struct test_listener *listener);

/* How many requests were refused: forged, malformed, ... */
uint64_t test_listener_refused(const struct test_listener *listener);

void test_listener_close(struct test_listener *listener);

#endif
