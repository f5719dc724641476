/*
 * Test sends in a journal (journal.h). Records, each with the run that it is of:
 *
 *   tests         begins: version, time, account, roster, number of messages, process
 *   send          one a message: index, name, service, service_sid, to, token
 *   send_intent   it is about to be sent; it is on the disk by then
 *   send_outcome  the answer: verdict ("sent", "refused", "unclear", "not_sent"), message_sid,
 * status, code, request id send_found    the search for what was unclear has found it: message_sid
 *   send_end      how it ended: outcome, status, from, error_code, problem
 *   tests_end     the run is over: how many ended how
 */
#ifndef ROSTER_APPLY_TEST_JOURNAL_H
#define ROSTER_APPLY_TEST_JOURNAL_H

#include "apply/journal.h"
#include "apply/test_run.h"
#include "base/attributes.h"

/*
 * Writes the head and the messages of a run that was resolved, all of which is on the disk when it
 * returns 0. Reports and returns -1 when it could not be written: nothing may be sent then.
 */
MUST_CHECK int test_journal_begin(struct journal *journal, const struct test_run *run,
                                  const struct plan_origin *origin, struct diag *diag);

void test_journal_intent(struct journal *journal, const struct test_run *run, size_t message);

enum test_sending { TEST_SENT, TEST_REFUSED, TEST_LOST, TEST_UNSENT };

void test_journal_outcome(struct journal *journal, const struct test_run *run, size_t message,
                          const struct twilio_answer *answer, enum test_sending sending);

void test_journal_found(struct journal *journal, const struct test_run *run, size_t message);

void test_journal_ended(struct journal *journal, const struct test_run *run, size_t message);

/* Ends the run, on the disk. */
void test_journal_end(struct journal *journal, const struct test_run *run);

#endif
