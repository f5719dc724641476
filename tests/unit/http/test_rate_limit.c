#include "http/rate_limit.h"

#include "base/attributes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { START_MS = 123456789, HOUR_MS = 3600 * 1000 };

/* As many as are asked for, to the request, however long and however often it is looked at. */
static const struct {
    int64_t rate; /* thousandths */
    int64_t look_ms;
    int64_t burst, hour; /* requests at once at first, and in the hour that follows */
} cases[] = {
    {1000, 1, 1, 3600},           {1000, 7, 1, 3600},
    {3000, 1, 1, 10800},          {7000, 1, 1, 25200},
    {100 * 1000, 1, 6, 360000},   {100 * 1000, 13, 6, 360000},
    {333 * 1000, 3, 17, 1198800}, {10, 1, 1, 36},
    {99 * 1000, 1, 5, 356400},    {2500 * 1000, 1, 126, 9000000},
};

static int64_t take_all(struct rate_limit *limit, int64_t now_ms)
{
    int64_t count = 0;

    while (rate_limit_wait_ms(limit, now_ms) == 0) {
        rate_limit_take(limit, now_ms);
        count++;
    }
    return count;
}

static void test_exact(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct rate_limit limit;
        int64_t passed_ms = 0, count = 0;

        rate_limit_init(&limit, cases[i].rate, START_MS);
        assert_int_equal(take_all(&limit, START_MS), cases[i].burst);
        while (passed_ms < HOUR_MS) {
            passed_ms += cases[i].look_ms;
            count += take_all(&limit, START_MS + passed_ms);
        }
        /* The last look may be past the hour, and a part of a request may be left of the burst. */
        assert_in_range(count, cases[i].hour, cases[i].hour + cases[i].look_ms * 4);
    }
}

/* To wait as long as it says is enough, and a millisecond less is not. */
static void test_wait(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct rate_limit limit;
        int64_t now_ms = START_MS, wait_ms;
        int k;

        rate_limit_init(&limit, cases[i].rate, now_ms);
        for (k = 0; k < 100; k++) {
            take_all(&limit, now_ms);
            wait_ms = rate_limit_wait_ms(&limit, now_ms);
            assert_true(wait_ms > 0);
            assert_int_equal(rate_limit_wait_ms(&limit, now_ms + wait_ms - 1), 1);
            assert_int_equal(rate_limit_wait_ms(&limit, now_ms + wait_ms), 0);
            now_ms += wait_ms;
        }
    }
}

static void test_idle(void **state)
{
    struct rate_limit limit;

    (void)state;
    rate_limit_init(&limit, 100 * RATE_LIMIT_UNIT, START_MS);
    assert_int_equal(take_all(&limit, START_MS), 6);
    /* Idle time saves up no more than a burst, however long. */
    assert_int_equal(take_all(&limit, START_MS + HOUR_MS), 6);
    assert_int_equal(take_all(&limit, INT64_MAX / 2), 6);
    /* A clock that goes back adds nothing. */
    assert_int_equal(take_all(&limit, START_MS), 0);
}

static void test_no_limit(void **state)
{
    static const struct rate_limit zero;
    struct rate_limit limit;

    (void)state;
    assert_int_equal(rate_limit_wait_ms(&zero, START_MS), 0);
    rate_limit_init(&limit, 0, START_MS);
    rate_limit_take(&limit, START_MS);
    rate_limit_empty(&limit, START_MS);
    assert_int_equal(rate_limit_wait_ms(&limit, START_MS), 0);
}

static void test_change(void **state)
{
    struct rate_limit limit;

    (void)state;
    rate_limit_init(&limit, 100 * RATE_LIMIT_UNIT, START_MS);
    /* A smaller burst cuts what was saved up; a larger one gives nothing. */
    rate_limit_change(&limit, 40 * RATE_LIMIT_UNIT, START_MS);
    assert_int_equal(take_all(&limit, START_MS), 3);
    rate_limit_change(&limit, 1000 * RATE_LIMIT_UNIT, START_MS);
    assert_int_equal(take_all(&limit, START_MS), 0);
    assert_int_equal(take_all(&limit, START_MS + 10), 10);
    rate_limit_init(&limit, 2 * RATE_LIMIT_MAX, START_MS);
    assert_int_equal(limit.rate, RATE_LIMIT_MAX);
}

static void test_empty(void **state)
{
    struct rate_limit limit;

    (void)state;
    rate_limit_init(&limit, 100 * RATE_LIMIT_UNIT, START_MS);
    rate_limit_empty(&limit, START_MS + HOUR_MS);
    assert_int_equal(rate_limit_wait_ms(&limit, START_MS + HOUR_MS), 10);
    assert_int_equal(take_all(&limit, START_MS + HOUR_MS + 10), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),  cmocka_unit_test(test_wait),
        cmocka_unit_test(test_idle),   cmocka_unit_test(test_no_limit),
        cmocka_unit_test(test_change), cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
