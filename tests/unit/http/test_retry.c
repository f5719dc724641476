#include "http/retry.h"

#include "base/attributes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static const struct retry_policy policy = {
    .max_attempts = 4, .base_delay_ms = 100, .max_delay_ms = 1000, .max_elapsed_ms = 10000};

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(http_method_name(HTTP_GET), "GET");
    assert_string_equal(http_method_name(HTTP_POST), "POST");
    assert_string_equal(http_method_name(HTTP_DELETE), "DELETE");
}

/* Which outcomes are worth another attempt, by method. */
static void test_outcomes(void **state)
{
    static const struct {
        enum http_fault fault;
        int status;
        bool get, post, delete;
    } cases[] = {
        {HTTP_FAULT_NONE, 200, false, false, false},
        {HTTP_FAULT_NONE, 201, false, false, false},
        {HTTP_FAULT_NONE, 204, false, false, false},
        {HTTP_FAULT_NONE, 301, false, false, false},
        {HTTP_FAULT_NONE, 400, false, false, false},
        {HTTP_FAULT_NONE, 401, false, false, false},
        {HTTP_FAULT_NONE, 404, false, false, false},
        {HTTP_FAULT_NONE, 409, false, false, false},
        {HTTP_FAULT_NONE, 428, false, false, false},
        {HTTP_FAULT_NONE, 429, true, true, true},
        {HTTP_FAULT_NONE, 499, false, false, false},
        {HTTP_FAULT_NONE, 500, true, false, true},
        {HTTP_FAULT_NONE, 502, true, false, true},
        {HTTP_FAULT_NONE, 503, true, false, true},
        {HTTP_FAULT_NONE, 504, true, false, true},
        {HTTP_FAULT_NONE, 599, true, false, true},
        {HTTP_FAULT_NONE, 600, false, false, false},
        {HTTP_FAULT_CONNECT, 0, true, true, true},
        {HTTP_FAULT_CONNECTION, 0, true, false, true},
        {HTTP_FAULT_TIMEOUT, 0, true, false, true},
        {HTTP_FAULT_TLS, 0, false, false, false},
        {HTTP_FAULT_TOO_LARGE, 0, false, false, false},
        {HTTP_FAULT_PROTOCOL, 0, false, false, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct retry_input input = {.fault = cases[i].fault,
                                    .status = cases[i].status,
                                    .attempt = 1,
                                    .retry_after_ms = -1,
                                    .random = 0.5};
        const struct {
            enum http_method method;
            bool again;
        } methods[] = {
            {HTTP_GET, cases[i].get}, {HTTP_POST, cases[i].post}, {HTTP_DELETE, cases[i].delete}};
        size_t k;

        for (k = 0; k < COUNT_OF(methods); k++) {
            struct retry_decision decision;

            input.method = methods[k].method;
            decision = retry_decide(&policy, &input);
            input.repeatable = true;
            if (retry_decide(&policy, &input).again != cases[i].get)
                fail_msg("repeatable %s with fault %d, status %d",
                         http_method_name(methods[k].method), (int)cases[i].fault, cases[i].status);
            input.repeatable = false;
            if (decision.again != methods[k].again)
                fail_msg("%s with fault %d, status %d: again is %d",
                         http_method_name(methods[k].method), (int)cases[i].fault, cases[i].status,
                         decision.again);
            assert_int_equal(decision.delay_ms, decision.again ? 50 : 0);
        }
    }
}

/* How long, and when the limits end it; all for a GET with status 503. */
static void test_waits(void **state)
{
    static const struct {
        const char *what;
        unsigned attempt;
        int64_t retry_after_ms, elapsed_ms;
        double random;
        int64_t delay_ms; /* -1: not again */
    } cases[] = {
        {"the first wait is jittered from zero", 1, -1, 0, 0.0, 0},
        {"and up to the base", 1, -1, 0, 0.999999, 99},
        {"it doubles", 2, -1, 0, 0.5, 100},
        {"and doubles", 3, -1, 0, 0.5, 200},
        {"until the attempts are used up", 4, -1, 0, 0.5, -1},
        {"past them, too", 5, -1, 0, 0.5, -1},
        {"Retry-After comes below the jitter", 1, 3000, 0, 0.5, 3050},
        {"Retry-After of nothing", 1, 0, 0, 0.5, 50},
        {"it is obeyed past our own longest wait", 1, 9000, 0, 0.5, 9050},
        {"the jitter gives way to the deadline", 1, 9990, 0, 0.5, 10000},
        {"it is just in time", 1, 10000, 0, 0.5, 10000},
        {"it would be too late", 1, 10001, 0, 0.0, -1},
        {"elapsed time counts", 1, 5000, 5001, 0.0, -1},
        {"it does without Retry-After, too", 1, -1, 9990, 0.5, 10},
        {"the deadline is now", 1, -1, 10000, 0.5, 0},
        {"the deadline is over", 1, -1, 10001, 0.5, -1},
        {"an absurd Retry-After", 1, INT64_MAX, 0, 0.999, -1},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct retry_input input = {.method = HTTP_GET,
                                    .status = 503,
                                    .attempt = cases[i].attempt,
                                    .retry_after_ms = cases[i].retry_after_ms,
                                    .elapsed_ms = cases[i].elapsed_ms,
                                    .random = cases[i].random};
        struct retry_decision decision = retry_decide(&policy, &input);
        int64_t delay_ms = decision.again ? decision.delay_ms : -1;

        if (delay_ms != cases[i].delay_ms)
            fail_msg("%s: %lld, not %lld", cases[i].what, (long long)delay_ms,
                     (long long)cases[i].delay_ms);
    }
}

/* The exponential stops at the longest wait and never overflows. */
static void test_cap(void **state)
{
    struct retry_policy many = {.max_attempts = 1000000,
                                .base_delay_ms = 300,
                                .max_delay_ms = 1000,
                                .max_elapsed_ms = INT64_MAX};
    struct retry_input input = {
        .method = HTTP_GET, .status = 503, .retry_after_ms = -1, .random = 0.5};
    static const int64_t wanted[] = {150, 300, 500, 500};
    unsigned i;

    (void)state;
    for (i = 0; i < COUNT_OF(wanted); i++) {
        input.attempt = i + 1;
        assert_int_equal(retry_decide(&many, &input).delay_ms, wanted[i]);
    }
    input.attempt = 999999;
    assert_int_equal(retry_decide(&many, &input).delay_ms, 500);
    many.max_delay_ms = INT64_C(1) << 61;
    assert_int_equal(retry_decide(&many, &input).delay_ms, INT64_C(1) << 60);
    many.base_delay_ms = 5000;
    many.max_delay_ms = 1000;
    input.attempt = 1;
    assert_int_equal(retry_decide(&many, &input).delay_ms, 500);
}

static void test_default_policy(void **state)
{
    (void)state;
    assert_int_equal(retry_policy_default.max_attempts, 6);
    assert_int_equal(retry_policy_default.base_delay_ms, 200);
    assert_int_equal(retry_policy_default.max_delay_ms, 20000);
    assert_int_equal(retry_policy_default.max_elapsed_ms, 120000);
}

static void test_retry_after(void **state)
{
    /* 1994-11-06 08:49:37 UTC, RFC 9110's example. */
    static const int64_t when_ms = INT64_C(784111777) * 1000;
    static const struct {
        const char *value;
        int64_t before_ms; /* of `when_ms`: now */
        int64_t after_ms;
    } cases[] = {
        {"0", 0, 0},
        {"1", 0, 1000},
        {"120", 0, 120000},
        {" 120\t", 0, 120000},
        {"007", 0, 7000},
        {"99999999999999999999999", 0, INT64_MAX},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 1500, 1500},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", -5000, 0},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 2000, 2000},
        {"Sun Nov  6 08:49:37 1994", 3000, 3000},
        {"", 0, -1},
        {" ", 0, -1},
        {"-1", 0, -1},
        {"+1", 0, -1},
        {"1.5", 0, -1},
        {"1s", 0, -1},
        {"1 2", 0, -1},
        {"soon", 0, -1},
        {"Someday: later", 0, -1},
        {"20301231", 0, INT64_C(20301231000)},
        {"2030-12-31 10:00:00", 0, -1},
        {"06 Nov 1994 08:49:37 GMT", 0, -1},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        int64_t after_ms = retry_parse_after(cases[i].value, when_ms - cases[i].before_ms);
        if (after_ms != cases[i].after_ms)
            fail_msg("\"%s\": %lld, not %lld", cases[i].value, (long long)after_ms,
                     (long long)cases[i].after_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),          cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_waits),          cmocka_unit_test(test_cap),
        cmocka_unit_test(test_default_policy), cmocka_unit_test(test_retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
