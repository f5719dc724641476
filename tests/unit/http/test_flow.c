#include "http/flow.h"

#include "base/attributes.h"
#include "flow_simulation.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

/* Whole runs: how long they may take, how many requests may be refused. */
static const struct {
    const char *name;
    struct simulated_server server;
    unsigned parallelism, rate;
    size_t count;
    int64_t ideal_ms;  /* as the server allows */
    unsigned percent;  /* of that speed, at least */
    unsigned permille; /* refused, at most */
} cases[] = {
    {"100 a second",
     {.latency_ms = 30, .jitter_ms = 3, .rate = 100, .burst = 10},
     32,
     0,
     5000,
     50000,
     96,
     15},
    {"100 a second, told",
     {.latency_ms = 30, .jitter_ms = 3, .rate = 100, .burst = 10},
     32,
     100,
     5000,
     50000,
     99,
     1},
    {"100 a second, far away",
     {.latency_ms = 200, .jitter_ms = 100, .rate = 100, .burst = 10},
     32,
     0,
     5000,
     50000,
     90,
     15},
    {"1,000 a second",
     {.latency_ms = 20, .jitter_ms = 3, .rate = 1000, .burst = 100},
     32,
     0,
     20000,
     20000,
     95,
     5},
    {"10 a second",
     {.latency_ms = 30, .jitter_ms = 30, .rate = 10, .burst = 1},
     32,
     0,
     500,
     50000,
     80,
     100},
    {"half of what is asked for",
     {.latency_ms = 30, .jitter_ms = 3, .concurrency = 50},
     100,
     0,
     50000,
     50000 * 32 / 50,
     90,
     5},
    {"all of it", {.latency_ms = 30, .concurrency = 100}, 100, 0, 5000, 5000 * 31 / 100, 94, 0},
    {"three in flight",
     {.latency_ms = 30, .jitter_ms = 3, .concurrency = 3},
     32,
     0,
     5000,
     5000 * 32 / 3,
     90,
     20},
    {"20, slow",
     {.latency_ms = 200, .jitter_ms = 200, .concurrency = 20},
     32,
     0,
     5000,
     5000 * 301 / 20,
     90,
     10},
    {"few workers",
     {.latency_ms = 30, .jitter_ms = 3, .workers = 10},
     100,
     0,
     5000,
     5000 * 32 / 10,
     95,
     0},
    /* What is refused by chance lowers no rate: without chance.h each of these ends at 1 a second.
     */
    {"one in ten refused by chance",
     {.latency_ms = 5, .jitter_ms = 3, .chance = 10},
     32,
     0,
     20000,
     20000 / 500 * 1000,
     100,
     130},
    {"one in ten refused by chance, far away",
     {.latency_ms = 200, .jitter_ms = 3, .chance = 10},
     32,
     0,
     5000,
     5000 / 20 * 1000,
     100,
     130},
    {"one in five refused by chance",
     {.latency_ms = 30, .jitter_ms = 3, .chance = 20},
     32,
     0,
     2000,
     2000 / 50 * 1000,
     80,
     300},
    {"one in ten refused by chance, and 100 a second",
     {.latency_ms = 30, .jitter_ms = 3, .rate = 100, .burst = 10, .chance = 10},
     32,
     0,
     5000,
     50000,
     70,
     250},
};

static void test_runs(void **state)
{
    size_t i;
    uint64_t seed;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++)
        for (seed = 1; seed <= 5; seed++) {
            struct simulation simulation;
            int64_t ms;

            simulation_init(&simulation, cases[i].parallelism, cases[i].rate, &cases[i].server,
                            cases[i].count, seed);
            ms = -simulation.now_ms;
            simulation_run(&simulation, cases[i].ideal_ms * 10);
            ms += simulation.now_ms;
            /* By chance a few are refused at each of their six tries. */
            if (simulation.good + simulation.failed != cases[i].count ||
                simulation.failed > (cases[i].server.chance == 0 ? 0 : cases[i].count / 1000) ||
                ms > cases[i].ideal_ms * 100 / cases[i].percent ||
                simulation.refused * 1000 > cases[i].count * cases[i].permille)
                fail_msg("%s: %zu of %zu in %lld ms instead of %lld, %zu refused", cases[i].name,
                         simulation.good, cases[i].count, (long long)ms,
                         (long long)cases[i].ideal_ms, simulation.refused);
            simulation_release(&simulation);
        }
}

/* Once it is found, what 50 in flight carry is used second for second. */
static void test_stays(void **state)
{
    const struct simulated_server server = {.latency_ms = 30, .concurrency = 50};
    struct simulation simulation;
    unsigned second;

    (void)state;
    simulation_init(&simulation, 100, 0, &server, 200 * 1000, 1);
    simulation_run(&simulation, 3000);
    for (second = 0; second < 60; second++) {
        simulation_watch(&simulation);
        simulation_run(&simulation, 1000);
        assert_true(simulation.good >= 50 * 1000 / 32 * 85 / 100);
        assert_true(simulation.smallest >= 24);
    }
    simulation_release(&simulation);
}

/* A burst of refusals halves once, then again each round trip; all is back within seconds. */
static void test_recovers(void **state)
{
    const struct simulated_server server = {.latency_ms = 30};
    struct simulation simulation;

    (void)state;
    simulation_init(&simulation, 64, 0, &server, 1000 * 1000, 1);
    simulation_run(&simulation, 2000);
    assert_int_equal(simulation.flow.window.size, 64);
    simulation.server.concurrency = 1;
    simulation_run(&simulation, 100);
    simulation.server.concurrency = 0;
    assert_true(simulation.flow.window.size < 16);
    simulation_run(&simulation, 5000);
    assert_int_equal(simulation.flow.window.size, 64);
    simulation_watch(&simulation);
    simulation_run(&simulation, 1000);
    assert_true(simulation.good >= 64 * 1000 / 31 * 95 / 100);
    simulation_release(&simulation);
}

