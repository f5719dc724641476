/*
 * How roster exits. Scripts depend on these numbers: they never change their meaning.
 */
#ifndef ROSTER_CLI_EXIT_CODE_H
#define ROSTER_CLI_EXIT_CODE_H

#include <stddef.h>

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

/* What a code means when one of some commands exits with it; help and manual pages print these. */
struct exit_meaning {
    enum exit_code code;
    const char *commands; /* with blanks between; NULL: every one */
    const char *meaning;  /* without a full stop */
};

/* In order of the codes. */
extern const struct exit_meaning exit_meanings[];
extern const size_t exit_meaning_count;

#endif
