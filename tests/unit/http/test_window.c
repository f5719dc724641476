#include "http/window.h"

#include "base/attributes.h"
#include "base/random.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { LIMIT = 100, USUAL_US = 30 * 1000 };

/* A window whose requests all take one round trip. */
struct trip {
    struct window window;
    int64_t now_ms;
    uint64_t numbers[LIMIT];
    unsigned count;
};

static void fill(struct trip *trip, unsigned most)
{
    trip->count = 0;
    while (trip->count < most && window_is_open(&trip->window))
        trip->numbers[trip->count++] = window_sent(&trip->window);
}

static void answer(struct trip *trip, int64_t latency_us)
{
    unsigned i;

    trip->now_ms += latency_us / 1000;
    for (i = 0; i < trip->count; i++)
        window_answered(&trip->window, trip->numbers[i], 0, latency_us, trip->now_ms);
}

static unsigned go(struct trip *trip, unsigned times, int64_t latency_us)
{
    while (times-- > 0) {
        fill(trip, LIMIT);
        answer(trip, latency_us);
    }
    return trip->window.size;
}

/* One request is refused, the others are answered. */
static void refuse(struct trip *trip, bool paced)
{
    fill(trip, LIMIT);
    assert_true(window_refused(&trip->window, trip->numbers[--trip->count], paced));
    answer(trip, USUAL_US);
}

static void test_slow_start(void **state)
{
    static const struct {
        unsigned limit, sizes[4]; /* at first, and after each round trip */
    } cases[] = {
        {1, {1, 1, 1, 1}},
        {10, {10, 10, 10, 10}},
        {32, {16, 32, 32, 32}},
        {100, {16, 32, 64, 100}},
    };
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct trip trip = {.now_ms = 1000};

        window_init(&trip.window, cases[i].limit);
        for (k = 0; k < COUNT_OF(cases[i].sizes); k++) {
            assert_int_equal(trip.window.size, cases[i].sizes[k]);
            go(&trip, 1, USUAL_US);
        }
    }
}

/* A window that is not filled does not grow. */
static void test_unused(void **state)
{
    struct trip trip = {0};
    int i;

    (void)state;
    window_init(&trip.window, LIMIT);
    for (i = 0; i < 100; i++) {
        fill(&trip, WINDOW_FIRST - 1);
        answer(&trip, USUAL_US);
    }
    assert_int_equal(trip.window.size, WINDOW_FIRST);
}

/* However many of a round trip's requests are refused, the window is halved once. */
static void test_once_a_round_trip(void **state)
{
    struct trip trip = {0};
    unsigned i, halved = 0;

    (void)state;
    window_init(&trip.window, 64);
    assert_int_equal(go(&trip, 5, USUAL_US), 64);
    fill(&trip, LIMIT);
    for (i = 0; i < trip.count; i++)
        halved += window_refused(&trip.window, trip.numbers[i], false);
    assert_int_equal(halved, 1);
    assert_int_equal(trip.window.size, 32);
    assert_int_equal(trip.window.in_flight, 0);
    /* The next round trip counts again, down to 1 and no further. */
    for (i = 16; i > 0; i /= 2) {
        fill(&trip, LIMIT);
        assert_int_equal(trip.count, 2 * i);
        while (trip.count > 0)
            window_refused(&trip.window, trip.numbers[--trip.count], false);
        assert_int_equal(trip.window.size, i);
    }
    fill(&trip, LIMIT);
    assert_true(window_refused(&trip.window, trip.numbers[0], false));
    assert_int_equal(trip.window.size, 1);
}

