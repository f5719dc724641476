#include "cli/exit_code.h"

#include "base/attributes.h"

const struct exit_meaning exit_meanings[] = {
    {EXIT_OK, NULL, "done, or nothing to change"},
    {EXIT_ERROR, NULL, "error: bad roster, network, credentials, usage"},
    {EXIT_ERROR, "doctor", "something is a problem"},
    {EXIT_CHANGES, "plan", "with --detailed-exitcode: there are changes"},
    {EXIT_CHANGES, "drift", "something was changed by hand"},
    {EXIT_CHANGES, "fmt", "with --check: a file is not in canonical form"},
    {EXIT_INCOMPLETE, "apply",
     "it ended with failed or unattempted changes, was interrupted, or live still differs"},
    {EXIT_INCOMPLETE, "rehearse", "it would not end as the plan says"},
    {EXIT_INCOMPLETE, "adopt", "something that was chosen could not be adopted"},
    {EXIT_REFUSED, "plan apply rehearse", "a guard refused the plan"},
    {EXIT_STALE, "plan apply rehearse", "the saved plan is stale or altered"},
    {EXIT_TEST_FAILED, "test apply",
     "a test message did not end as expected, or not in its time (apply: with --test)"},
};
const size_t exit_meaning_count = COUNT_OF(exit_meanings);
