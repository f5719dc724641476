/*
 * Whether a test message has become what the roster expects of it. Pure.
 */
#ifndef ROSTER_APPLY_TEST_JUDGE_H
#define ROSTER_APPLY_TEST_JUDGE_H

#include "base/arena.h"
#include "model/desired.h"
#include "twilio/message.h"

#include <stddef.h>

enum test_verdict {
    TEST_WAIT, /* it can still become so */
    TEST_AS_EXPECTED,
    TEST_NOT_AS_EXPECTED,
};

/* What is not as expected. */
struct test_mismatch {
    const char *key; /* of `expect`: "status", "from", ... */
    const char *expected, *actual;
};

enum { TEST_MISMATCHES_MAX = 5 };

/* What is known of the message. */
struct test_facts {
    struct message message; /* its status NULL: the API refused it, with the error code if any */
    const char *country;    /* of its sender; NULL: not known */
};

/*
 * Holds the facts against the expectation. Without "status" a message is expected to be delivered,
 * or with "error_code" to end with that code in any way. A status on the way (queued, sent) is
 * reached by one that has come further, unless that is a failure; everything else has to be as
 * expected by the time that the status is. With TEST_NOT_AS_EXPECTED, and with TEST_WAIT for what
 * is not so yet, `mismatches` says what differs; the texts live in the arena.
 */
enum test_verdict test_judge(const struct expectation *expect, const struct test_facts *facts,
                             struct test_mismatch mismatches[TEST_MISMATCHES_MAX], size_t *count,
                             struct arena *arena);

#endif
