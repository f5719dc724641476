/*
 * What became of test sends: as text, JSON, and JUnit's XML.
 *
 * Texts of the API and of the roster are shown without what must not be shown: what came from
 * ${NAME} as it is written.
 */
#ifndef ROSTER_CLI_TEST_REPORT_H
#define ROSTER_CLI_TEST_REPORT_H

#include "apply/test_run.h"
#include "base/buf.h"
#include "base/redact.h"

void test_report_text(const struct test_run *run, const struct redactions *redactions,
                      struct buf *out);

/*
 * {"version": 1, "account_sid": ..., "sends": [...], "summary": {...}}; a send has name, service,
 * service_sid, to, outcome, message_sid, status, from, country, segments, price, price_unit,
 * error_code, error_meaning, problem, help, duration_ms, mismatches, and history: each status with
 * the milliseconds after which it was known, answer_ms, poll_ms and callback_ms, null when it was
 * not in that way.
 */
void test_report_json(const struct test_run *run, const char *account_sid,
                      const struct redactions *redactions, struct buf *out);

/*
 * A <testsuite> for each service, a <testcase> for each message: <failure> for what failed or is
 * unconfirmed, <error> for what is unclear or could not be sent, <skipped> for what the end of the
 * run left out.
 */
void test_report_junit(const struct test_run *run, const struct redactions *redactions,
                       struct buf *out);

/* "error 30006: the recipient is ...", or what the API says of a code that is not known. False when
 * there is no code. */
bool test_report_add_error(struct buf *out, const struct message *message);

/* "accepted 0.1 s, queued 0.4 s (callback), sent 1.0 s" */
void test_report_add_history(struct buf *out, const struct test_message *message);

#endif
