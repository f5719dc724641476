#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/clock.h"

static int64_t read_hand(void *context)
{
    return *(int64_t *)context;
}

static void test_time_moved_by_hand(void **state)
{
    int64_t now = 5;
    const struct clock clock = {read_hand, read_hand, &now};
    (void)state;
    assert_int_equal(clock_monotonic(&clock), 5);
    now = 70;
    assert_int_equal(clock_monotonic(&clock), 70);
    assert_int_equal(clock_wall(&clock), 70);
}

static void test_system_clock(void **state)
{
    int64_t before = clock_monotonic(&clock_system);
    (void)state;
    assert_true(clock_monotonic(&clock_system) >= before);
    /* Milliseconds since 1970: past 2020, before 2100. */
    assert_true(clock_wall(&clock_system) > INT64_C(1577836800000));
    assert_true(clock_wall(&clock_system) < INT64_C(4102444800000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_moved_by_hand),
        cmocka_unit_test(test_system_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
