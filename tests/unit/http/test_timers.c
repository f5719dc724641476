#include "http/timers.h"

#include "base/attributes.h"
#include "base/random.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static void test_empty(void **state)
{
    struct timers timers = {0};

    (void)state;
    assert_null(timers_take_due(&timers, INT64_MAX));
    assert_int_equal(timers_wait_ms(&timers, 0), -1);
    timers_release(&timers);
    timers_release(&timers);
}

static void test_due(void **state)
{
    struct timers timers = {0};
    int early, late;

    (void)state;
    timers_add(&timers, 200, &late);
    timers_add(&timers, 100, &early);
    assert_int_equal(timers_wait_ms(&timers, 40), 60);
    assert_null(timers_take_due(&timers, 99));
    assert_int_equal(timers_wait_ms(&timers, 150), 0);
    assert_ptr_equal(timers_take_due(&timers, 150), &early);
    assert_null(timers_take_due(&timers, 150));
    assert_int_equal(timers_wait_ms(&timers, 150), 50);
    assert_ptr_equal(timers_take_due(&timers, 200), &late);
    assert_int_equal(timers_wait_ms(&timers, 200), -1);
    timers_release(&timers);
}

/* Many in any order come out by time, those of one time as they went in. */
static void test_order(void **state)
{
    struct item {
        int64_t due_ms;
        size_t index;
    } items[2000];
    struct timers timers = {0};
    struct random_state random;
    const struct item *before = NULL, *item;
    size_t i, taken = 0;

    (void)state;
    random_seed(&random, 1);
    for (i = 0; i < COUNT_OF(items); i++) {
        items[i].due_ms = (int64_t)random_below(&random, 300);
        items[i].index = i;
        timers_add(&timers, items[i].due_ms, &items[i]);
    }
    while ((item = timers_take_due(&timers, INT64_MAX)) != NULL) {
        if (before != NULL) {
            assert_true(before->due_ms <= item->due_ms);
            assert_true(before->due_ms < item->due_ms || before->index < item->index);
        }
        before = item;
        taken++;
    }
    assert_int_equal(taken, COUNT_OF(items));
    timers_release(&timers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