/* The server gets slow: fewer are in flight; it gets fast again: as many as before. */
static void test_latency_grows(void **state)
{
    const struct simulated_server server = {.latency_ms = 30, .jitter_ms = 10};
    struct simulation simulation;

    (void)state;
    simulation_init(&simulation, 64, 0, &server, 1000 * 1000, 1);
    simulation_run(&simulation, 3000);
    assert_int_equal(simulation.flow.window.size, 64);
    simulation.server.latency_ms = 300;
    simulation_run(&simulation, 5000);
    assert_in_range(simulation.flow.window.size, 8, 12);
    simulation.server.latency_ms = 30;
    simulation_run(&simulation, 5000);
    assert_int_equal(simulation.flow.window.size, 64);
    simulation_release(&simulation);
}

/*
 * The server refuses everything for a while and asks for pauses: they are kept, and afterwards
 * requests come one by one although hundreds are due at once.
 */
static void test_no_herd(void **state)
{
    const struct simulated_server server = {.latency_ms = 30, .rate = 1000, .burst = 100};
    struct simulation simulation;
    unsigned ms;

    (void)state;
    simulation_init(&simulation, 100, 0, &server, 20 * 1000, 1);
    simulation_run(&simulation, 5000);
    simulation.server.burst = 0;
    simulation_run(&simulation, 1000);
    assert_true(simulation.flow.paused);
    simulation_watch(&simulation);
    for (ms = 0; ms < 5000; ms++) {
        bool paused =
            simulation.flow.paused && simulation.flow.pause_end_ms > simulation.now_ms + 1;
        size_t before = simulation.sent;
        simulation_step(&simulation);
        assert_true(!paused || simulation.sent == before);
    }
    /* A few at the end of each pause. */
    assert_true(simulation.sent < 500);
    simulation.server.burst = 100;
    simulation_watch(&simulation);
    simulation_run(&simulation, 10 * 1000);
    assert_true(simulation.most <= 2);
    assert_true(simulation.good > 300);
    simulation_run(&simulation, 20 * 1000);
    assert_true(simulation.good > 10 * 1000);
    assert_int_equal(simulation.failed, 0);
    simulation_release(&simulation);
}

/* Refused from the very first request on: after the pause they come one by one, too. */
static void test_refused_at_first(void **state)
{
    const struct simulated_server server = {.latency_ms = 30, .rate = 1, .burst = 0};
    struct simulation simulation;

    (void)state;
    simulation_init(&simulation, 32, 0, &server, 1000, 1);
    simulation_run(&simulation, 500);
    assert_true(simulation.flow.paused);
    assert_int_equal(simulation.sent, 16);
    simulation.server = (struct simulated_server){.latency_ms = 30};
    simulation_watch(&simulation);
    simulation_run(&simulation, 10 * 1000);
    assert_int_equal(simulation.good, 1000);
    assert_true(simulation.most <= 16);
    simulation_release(&simulation);
}

static void test_what_is_waited_for(void **state)
{
    struct flow flow;
    int64_t wait_ms, now_ms = 5000;
    unsigned i;

    (void)state;
    flow_init(&flow, 8, 100, now_ms);
    for (i = 0; i < 6; i++) {
        assert_int_equal(flow_next(&flow, now_ms, &wait_ms), FLOW_FREE);
        assert_int_equal(wait_ms, 0);
        assert_int_equal(flow_sent(&flow, now_ms), i);
    }
    assert_int_equal(flow_next(&flow, now_ms, &wait_ms), FLOW_RATE_LIMIT);
    assert_int_equal(wait_ms, 10);
    now_ms += 1000;
    flow_sent(&flow, now_ms);
    flow_sent(&flow, now_ms);
    assert_int_equal(flow_next(&flow, now_ms, &wait_ms), FLOW_WINDOW);
    assert_int_equal(wait_ms, -1);
    for (i = 0; i < 5; i++)
        flow_refused(&flow, i, 2000, now_ms);
    assert_int_equal(flow_next(&flow, now_ms, &wait_ms), FLOW_PAUSE);
    assert_int_equal(wait_ms, 2000);
    assert_int_equal(flow_pause_ms(&flow, now_ms + 500), 1500);
    /* A later end wins; an earlier one does not shorten. */
    flow_refused(&flow, 5, 3000, now_ms);
    flow_refused(&flow, 6, 1000, now_ms);
    assert_int_equal(flow_pause_ms(&flow, now_ms), 3000);
    flow_lost(&flow);
    now_ms += 3000;
    assert_int_equal(flow_pause_ms(&flow, now_ms), 0);
    assert_int_equal(flow_next(&flow, now_ms, &wait_ms), FLOW_PACE);
    assert_true(wait_ms > 0);
    now_ms += wait_ms;
    assert_int_equal(flow_next(&flow, now_ms, &wait_ms), FLOW_FREE);
}

static void test_timed_out(void **state)
{
    struct flow flow;

    (void)state;
    flow_init(&flow, 8, 0, 0);
    flow_timed_out(&flow, flow_sent(&flow, 0));
    assert_int_equal(flow.window.size, 4);
    assert_int_equal(flow.window.in_flight, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_stays),
        cmocka_unit_test(test_recovers),
        cmocka_unit_test(test_latency_grows),
        cmocka_unit_test(test_no_herd),
        cmocka_unit_test(test_refused_at_first),
        cmocka_unit_test(test_what_is_waited_for),
        cmocka_unit_test(test_timed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
