/*
 * apply --test: the test messages of the services that an apply changes.
 */
#ifndef ROSTER_CLI_APPLY_TESTS_H
#define ROSTER_CLI_APPLY_TESTS_H

#include "apply/journal.h"
#include "apply/test_run.h"
#include "base/attributes.h"
#include "base/buf.h"
#include "cli/options.h"
#include "cli/session.h"

/* All zero is a valid start: no tests. */
struct apply_tests {
    struct test_run run;
    struct session declared; /* of a saved plan: the roster that has the test sends */
    const struct desired *desired;
};

/*
 * Before anything is applied: finds the messages, and says what will be sent. A saved plan's come
 * from the roster that it was made from. Reports and returns -1 when they can't be sent.
 */
MUST_CHECK int apply_tests_prepare(struct apply_tests *tests, struct session *session,
                                   const struct options *options, struct diag *diag);

/*
 * After an apply that worked: sends them and adds the report to `out`. Returns -1 when they could
 * not be sent, which was reported, or not all were as expected, which is then `*failed`.
 */
MUST_CHECK int apply_tests_run(struct apply_tests *tests, struct session *session,
                               struct journal *journal, const struct options *options,
                               struct buf *out, bool *failed, struct diag *diag);

void apply_tests_release(struct apply_tests *tests);

#endif
