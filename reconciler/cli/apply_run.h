/*
 * Carrying out a session's plan, for apply and watch: the journal, the changes, verification, the
 * way back, the test messages.
 */
#ifndef ROSTER_CLI_APPLY_RUN_H
#define ROSTER_CLI_APPLY_RUN_H

#include "apply/executor.h"
#include "base/diag.h"
#include "cli/apply_tests.h"
#include "cli/options.h"
#include "cli/session.h"

#include <stdbool.h>
#include <stddef.h>

/* What became of the changes. */
struct apply_counts {
    bool begun; /* there was a journal, so that something may have been sent */
    size_t done, failed, not_attempted;
    enum execution_stop stopped;
    const char *problem; /* of the first that failed, with its name; the session's; NULL: none */
};

/*
 * Carries out the plan, which nobody asks about any more, with the account's lock held: nothing is
 * sent without a journal; progress goes to standard error and the report to standard output; a
 * signal of cli/interrupt.h lets it end early. `tests` may be all zero. EXIT_OK when the account is
 * as the plan says and no test failed.
 */
enum exit_code apply_run(struct session *session, const struct options *options,
                         struct apply_tests *tests, struct apply_counts *counts, struct diag *diag);

#endif
