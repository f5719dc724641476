#include "http/http_engine.h"

#include "base/str.h"
#include "engine_result.h"
#include "server_thread.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { MOST = 4000, SLOW_MS = 20 };

/* A server that notes when requests come, and refuses some. Only its thread writes. */
struct fixture {
    struct server_thread running;
    char url[64];
    unsigned latency_ms;
    unsigned allowed;        /* in flight; more are refused; 0: any */
    unsigned refused_first;  /* so many are refused, whatever else */
    int status;              /* of refusals */
    const char *retry_after; /* with refusals; NULL: none */
    int64_t came_ms[MOST];
    char paths[MOST];      /* the last letter of each */
    int64_t ends_ms[MOST]; /* of those that were not refused */
    atomic_uint count;
    unsigned ends, overlap;
};

static int64_t now(void)
{
    return clock_monotonic(&clock_system);
}

static unsigned count_open(const struct fixture *fixture, int64_t now_ms)
{
    unsigned count = 0, i;

    for (i = fixture->ends; i > 0 && fixture->ends_ms[i - 1] > now_ms; i--)
        count++;
    return count;
}

static void handle(void *context, const struct http_server_request *request,
                   struct http_server_answer *answer)
{
    struct fixture *fixture = context;
    unsigned count = atomic_load(&fixture->count), open = count_open(fixture, now());

    if (count == MOST)
        abort();
    fixture->came_ms[count] = now();
    fixture->paths[count] = request->path[strlen(request->path) - 1];
    if (open > fixture->overlap)
        fixture->overlap = open;
    answer->delay_ms = fixture->latency_ms;
    if (count < fixture->refused_first || (fixture->allowed != 0 && open >= fixture->allowed)) {
        answer->status = fixture->status;
        if (fixture->retry_after != NULL)
            http_server_answer_header(answer, "Retry-After", fixture->retry_after);
    } else {
        fixture->ends_ms[fixture->ends++] = now() + fixture->latency_ms;
    }
    atomic_store(&fixture->count, count + 1);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    struct http_server_config config = {.handler = handle, .context = &fixture};

    memset(&fixture, 0, sizeof(fixture));
    fixture.status = 429;
    snprintf(fixture.url, sizeof(fixture.url), "http://127.0.0.1:%u",
             server_thread_start(&fixture.running, &config));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    server_thread_free(&fixture->running);
    return 0;
}

static void submit(struct fixture *fixture, struct http_engine *engine, char letter, bool urgent,
                   http_callback *callback, void *context)
{
    char url[128];
    struct http_request request = {.method = HTTP_POST, .url = url, .urgent = urgent};

    snprintf(url, sizeof(url), "%s/%c", fixture->url, letter);
    http_engine_submit(engine, &request, callback, context);
}

static void count_good(void *context, const struct http_response *response)
{
    unsigned *good = context;
    *good += response->status == 200;
}

static void run(struct fixture *fixture, struct http_engine *engine, unsigned count)
{
    unsigned good = 0, i;

    for (i = 0; i < count; i++)
        submit(fixture, engine, 'x', false, count_good, &good);
    http_engine_run(engine);
    assert_int_equal(good, count);
}

/* Most requests that came within so many milliseconds, from request `first` on. */
static unsigned most_within(const struct fixture *fixture, unsigned first, int64_t ms)
{
    unsigned count = atomic_load(&fixture->count), most = 0, i, k;

    for (i = k = first; i < count; i++) {
        while (fixture->came_ms[i] - fixture->came_ms[k] >= ms)
            k++;
        if (i - k + 1 > most)
            most = i - k + 1;
    }
    return most;
}

static unsigned window_of(const struct http_engine *engine)
{
    struct http_engine_pulse pulse;

    http_engine_pulse(engine, &pulse);
    assert_int_equal(pulse.in_flight, 0);
    return pulse.window;
}

static void test_halved(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.parallelism = 32});
    struct result result = {0};

    assert_int_equal(window_of(engine), 16);
    fixture->refused_first = 1;
    run(fixture, engine, 1);
    assert_int_equal(window_of(engine), 8);
    /* Not by other answers. */
    fixture->refused_first = 3;
    fixture->status = 404;
    submit(fixture, engine, 'x', false, result_keep, &result);
    http_engine_run(engine);
    assert_int_equal(result.response.status, 404);
    assert_int_equal(window_of(engine), 8);
    assert_int_equal(http_engine_stats(engine)->throttled, 1);
    http_engine_free(engine);
}

/* The window finds out how many may be in flight, and keeps them that many. */
static void test_allowed_in_flight(void **state)
{
    enum { ALLOWED = 10, COUNT = 1500 };
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.parallelism = 64});
    int64_t start_ms = now();

    fixture->latency_ms = SLOW_MS;
    fixture->allowed = ALLOWED;
    run(fixture, engine, COUNT);
    assert_in_range(window_of(engine), ALLOWED / 2 - 1, ALLOWED + 2);
    assert_true(http_engine_stats(engine)->throttled > 0);
    assert_true(http_engine_stats(engine)->throttled < COUNT / 20);
    assert_in_range(http_engine_stats(engine)->in_flight_peak, 16, 32);
    /* A third of the possible speed, on a busy machine, too. */
    assert_true(now() - start_ms < 3 * SLOW_MS * COUNT / ALLOWED);
    http_engine_free(engine);
}

/* As many as the parallelism allows when nothing is refused, and never more. */
static void test_grows(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.parallelism = 50});

    fixture->latency_ms = SLOW_MS;
    run(fixture, engine, 1000);
    assert_int_equal(http_engine_stats(engine)->in_flight_peak, 50);
    assert_true(fixture->overlap <= 50);
    http_engine_free(engine);
}

