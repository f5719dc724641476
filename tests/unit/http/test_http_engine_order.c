#include "http/http_engine.h"

#include "base/str.h"
#include "engine_result.h"
#include "server_thread.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

/* A server that numbers its requests, and an engine that sends one at a time. */
struct fixture {
    struct server_thread running;
    char url[64];
    unsigned requests;
    struct http_engine *engine;
};

static void handle(void *context, const struct http_server_request *request,
                   struct http_server_answer *answer)
{
    struct fixture *fixture = context;

    (void)request;
    buf_printf(&answer->body, "request %u", ++fixture->requests);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    struct http_server_config config = {.handler = handle, .context = &fixture};

    fixture.requests = 0;
    snprintf(fixture.url, sizeof(fixture.url), "http://127.0.0.1:%u/",
             server_thread_start(&fixture.running, &config));
    fixture.engine = engine_new(&(struct http_engine_config){.parallelism = 1});
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    http_engine_free(fixture->engine);
    server_thread_free(&fixture->running);
    return 0;
}

static void submit(struct fixture *fixture, bool urgent, http_callback *callback, void *context)
{
    struct http_request request = {.method = HTTP_POST, .url = fixture->url, .urgent = urgent};
    http_engine_submit(fixture->engine, &request, callback, context);
}

/* In the order of their submission, but for urgent ones, which go before the queue. */
static const struct {
    const char *urgent; /* a letter a request: '!' is urgent */
    const char *order;  /* which place each of them gets */
} cases[] = {
    {"-----", "12345"},
    {"-!-!-", "31425"},
    {"!!!", "123"},
    {"---!", "2341"},
};

static void test_order(void **state)
{
    struct fixture *fixture = *state;
    size_t i, k;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct result results[5] = {{0}};
        char wanted[] = "request N";
        fixture->requests = 0;
        for (k = 0; cases[i].urgent[k] != '\0'; k++)
            submit(fixture, cases[i].urgent[k] == '!', result_keep, &results[k]);
        http_engine_run(fixture->engine);
        for (k = 0; cases[i].urgent[k] != '\0'; k++) {
            wanted[sizeof(wanted) - 2] = cases[i].order[k];
            assert_string_equal(results[k].body, wanted);
        }
    }
}

struct first_half {
    struct fixture *fixture;
    struct result second;
};

static void submit_second_half(void *context, const struct http_response *response)
{
    struct first_half *first = context;

    assert_string_equal(response->body, "request 1");
    submit(first->fixture, true, result_keep, &first->second);
}

/* A request whose answer asks for another one at once. */
static void test_urgent_from_a_callback(void **state)
{
    enum { QUEUED = 300 };
    struct fixture *fixture = *state;
    struct first_half first = {.fixture = fixture};
    struct result first_queued = {0}, queued = {0};
    size_t i;

    submit(fixture, false, submit_second_half, &first);
    submit(fixture, false, result_keep, &first_queued);
    for (i = 1; i < QUEUED; i++)
        submit(fixture, false, result_keep, &queued);
    http_engine_run(fixture->engine);
    assert_string_equal(first.second.body, "request 2");
    assert_string_equal(first_queued.body, "request 3");
    assert_int_equal(queued.calls, QUEUED - 1);
    assert_string_equal(queued.body, "request 302");
}

/* Of what a client that only reads is asked for, nothing but reads is sent. */
static void test_read_only(void **state)
{
    static const struct {
        enum http_method method;
        bool repeatable, urgent, sent;
    } asked[] = {
        {HTTP_GET, false, false, true},   {HTTP_POST, false, false, false},
        {HTTP_POST, true, false, false},  {HTTP_POST, false, true, false},
        {HTTP_DELETE, true, true, false}, {HTTP_GET, false, true, true},
    };
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.read_only = true});
    size_t i;

    for (i = 0; i < COUNT_OF(asked); i++) {
        const unsigned before = fixture->requests;
        struct result result = {0};
        const struct http_request request = {.method = asked[i].method,
                                             .url = fixture->url,
                                             .repeatable = asked[i].repeatable,
                                             .urgent = asked[i].urgent};
        http_engine_submit(engine, &request, result_keep, &result);
        http_engine_run(engine);
        assert_int_equal(result.calls, 1);
        assert_int_equal(fixture->requests - before, asked[i].sent);
        assert_int_equal(result.response.fault,
                         asked[i].sent ? HTTP_FAULT_NONE : HTTP_FAULT_PROTOCOL);
        if (!asked[i].sent)
            assert_string_equal(result.error, "the request was not sent: this run only reads");
    }
    assert_int_equal(http_engine_stats(engine)->attempts, 2);
    assert_int_equal(http_engine_stats(engine)->answers, 2);
    assert_true(http_engine_stats(engine)->answers_us > 0);
    http_engine_free(engine);
}

#define SERVED_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED_TEST(test_order),
        SERVED_TEST(test_urgent_from_a_callback),
        SERVED_TEST(test_read_only),
    };
    return cmocka_run_group_tests(tests, forget_proxies, NULL);
}
