/*
 * How roster exits. Scripts depend on these numbers: they never change their meaning.
 */
#ifndef ROSTER_CLI_EXIT_CODE_H
#define ROSTER_CLI_EXIT_CODE_H

enum exit_code {
    EXIT_OK = 0,         /* done; nothing to change */
    EXIT_ERROR = 1,      /* bad roster, network, credentials, usage */
    EXIT_CHANGES = 2,    /* plan --detailed-exitcode: there are changes */
    EXIT_INCOMPLETE = 3, /* apply ended with failed or unattempted changes, was interrupted, or live
                            still differs; adopt could not adopt all that was chosen */
    EXIT_REFUSED = 4,    /* a guard refused the plan */
    EXIT_STALE = 5,      /* the saved plan is stale or altered */
    EXIT_TEST_FAILED = 6, /* a test message did not end as expected, or not in its time */
};

#endif