static void test_rate(void **state)
{
    enum { RATE = 100, BURST = 6, COUNT = 120 };
    struct fixture *fixture = *state;
    struct http_engine *engine =
        engine_new(&(struct http_engine_config){.parallelism = 32, .rate = RATE});
    int64_t start_ms = now(), took_ms;

    run(fixture, engine, COUNT);
    took_ms = now() - start_ms;
    assert_true(took_ms >= (COUNT - BURST) * 1000 / RATE - 5);
    assert_true(took_ms < 2 * COUNT * 1000 / RATE);
    /* What came late bunches up with what comes next; hence twice the burst. */
    assert_true(most_within(fixture, 0, 100) <= 10 + 2 * BURST);
    assert_true(most_within(fixture, 0, 500) <= 50 + 2 * BURST);
    http_engine_free(engine);
}

/* A pause is kept by all, and what waited for its end does not come all at once. */
static void test_pause(void **state)
{
    enum { FIRST = 16, COUNT = 30 };
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.parallelism = 32});

    fixture->refused_first = FIRST;
    fixture->retry_after = "1";
    run(fixture, engine, COUNT);
    assert_int_equal(atomic_load(&fixture->count), FIRST + COUNT);
    assert_true(fixture->came_ms[FIRST] - fixture->came_ms[FIRST - 1] >= 900);
    assert_true(most_within(fixture, FIRST, 100) <= 10);
    http_engine_free(engine);
}

struct halves {
    struct fixture *fixture;
    struct http_engine *engine;
    unsigned good;
};

static void submit_urgent(void *context, const struct http_response *response)
{
    struct halves *halves = context;

    assert_int_equal(response->status, 200);
    submit(halves->fixture, halves->engine, 'u', true, count_good, &halves->good);
}

/* Urgent requests go first, before retries too, and wait for the rate like others. */
static void test_urgent(void **state)
{
    /* The first jitter of this seed is near its upper bound. */
    enum { RATE = 20, QUEUED = 6, SEED = 44 };
    static const struct retry_policy soon = {
        .max_attempts = 3, .base_delay_ms = 20, .max_delay_ms = 20, .max_elapsed_ms = 60000};
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(
        &(struct http_engine_config){.parallelism = 1, .rate = RATE, .retry = &soon, .seed = SEED});
    struct halves halves = {.fixture = fixture, .engine = engine};
    unsigned i;

    /* The first is refused and comes back while the second, which asks for the third, is here. */
    fixture->refused_first = 1;
    fixture->latency_ms = 40;
    submit(fixture, engine, 'r', false, count_good, &halves.good);
    submit(fixture, engine, 'f', false, submit_urgent, &halves);
    for (i = 0; i < QUEUED; i++)
        submit(fixture, engine, 'q', false, count_good, &halves.good);
    http_engine_run(engine);
    assert_int_equal(halves.good, QUEUED + 2);
    assert_memory_equal(fixture->paths, "rfurqqqqqq", QUEUED + 4);
    assert_true(fixture->came_ms[QUEUED + 3] - fixture->came_ms[0] >=
                (QUEUED + 1) * 1000 / RATE - 50);
    http_engine_free(engine);
}

struct watched {
    struct http_engine *engine;
    unsigned calls, seen[HTTP_WAIT_RETRIES + 1];
    int64_t longest_ms;
};

static void watch(void *context)
{
    struct watched *watched = context;
    struct http_engine_pulse pulse;

    http_engine_pulse(watched->engine, &pulse);
    watched->calls++;
    watched->seen[pulse.wait]++;
    if (pulse.wait_ms > watched->longest_ms)
        watched->longest_ms = pulse.wait_ms;
}

/* What a watcher sees while requests wait for this and that. */
static void test_watch(void **state)
{
    static const struct retry_policy policy = {
        .max_attempts = 3, .base_delay_ms = 1, .max_delay_ms = 1, .max_elapsed_ms = 60000};
    static const struct {
        unsigned rate, refused_first, count;
        enum http_wait wait;
        int64_t longest_ms;
    } cases[] = {
        {20, 0, 10, HTTP_WAIT_RATE_LIMIT, 0},
        {0, 8, 8, HTTP_WAIT_PAUSE, 1001},
        {0, 0, 10, HTTP_WAIT_NONE, 0},
    };
    struct fixture *fixture = *state;
    size_t i;

    fixture->retry_after = "1";
    fixture->latency_ms = 150;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct watched watched = {0};

        fixture->refused_first = atomic_load(&fixture->count) + cases[i].refused_first;
        watched.engine = engine_new(&(struct http_engine_config){
            .parallelism = 32, .rate = cases[i].rate, .retry = &policy});
        http_engine_watch(watched.engine, watch, &watched);
        run(fixture, watched.engine, cases[i].count);
        assert_true(watched.calls > 0);
        assert_true(watched.seen[cases[i].wait] > 0);
        assert_true(watched.longest_ms <= cases[i].longest_ms);
        http_engine_watch(watched.engine, NULL, NULL);
        watched.calls = 0;
        run(fixture, watched.engine, 1);
        assert_int_equal(watched.calls, 0);
        http_engine_free(watched.engine);
    }
}

#define SERVED_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED_TEST(test_halved), SERVED_TEST(test_allowed_in_flight),
        SERVED_TEST(test_grows),  SERVED_TEST(test_rate),
        SERVED_TEST(test_pause),  SERVED_TEST(test_urgent),
        SERVED_TEST(test_watch),
    };
    return cmocka_run_group_tests(tests, forget_proxies, NULL);
}
