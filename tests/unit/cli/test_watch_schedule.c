#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "cli/watch_schedule.h"

static const struct {
    int64_t interval_ms;
    unsigned failures;
    uint64_t chance;
    int64_t wait_ms;
} cases[] = {
    /* 1000 of 2001 is the middle, and the ends are a tenth away. */
    {300000, 0, 1000, 300000},
    {300000, 0, 0, 270000},
    {300000, 0, 2000, 330000},
    {300000, 0, 2001, 270000},
    {300000, 1, 1000, 10000},
    {300000, 2, 1000, 20000},
    {300000, 3, 1000, 40000},
    {300000, 5, 1000, 160000},
    {300000, 6, 1000, 300000},
    {300000, 4000000000, 1000, 300000},
    {300000, 1, 2000, 11000},
    {50, 0, 1000, 50},
    {50, 0, 0, 45},
    {50, 7, 1000, 50},
    {86400000, 30, 1000, 86400000},
};

static void test_wait(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(
            watch_schedule_wait_ms(cases[i].interval_ms, cases[i].failures, cases[i].chance),
            cases[i].wait_ms);
}

static const struct {
    int64_t wait_ms, opens_ms, wall_ms;
    bool sooner;
    int64_t becomes_ms;
} window_cases[] = {
    {300000, 0, 1000000, false, 300000},
    {300000, 1300000, 1000000, false, 300000},
    {300000, 1299999, 1000000, true, 299999},
    {300000, 1000001, 1000000, true, 1},
    /* It has opened while the run went on. */
    {300000, 999999, 1000000, true, 0},
};

static void test_window(void **state)
{
    size_t i;
    (void)state;

    for (i = 0; i < COUNT_OF(window_cases); i++) {
        int64_t wait_ms = window_cases[i].wait_ms;
        assert_int_equal(
            watch_schedule_window(&wait_ms, window_cases[i].opens_ms, window_cases[i].wall_ms),
            window_cases[i].sooner);
        assert_int_equal(wait_ms, window_cases[i].becomes_ms);
    }
}

static void test_fresh(void **state)
{
    (void)state;
    assert_int_equal(watch_schedule_fresh_ms(300000), 900000);
    assert_int_equal(watch_schedule_fresh_ms(50), 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wait),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
