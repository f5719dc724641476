/*
 * The token bucket, the requests in progress, and the answers past them.
 */
#include "test_fixture.h"

#include "sandbox/sandbox_limits.h"

/* How many tokens can be taken at once. */
static unsigned drain(struct sandbox_bucket *bucket, int64_t now_ms)
{
    unsigned taken = 0;
    while (sandbox_bucket_take(bucket, now_ms))
        taken++;
    return taken;
}

static void test_burst(void **state)
{
    static const struct {
        int64_t rate;
        unsigned burst;
    } cases[] = {{1, 1},  {9, 1},    {10, 1},   {19, 1},
                 {20, 2}, {100, 10}, {999, 99}, {SANDBOX_RATE_MAX, SANDBOX_RATE_MAX / 10}};
    struct sandbox_bucket bucket;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        sandbox_bucket_init(&bucket, cases[i].rate, 5000);
        assert_int_equal(drain(&bucket, 5000), cases[i].burst);
        assert_int_equal(drain(&bucket, 5000), 0);
        /* Nobody saves up more than a burst. */
        assert_int_equal(drain(&bucket, 5000 + 3600000), cases[i].burst);
    }
}

static void test_refill(void **state)
{
    static const struct {
        int64_t rate, wait_ms;
        unsigned tokens;
    } cases[] = {{1, 999, 0},  {1, 1000, 1}, {10, 99, 0}, {10, 100, 1}, {100, 9, 0},
                 {100, 10, 1}, {100, 35, 3}, {3, 333, 0}, {3, 334, 1},  {1000, 1, 1}};
    struct sandbox_bucket bucket;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        sandbox_bucket_init(&bucket, cases[i].rate, 0);
        drain(&bucket, 0);
        assert_int_equal(drain(&bucket, cases[i].wait_ms), cases[i].tokens);
    }
}

/* Who asks each millisecond gets the rate all the same: no part of a token is lost. */
static void test_rate_is_kept(void **state)
{
    static const int64_t rates[] = {1, 7, 33, 100, 999};
    struct sandbox_bucket bucket;
    int64_t now_ms, taken;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(rates); i++) {
        sandbox_bucket_init(&bucket, rates[i], 0);
        drain(&bucket, 0);
        for (now_ms = 1, taken = 0; now_ms <= 10000; now_ms++)
            taken += sandbox_bucket_take(&bucket, now_ms);
        assert_int_equal(taken, 10 * rates[i]);
    }
}

static void test_under_way(void **state)
{
    struct sandbox_limits limits;

    (void)state;
    sandbox_limits_init(&limits, 0, 2, 0);
    assert_int_equal(sandbox_limits_enter(&limits, 0), SANDBOX_LIMIT_NONE);
    assert_int_equal(sandbox_limits_under_way(&limits, 0, 300), 1);
    /* The later one ends first. */
    assert_int_equal(sandbox_limits_enter(&limits, 10), SANDBOX_LIMIT_NONE);
    assert_int_equal(sandbox_limits_under_way(&limits, 10, 100), 2);
    assert_int_equal(sandbox_limits_enter(&limits, 99), SANDBOX_LIMIT_CONCURRENCY);
    assert_int_equal(sandbox_limits_enter(&limits, 100), SANDBOX_LIMIT_NONE);
    assert_int_equal(sandbox_limits_under_way(&limits, 100, 400), 2);
    assert_int_equal(sandbox_limits_enter(&limits, 299), SANDBOX_LIMIT_CONCURRENCY);
    assert_int_equal(sandbox_limits_enter(&limits, 400), SANDBOX_LIMIT_NONE);
    sandbox_limits_release(&limits);

    sandbox_limits_init(&limits, 0, 0, 0);
    assert_int_equal(sandbox_limits_under_way(&limits, 0, 1000), 1);
    assert_int_equal(sandbox_limits_under_way(&limits, 0, 1000), 2);
    assert_int_equal(sandbox_limits_enter(&limits, 0), SANDBOX_LIMIT_NONE);
    sandbox_limits_release(&limits);
}

/* One that is refused for what is in progress takes no token. */
static void test_both(void **state)
{
    struct sandbox_limits limits;

    (void)state;
    sandbox_limits_init(&limits, 20, 1, 0);
    assert_int_equal(sandbox_limits_enter(&limits, 0), SANDBOX_LIMIT_NONE);
    sandbox_limits_under_way(&limits, 0, 5);
    assert_int_equal(sandbox_limits_enter(&limits, 0), SANDBOX_LIMIT_CONCURRENCY);
    assert_int_equal(sandbox_limits_enter(&limits, 5), SANDBOX_LIMIT_NONE);
    assert_int_equal(sandbox_limits_enter(&limits, 5), SANDBOX_LIMIT_RATE);
    sandbox_limits_release(&limits);
}

static void test_rate_answers(void **state)
{
    const struct sandbox_config config = {.rate = 10};
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, &config);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_null(fixture_header(&f, "Retry-After"));
    assert_int_equal(fixture_call(&f, "FriendlyName=x", "POST /v1/Services"), 429);
    fixture_expect(&f, "code", "20429");
    fixture_expect(&f, "message", "Too Many Requests");
    fixture_expect(&f, "more_info", "https://www.twilio.com/docs/errors/20429");
    fixture_expect(&f, "status", "429");
    assert_string_equal(fixture_header(&f, "Retry-After"), "1");
    assert_non_null(fixture_header(&f, "Twilio-Request-Id"));
    assert_int_equal(f.store.services.count, 2);
    f.now_ms += 99;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 429);
    f.now_ms += 1;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    fixture_stop(&f);
}

static void test_concurrency_answers(void **state)
{
    const struct sandbox_config config = {.max_concurrency = 2, .latency_ms = 50};
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, &config);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    f.now_ms += 20;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_int_equal(fixture_call(&f, "FriendlyName=x", "POST /v1/Services"), 429);
    fixture_expect(&f, "code", "20429");
    assert_null(fixture_header(&f, "Retry-After"));
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "3");
    assert_int_equal(f.answer.delay_ms, 50);
    assert_int_equal(f.store.services.count, 2);
    /* The refused one is not in progress. */
    f.now_ms += 30;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    fixture_stop(&f);
}

/* A fault that is chosen first: what has no effect needs no token, what has one does. */
static void test_limits_and_faults(void **state)
{
    struct sandbox_fault_rule rules[] = {
        {.request = 1, .probability = 1, .count = 1, .fault = {.status = 500}},
        {.request = 3, .probability = 1, .count = 1, .fault = {.truncate = true}},
    };
    struct sandbox_faults faults = {.rules = rules, .count = COUNT_OF(rules)};
    const struct sandbox_config config = {.rate = 1, .faults = &faults};
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, &config);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 500);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 429);
    assert_true(f.answer.spoil.truncate);
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_burst),
        cmocka_unit_test(test_refill),
        cmocka_unit_test(test_rate_is_kept),
        cmocka_unit_test(test_under_way),
        cmocka_unit_test(test_both),
        cmocka_unit_test(test_rate_answers),
        cmocka_unit_test(test_concurrency_answers),
        cmocka_unit_test(test_limits_and_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
