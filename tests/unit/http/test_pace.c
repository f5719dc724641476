#include "http/pace.h"

#include "base/attributes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { START_MS = 77000 };

/* A second in which so many are answered, and one refused at the end of it. */
static int64_t second(struct pace *pace, int64_t *now_ms, unsigned good)
{
    unsigned i;

    pace_start(pace, *now_ms);
    for (i = 0; i < good; i++)
        pace_answered(pace, *now_ms + (int64_t)i * 1000 / good);
    *now_ms += 1000;
    pace_refused(pace, *now_ms);
    pace_slow_down(pace, *now_ms);
    return pace->bucket.rate;
}

/* The rate after so many seconds in which it held requests back, or did not. */
static int64_t seconds(struct pace *pace, int64_t *now_ms, unsigned count, bool binding)
{
    while (count-- > 0) {
        while (binding && pace_wait_ms(pace, *now_ms) == 0)
            pace_sent(pace, *now_ms);
        *now_ms += 1000;
        pace_wait_ms(pace, *now_ms);
    }
    return pace->bucket.rate;
}

static void test_nothing_known(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_start(&pace, START_MS);
    assert_int_equal(pace_wait_ms(&pace, START_MS), 0);
    pace_sent(&pace, START_MS);
    pace_refused(&pace, START_MS);
    pace_slow_down(&pace, START_MS);
    assert_int_equal(pace_wait_ms(&pace, START_MS), 0);
    assert_false(pace_is_binding(&pace));
}

/* A little less than what came through, but never less than half of what it was. */
static void test_down(void **state)
{
    struct pace pace = {0};
    int64_t now_ms = START_MS;

    (void)state;
    assert_in_range(second(&pace, &now_ms, 100), 97000, 99000);
    assert_true(pace_wait_ms(&pace, now_ms) > 0);
    assert_true(pace_is_binding(&pace));
    assert_in_range(second(&pace, &now_ms, 80), 77000, 79500);
    assert_in_range(second(&pace, &now_ms, 0), 38500, 39750);
    assert_in_range(second(&pace, &now_ms, 0), 19250, 19900);
    /* What comes through does not make it more. */
    assert_in_range(second(&pace, &now_ms, 100), 18800, 19600);
    while (second(&pace, &now_ms, 0) > 1000)
        continue;
    assert_int_equal(second(&pace, &now_ms, 0), 1000);
}

static void test_up(void **state)
{
    struct pace pace = {0};
    int64_t now_ms = START_MS, rate, before;

    (void)state;
    rate = second(&pace, &now_ms, 100);
    /* Not by itself. */
    assert_int_equal(seconds(&pace, &now_ms, 20, false), rate);
    /* First by 1/64, then faster and faster. */
    before = seconds(&pace, &now_ms, 1, true);
    assert_in_range(before - rate, 1500, 1600);
    assert_in_range(seconds(&pace, &now_ms, 1, true) - before, 3000, 3200);
    assert_true(seconds(&pace, &now_ms, 8, true) > 10 * rate);
}

/* After an outage most of the way is made at once. */
static void test_way_back(void **state)
{
    struct pace pace = {0};
    int64_t now_ms = START_MS, rate;

    (void)state;
    rate = second(&pace, &now_ms, 100);
    second(&pace, &now_ms, 0);
    second(&pace, &now_ms, 0);
    assert_in_range(pace.bucket.rate, rate / 4 - 1, rate / 4 + 1);
    assert_in_range(seconds(&pace, &now_ms, 1, true), rate * 5 / 8 - 2, rate * 5 / 8 + 2);
    assert_in_range(seconds(&pace, &now_ms, 4, true), rate * 97 / 100, rate);
}

static void test_guess(void **state)
{
    struct pace pace = {0};
    int64_t now_ms = START_MS;

    (void)state;
    pace_guess(&pace, 8 * RATE_LIMIT_UNIT, now_ms);
    assert_in_range(seconds(&pace, &now_ms, 1, true), 15900, 16000);
    assert_in_range(seconds(&pace, &now_ms, 3, true), 127000, 128000);
    /* What is known is not guessed. */
    pace_guess(&pace, 8 * RATE_LIMIT_UNIT, now_ms);
    assert_true(pace.bucket.rate > 100000);
}

static void test_refused(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_start(&pace, START_MS);
    assert_false(pace_is_refused(&pace, 0, START_MS));
    pace_refused(&pace, START_MS);
    assert_true(pace_is_refused(&pace, 0, START_MS));
    assert_false(pace_is_refused(&pace, 1, START_MS));
    pace_answered(&pace, START_MS + 500);
    assert_false(pace_is_refused(&pace, 0, START_MS + 500));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_down),
        cmocka_unit_test(test_up),
        cmocka_unit_test(test_way_back),
        cmocka_unit_test(test_guess),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
