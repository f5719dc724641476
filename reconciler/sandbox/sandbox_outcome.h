/*
 * How messages end: delivered, unless the recipient says otherwise.
 *
 * Rules (the "recipients" of a file of faults) are asked first. Then there are the sandbox's own
 * numbers: +1500553 and the last four digits of an error code from 30000 on, so that a message to
 * +15005530003 ends as undelivered with 30003. To +15005530000 it stays "sent" for ever, as when a
 * carrier gives no receipt. (Twilio's own test numbers, +1500555..., are refused when they are
 * sent to.)
 */
#ifndef ROSTER_SANDBOX_SANDBOX_OUTCOME_H
#define ROSTER_SANDBOX_SANDBOX_OUTCOME_H

#include "sandbox/sandbox_store.h"

#include <stdbool.h>
#include <stddef.h>

struct sandbox_outcome {
    enum sandbox_status status; /* SANDBOX_DELIVERED, _SENT, _UNDELIVERED or _FAILED */
    int error_code;             /* with the last two; else 0 */
    bool receipt;               /* the carrier has given one */
};

struct sandbox_recipient {
    const char *to; /* a pattern with "*" (sandbox_faults_matches()) */
    struct sandbox_outcome outcome;
};

/* The first one that fits decides. Borrowed. */
struct sandbox_recipients {
    const struct sandbox_recipient *rules;
    size_t count;
};

/* How a message to that recipient ends; `recipients` NULL: no rules. */
struct sandbox_outcome sandbox_outcome_of(const struct sandbox_recipients *recipients,
                                          const char *to);

/*
 * The outcome that goes with an error code: whether Twilio never sent it ("failed") or the carrier
 * did not deliver it ("undelivered"). False, `*out` untouched, for a code that is not known.
 */
bool sandbox_outcome_of_code(int code, struct sandbox_outcome *out);

#endif
