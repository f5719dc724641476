#include "http/meter.h"

#include "base/attributes.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { START_MS = 5000017 };

/* An event every so often: the rate is right from the start, and stays so. */
static void test_rate(void **state)
{
    static const int64_t every_ms[] = {1, 3, 10, 100, 250};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(every_ms); i++) {
        struct meter meter;
        int64_t right = 1000 * 1000 / every_ms[i], ms;

        meter_start(&meter, START_MS);
        for (ms = 1; ms < 10 * 1000; ms++) {
            if (ms % every_ms[i] == 0)
                meter_add(&meter, START_MS + ms);
            if (ms < every_ms[i] * 20)
                continue;
            assert_in_range(meter_rate(&meter, START_MS + ms), right - right / 15 - 1200,
                            right + right / 15 + 1200);
        }
    }
}

static void test_forgets(void **state)
{
    struct meter meter;
    int i;

    (void)state;
    meter_start(&meter, START_MS);
    assert_int_equal(meter_rate(&meter, START_MS), 0);
    for (i = 0; i < 10; i++)
        meter_add(&meter, START_MS);
    assert_int_equal(meter_count(&meter, START_MS + 900), 10);
    assert_int_equal(meter_count(&meter, START_MS + 1000), 0);
    meter_add(&meter, START_MS + 100 * 1000);
    assert_int_equal(meter_count(&meter, START_MS + 100 * 1000), 1);
    /* Seen from long after, and from before. */
    assert_int_equal(meter_rate(&meter, INT64_MAX / 2), 0);
    meter_start(&meter, START_MS);
    assert_int_equal(meter_count(&meter, START_MS), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
