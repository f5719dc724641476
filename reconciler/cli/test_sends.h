/*
 * Test sends as a command makes them: which, whether they may be sent, sending, and the report. For
 * test and apply --test.
 */
#ifndef ROSTER_CLI_TEST_SENDS_H
#define ROSTER_CLI_TEST_SENDS_H

#include "apply/journal.h"
#include "apply/test_run.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "cli/options.h"
#include "cli/session.h"
#include "cli/test_listener.h"

/* Whether a test send is one of those that are wanted. */
typedef bool test_wanted(const void *context, const struct test_send *send);

/*
 * Fills `run` with the roster's test sends that are wanted. Reports and returns -1 for more than
 * --max-sends, and for bodies that leave no room for the token; nothing is sent then.
 */
MUST_CHECK int test_sends_choose(struct test_run *run, const struct desired *desired,
                                 test_wanted *wanted, const void *context,
                                 const struct options *options, struct diag *diag);

/* Finds the services that they go through, see test_run_resolve(). */
MUST_CHECK int test_sends_resolve(struct test_run *run, struct session *session,
                                  const struct desired *desired, const struct options *options,
                                  struct diag *diag);

/* Says on standard error what will be sent, to whom, and of how many segments; with --quiet only to
 * those who are asked then. */
void test_sends_announce(const struct test_run *run, const struct options *options);

/*
 * Sends them and waits, with a line on standard error for each that has ended. The caller watches
 * for interrupts (interrupt.h). Reports and returns
 * -1 when nothing could be sent. `run` was resolved (test_run_resolve()). `listener`: NULL for
 * none.
 */
MUST_CHECK int test_sends_run(struct test_run *run, struct session *session,
                              struct journal *journal, struct test_listener *listener,
                              const struct options *options, struct diag *diag);

/* Whether all of them were as expected; else one error says what was not. */
bool test_sends_passed(const struct test_run *run, struct diag *diag);

#endif
