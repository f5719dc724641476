/* The end that an engine is given: what is sent after it, and what becomes of the rest. */
#include "http/http_engine.h"

#include "base/str.h"
#include "engine_result.h"
#include "server_thread.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { NEVER_MS = 100 * 1000 };

struct fixture {
    struct server_thread running;
    char base[64];
    atomic_uint requests;
};

/* /soon answers after a moment, /late hardly ever, /fail with 503, everything else at once. */
static void handle(void *context, const struct http_server_request *request,
                   struct http_server_answer *answer)
{
    struct fixture *fixture = context;

    atomic_fetch_add(&fixture->requests, 1);
    if (str_equal(request->path, "/soon"))
        answer->delay_ms = 600;
    else if (str_equal(request->path, "/late"))
        answer->delay_ms = NEVER_MS;
    else if (str_equal(request->path, "/fail"))
        answer->status = 503;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    struct http_server_config config = {.handler = handle, .context = &fixture};

    forget_proxies(state);
    atomic_init(&fixture.requests, 0);
    snprintf(fixture.base, sizeof(fixture.base), "http://127.0.0.1:%u",
             (unsigned)server_thread_start(&fixture.running, &config));
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    server_thread_free(&fixture->running);
    return 0;
}

static void end_in(struct http_engine *engine, int64_t ms)
{
    http_engine_end_at(engine, clock_monotonic(&clock_system) + ms);
}

static void submit(const struct fixture *fixture, struct http_engine *engine, const char *path,
                   struct http_request request, struct result *result)
{
    char url[128];

    snprintf(url, sizeof(url), "%s%s", fixture->base, path);
    request.url = url;
    memset(result, 0, sizeof(*result));
    http_engine_submit(engine, &request, result_keep, result);
}

static void check_over(const struct result *result, unsigned attempts, const char *error)
{
    assert_int_equal(result->calls, 1);
    assert_int_equal(result->response.fault, HTTP_FAULT_OVER);
    assert_int_equal(result->response.attempts, attempts);
    assert_string_equal(result->error, error);
}

static void test_over(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){0});
    struct result read, write, later, urgent;

    assert_false(http_engine_is_over(engine));
    end_in(engine, 0);
    assert_true(http_engine_is_over(engine));
    submit(fixture, engine, "/", (struct http_request){.method = HTTP_GET}, &read);
    submit(fixture, engine, "/", (struct http_request){.method = HTTP_POST}, &write);
    submit(fixture, engine, "/", (struct http_request){.method = HTTP_POST, .delay_ms = NEVER_MS},
           &later);
    submit(fixture, engine, "/", (struct http_request){.method = HTTP_POST, .urgent = true},
           &urgent);
    http_engine_run(engine);
    check_over(&read, 0, "the time for the whole run is over: nothing was sent");
    check_over(&write, 0, "the time for the whole run is over: nothing was sent");
    check_over(&later, 0, "the time for the whole run is over: nothing was sent");
    assert_int_equal(urgent.response.status, 200);
    assert_int_equal(atomic_load(&fixture->requests), 1);
    /* It can be taken back. */
    http_engine_end_at(engine, 0);
    assert_false(http_engine_is_over(engine));
    submit(fixture, engine, "/", (struct http_request){.method = HTTP_GET}, &read);
    http_engine_run(engine);
    assert_int_equal(read.response.status, 200);
    http_engine_free(engine);
}

static void test_in_flight(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.parallelism = 3});
    struct result write, read, notice, queued, later;

    end_in(engine, 300);
    submit(fixture, engine, "/soon", (struct http_request){.method = HTTP_POST}, &write);
    submit(fixture, engine, "/late", (struct http_request){.method = HTTP_GET}, &read);
    submit(fixture, engine, "/late",
           (struct http_request){.method = HTTP_POST, .json = "{}", .repeatable = true}, &notice);
    submit(fixture, engine, "/", (struct http_request){.method = HTTP_POST}, &queued);
    submit(fixture, engine, "/", (struct http_request){.method = HTTP_POST, .delay_ms = NEVER_MS},
           &later);
    http_engine_run(engine);
    assert_int_equal(write.response.status, 200);
    check_over(&read, 1, "the time for the whole run is over: the answer was not waited for");
    check_over(&notice, 1, "the time for the whole run is over: the answer was not waited for");
    check_over(&queued, 0, "the time for the whole run is over: nothing was sent");
    check_over(&later, 0, "the time for the whole run is over: nothing was sent");
    http_engine_free(engine);
}

/* An end that is set while a read is in flight ends that, too. */
static void end_now(void *context)
{
    http_engine_end_at(context, clock_monotonic(&clock_system));
}

static void test_set_in_flight(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.parallelism = 2});
    struct result read, write;

    submit(fixture, engine, "/late", (struct http_request){.method = HTTP_GET}, &read);
    submit(fixture, engine, "/soon", (struct http_request){.method = HTTP_POST}, &write);
    http_engine_watch(engine, end_now, engine);
    http_engine_run(engine);
    check_over(&read, 1, "the time for the whole run is over: the answer was not waited for");
    assert_int_equal(write.response.status, 200);
    http_engine_free(engine);
}

/* What would be tried again after the end keeps the answer that it got. */
static void test_no_retry(void **state)
{
    static const struct retry_policy slow = {.max_attempts = 9,
                                             .base_delay_ms = NEVER_MS * 1000,
                                             .max_delay_ms = NEVER_MS * 1000,
                                             .max_elapsed_ms = NEVER_MS * 1000};
    struct fixture *fixture = *state;
    struct http_engine *engine =
        engine_new(&(struct http_engine_config){.retry = &slow, .seed = 1});
    struct result read;

    end_in(engine, 20 * 1000);
    submit(fixture, engine, "/fail", (struct http_request){.method = HTTP_GET}, &read);
    http_engine_run(engine);
    assert_int_equal(read.response.fault, HTTP_FAULT_NONE);
    assert_int_equal(read.response.status, 503);
    assert_int_equal(read.response.attempts, 1);
    http_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_in_flight, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_set_in_flight, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_retry, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
