#include "apply/test_run.h"

#include "base/random.h"
#include "base/segments.h"
#include "base/str.h"

#include <string.h>

const char *test_outcome_name(enum test_outcome outcome)
{
    static const char *const names[] = {
        [TEST_NOT_SENT] = "not_sent",       [TEST_PASSED] = "passed",   [TEST_FAILED] = "failed",
        [TEST_UNCONFIRMED] = "unconfirmed", [TEST_UNCLEAR] = "unclear",
    };
    return names[outcome];
}

const char *test_outcome_words(enum test_outcome outcome)
{
    return outcome == TEST_NOT_SENT ? "not sent" : test_outcome_name(outcome);
}

const char *test_source_name(enum test_source source)
{
    static const char *const names[] = {
        [TEST_BY_ANSWER] = "answer",
        [TEST_BY_POLL] = "poll",
        [TEST_BY_CALLBACK] = "callback",
    };
    return names[source];
}

enum test_source test_status_first(const struct test_status *status)
{
    /* A look that a callback has brought about may end in the same millisecond. */
    static const enum test_source order[] = {TEST_BY_ANSWER, TEST_BY_CALLBACK, TEST_BY_POLL};
    enum test_source first = TEST_BY_ANSWER;
    size_t i;

    for (i = 0; i < COUNT_OF(order); i++)
        if (status->after_ms[order[i]] >= 0 &&
            (status->after_ms[first] < 0 || status->after_ms[order[i]] < status->after_ms[first]))
            first = order[i];
    return first;
}

static const char *shown(const struct test_send *send, size_t offset, const char *value)
{
    const char *written = send->origins[resource_row_at(&resource_test_send, offset)].written;

    return written == NULL ? value : written;
}

/* Eight characters that are easy to tell apart: 40 bits. */
static const char *make_token(struct arena *arena)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char token[TEST_TOKEN_SIZE] = "#";
    struct random_state random;
    size_t i;

    random_init(&random);
    for (i = 1; i < TEST_TOKEN_SIZE - 1; i++)
        token[i] = alphabet[random_below(&random, sizeof(alphabet) - 1)];
    token[i] = '\0';
    return arena_strdup(arena, token);
}

void test_run_add(struct test_run *run, const struct test_send *send)
{
    struct arena *arena = &run->arena;
    struct test_message *message;

    run->messages =
        arena_grow(arena, run->messages, run->count, &run->capacity, sizeof(*run->messages));
    message = &run->messages[run->count++];
    memset(message, 0, sizeof(*message));
    message->send = send;
    message->name = shown(send, offsetof(struct test_send, name), send->name);
    message->service = shown(send, offsetof(struct test_send, service), send->service);
    message->to = shown(send, offsetof(struct test_send, to), send->to);
    message->token = make_token(arena);
    message->body = arena_printf(arena, "%s %s", send->body, message->token);
    message->segments = segments_of(message->body);
}

void test_run_release(struct test_run *run)
{
    arena_release(&run->arena);
    memset(run, 0, sizeof(*run));
}