/* Halfway to what was refused each round trip, a long stay just below it, then one by one. */
static void test_way_back(void **state)
{
    static const unsigned back[] = {48, 56, 60, 62, 63};
    struct trip trip = {0};
    size_t i;

    (void)state;
    window_init(&trip.window, LIMIT);
    go(&trip, 2, USUAL_US);
    assert_int_equal(trip.window.size, 64);
    refuse(&trip, false);
    assert_int_equal(trip.window.size, 32);
    for (i = 0; i < COUNT_OF(back); i++)
        assert_int_equal(go(&trip, 1, USUAL_US), back[i]);
    assert_int_equal(go(&trip, WINDOW_PATIENCE, USUAL_US), 63);
    assert_int_equal(go(&trip, 1, USUAL_US), 64);
    assert_int_equal(go(&trip, 10, USUAL_US), 74);
    /* Where a rate was the limit there is no stay. */
    refuse(&trip, true);
    assert_int_equal(trip.window.size, 37);
    assert_int_equal(go(&trip, 7, USUAL_US), 74);
}

static void test_latency(void **state)
{
    static const struct {
        int64_t latency_us; /* after USUAL_US */
        unsigned least, most;
    } cases[] = {
        {USUAL_US, LIMIT, LIMIT},
        {USUAL_US * 2, LIMIT, LIMIT}, /* within tolerance */
        {USUAL_US * 3, 15, 20},       /* 7/9 of itself and 4 until it is 4.5 * 4 */
        {USUAL_US * 10, 8, 8},        /* no smaller for latency alone */
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct trip trip = {0};
        unsigned size;

        window_init(&trip.window, LIMIT);
        assert_int_equal(go(&trip, 10, USUAL_US), LIMIT);
        size = go(&trip, 40, cases[i].latency_us);
        assert_in_range(size, cases[i].least, cases[i].most);
        /* It comes back with the latency. */
        assert_int_equal(go(&trip, 150, USUAL_US), LIMIT);
    }
}

/* After half a minute the new latency is the usual one. */
static void test_latency_is_forgotten(void **state)
{
    struct trip trip = {0};

    (void)state;
    window_init(&trip.window, LIMIT);
    go(&trip, 10, USUAL_US);
    assert_true(go(&trip, 40, USUAL_US * 4) < 20);
    assert_int_equal(go(&trip, 500, USUAL_US * 4), LIMIT);
}

/* Latencies of 20 to 60 ms in no order, and now and then half a second. */
static void test_jitter(void **state)
{
    struct trip trip = {0};
    struct random_state random;
    unsigned round, i;

    (void)state;
    random_seed(&random, 1);
    window_init(&trip.window, LIMIT);
    for (round = 0; round < 2000; round++) {
        fill(&trip, LIMIT);
        trip.now_ms += 60;
        for (i = 0; i < trip.count; i++)
            window_answered(&trip.window, trip.numbers[i], 0,
                            random_below(&random, 200) == 0
                                ? 500 * 1000
                                : 20 * 1000 + (int64_t)random_below(&random, 40 * 1000),
                            trip.now_ms);
        if (round > 10)
            assert_int_equal(trip.window.size, LIMIT);
    }
}

/* Other requests that take longer are not a latency that rises. */
static void test_kinds(void **state)
{
    struct trip trip = {0};
    unsigned round, i;

    (void)state;
    window_init(&trip.window, LIMIT);
    go(&trip, 10, USUAL_US);
    for (round = 0; round < 50; round++) {
        fill(&trip, LIMIT);
        for (i = 0; i < trip.count; i++)
            window_answered(&trip.window, trip.numbers[i], 1 + i % 2, USUAL_US * 20, round);
    }
    assert_int_equal(trip.window.size, LIMIT);
}

static void test_lost(void **state)
{
    struct trip trip = {0};

    (void)state;
    window_init(&trip.window, 2);
    fill(&trip, LIMIT);
    assert_false(window_is_open(&trip.window));
    window_lost(&trip.window);
    assert_true(window_is_open(&trip.window));
    assert_int_equal(trip.window.size, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_start),
        cmocka_unit_test(test_unused),
        cmocka_unit_test(test_once_a_round_trip),
        cmocka_unit_test(test_way_back),
        cmocka_unit_test(test_latency),
        cmocka_unit_test(test_latency_is_forgotten),
        cmocka_unit_test(test_jitter),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
