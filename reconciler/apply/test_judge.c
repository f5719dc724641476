#include "apply/test_judge.h"

#include "base/str.h"
#include "twilio/message_status.h"

#include <inttypes.h>
#include <string.h>

struct judgement {
    const struct expectation *expect;
    const struct test_facts *facts;
    struct test_mismatch *mismatches;
    size_t count;
    struct arena *arena;
};

static void differs(struct judgement *judgement, const char *key, const char *expected,
                    const char *actual)
{
    judgement->mismatches[judgement->count++] =
        (struct test_mismatch){.key = key, .expected = expected, .actual = actual};
}

/* The status that is waited for; NULL: any that is final. */
static const char *wanted_status(const struct expectation *expect)
{
    if (expect->status != NULL)
        return expect->status;
    return expect->error_code != 0 ? NULL : "delivered";
}

/* Whether the status can't change for the expectation any more. */
static bool is_over(const char *status, const char *wanted)
{
    if (status == NULL)
        return true;
    /* Only who waits for "read" waits for what comes after "delivered". */
    return message_status_is_final(message_status_of(status)) &&
           !(str_equal(wanted, "read") && str_equal(status, "delivered"));
}

static bool is_reached(const char *status, const char *wanted)
{
    enum message_status is = message_status_of(status), goal = message_status_of(wanted);

    if (status == NULL)
        return wanted == NULL || goal == MESSAGE_FAILED;
    if (wanted == NULL)
        return message_status_is_final(is);
    if (message_status_is_failure(goal) || message_status_is_failure(is))
        return is == goal;
    return is != MESSAGE_STATUS_NONE && !message_status_advances(is, goal);
}

static const char *number(struct judgement *judgement, int64_t value, const char *none)
{
    return value == 0 ? none : arena_printf(judgement->arena, "%" PRId64, value);
}

static bool is_from(const char *from, const char *wanted)
{
    return str_equal(from, wanted) || str_equal(message_sender_kind(from), wanted);
}

static void compare(struct judgement *judgement)
{
    const struct expectation *expect = judgement->expect;
    const struct message *message = &judgement->facts->message;

    if (expect->from != NULL && (message->from == NULL || !is_from(message->from, expect->from)))
        differs(judgement, "from", expect->from,
                message->from == NULL ? "no sender" : message->from);
    if (expect->country != NULL && !str_equal(expect->country, judgement->facts->country))
        differs(judgement, "country", expect->country,
                judgement->facts->country == NULL ? "not known" : judgement->facts->country);
    if (expect->error_code != 0 && expect->error_code != message->error_code)
        differs(judgement, "error_code", number(judgement, expect->error_code, NULL),
                number(judgement, message->error_code, "none"));
    if (expect->segments != 0 && expect->segments != message->segments)
        differs(judgement, "segments", number(judgement, expect->segments, NULL),
                number(judgement, message->segments, "not known"));
}

/* Whether something that is expected is only not known yet. */
static bool is_incomplete(const struct judgement *judgement)
{
    const struct expectation *expect = judgement->expect;
    const struct message *message = &judgement->facts->message;

    return ((expect->from != NULL || expect->country != NULL) && message->from == NULL) ||
           (expect->segments != 0 && message->segments == 0) || expect->error_code != 0;
}

enum test_verdict test_judge(const struct expectation *expect, const struct test_facts *facts,
                             struct test_mismatch mismatches[TEST_MISMATCHES_MAX], size_t *count,
                             struct arena *arena)
{
    struct judgement judgement = {
        .expect = expect, .facts = facts, .mismatches = mismatches, .arena = arena};
    const char *status = facts->message.status, *wanted = wanted_status(expect);
    bool reached = is_reached(status, wanted), over = is_over(status, wanted);

    if (!reached)
        differs(&judgement, "status", wanted == NULL ? "a final one" : wanted,
                status == NULL ? "refused" : status);
    compare(&judgement);
    *count = judgement.count;
    if (reached && judgement.count == 0)
        return TEST_AS_EXPECTED;
    if (!over && (!reached || is_incomplete(&judgement)))
        return TEST_WAIT;
    return TEST_NOT_AS_EXPECTED;
}
