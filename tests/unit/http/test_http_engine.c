#include "http/http_engine.h"

#include "base/str.h"
#include "engine_result.h"
#include "raw_server.h"
#include "server_thread.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

/* Attempts enough for every test, and waits that are hardly any. */
static const struct retry_policy quick = {
    .max_attempts = 4, .base_delay_ms = 2, .max_delay_ms = 4, .max_elapsed_ms = 60000};

/* A server whose paths say what it answers; /fail/STATUS/N answers STATUS to the first N requests.
 */
struct fixture {
    struct server_thread running;
    char base[64];
    const char *retry_after;
    atomic_uint requests;
    atomic_uint answered; /* counted up by the callbacks of the tests that look at it */
    atomic_uint overlap;  /* most requests that were here and not yet answered */
};

static void add_request_header(struct http_server_answer *answer,
                               const struct http_server_request *request, const char *name)
{
    const char *value = http_server_header(request, name);
    buf_printf(&answer->body, "%s=%s\n", name, value == NULL ? "(none)" : value);
}

static void fail_at_first(struct fixture *fixture, const char *how,
                          struct http_server_answer *answer)
{
    char *slash;
    long status = strtol(how, &slash, 10);
    unsigned long times = *slash == '/' ? strtoul(slash + 1, NULL, 10) : 0;

    if (atomic_load(&fixture->requests) <= times)
        answer->status = (int)status;
    buf_printf(&answer->body, "request %u", atomic_load(&fixture->requests));
}

static void handle(void *context, const struct http_server_request *request,
                   struct http_server_answer *answer)
{
    struct fixture *fixture = context;
    unsigned arrived = atomic_fetch_add(&fixture->requests, 1) + 1;
    unsigned overlap = arrived - atomic_load(&fixture->answered);

    if (overlap > atomic_load(&fixture->overlap))
        atomic_store(&fixture->overlap, overlap);
    answer->content_type = "application/json; charset=utf-8";
    http_server_answer_header(answer, "twilio-request-id", "RQ123");
    if (str_starts_with(request->path, "/fail/")) {
        fail_at_first(fixture, request->path + strlen("/fail/"), answer);
    } else if (str_equal(request->path, "/retry-after")) {
        fail_at_first(fixture, "429/1", answer);
        http_server_answer_header(answer, "Retry-After", fixture->retry_after);
    } else if (str_equal(request->path, "/redirect")) {
        answer->status = 302;
        http_server_answer_header(answer, "Location", "/elsewhere");
    } else if (str_equal(request->path, "/empty")) {
        answer->status = 204;
    } else if (str_equal(request->path, "/slow")) {
        answer->delay_ms = 5;
    } else if (str_equal(request->path, "/cookie")) {
        http_server_answer_header(answer, "Set-Cookie", "crumb=1");
        add_request_header(answer, request, "Cookie");
    } else {
        buf_printf(&answer->body, "%s %s?%s\n%s\n", request->method, request->path, request->query,
                   request->body_size < 100 ? request->body : "(long)");
        add_request_header(answer, request, "Authorization");
        add_request_header(answer, request, "Accept");
        add_request_header(answer, request, "Content-Type");
        add_request_header(answer, request, "Expect");
        add_request_header(answer, request, "User-Agent");
    }
}

static int set_up(void **state)
{
    static struct fixture fixture;
    struct http_server_config config = {
        .handler = handle, .context = &fixture, .max_body = 4 * 1024 * 1024};
    unsigned port;

    atomic_init(&fixture.requests, 0);
    atomic_init(&fixture.answered, 0);
    atomic_init(&fixture.overlap, 0);
    port = server_thread_start(&fixture.running, &config);
    snprintf(fixture.base, sizeof(fixture.base), "http://127.0.0.1:%u", port);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    server_thread_free(&fixture->running);
    return 0;
}

static void submit(struct fixture *fixture, struct http_engine *engine, enum http_method method,
                   const char *path, struct result *result)
{
    char url[256];
    struct http_request request = {.method = method, .url = url};

    snprintf(url, sizeof(url), "%s%s", fixture->base, path);
    memset(result, 0, sizeof(*result));
    http_engine_submit(engine, &request, result_keep, result);
    /* The engine has copied it. */
    memset(url, 'x', sizeof(url));
}

static void assert_answer(const struct result *result, int status, unsigned attempts)
{
    assert_int_equal(result->calls, 1);
    assert_string_equal(result->error, "");
    assert_int_equal(result->response.fault, HTTP_FAULT_NONE);
    assert_int_equal(result->response.status, status);
    assert_int_equal(result->response.attempts, attempts);
}

static void test_get(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){0});
    struct result result;

    submit(fixture, engine, HTTP_GET, "/a%20b?q=%41&r", &result);
    assert_int_equal(result.calls, 0);
    http_engine_run(engine);
    assert_answer(&result, 200, 1);
    assert_string_equal(result.body, "GET /a%20b?q=%41&r\n\nAuthorization=(none)\n"
                                     "Accept=application/json\nContent-Type=(none)\n"
                                     "Expect=(none)\nUser-Agent=roster\n");
    assert_int_equal(result.response.body_size, strlen(result.body));
    assert_string_equal(result.content_type, "application/json; charset=utf-8");
    assert_string_equal(result.request_id, "RQ123");
    http_engine_free(engine);
}

static void test_post(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.user_agent = "test/1"});
    char url[256], user[] = "AC1", password[] = "secret:word", form[] = "A=%2B1&B=";
    struct http_request request = {.method = HTTP_POST,
                                   .url = url,
                                   .user = user,
                                   .password = password,
                                   .form = form,
                                   .accept = "text/plain"};
    struct result result = {0};

    snprintf(url, sizeof(url), "%s/post", fixture->base);
    http_engine_submit(engine, &request, result_keep, &result);
    memset(user, 'x', strlen(user));
    memset(password, 'x', strlen(password));
    memset(form, 'x', strlen(form));
    http_engine_run(engine);
    assert_answer(&result, 200, 1);
    assert_string_equal(result.body, "POST /post?\nA=%2B1&B=\n"
                                     "Authorization=Basic QUMxOnNlY3JldDp3b3Jk\n"
                                     "Accept=text/plain\n"
                                     "Content-Type=application/x-www-form-urlencoded\n"
                                     "Expect=(none)\nUser-Agent=test/1\n");
    http_engine_free(engine);
}

/* No waiting for "100 Continue", whatever the size. */
/* A document has its type; one that may come twice is sent again after what a GET would be. */
static void test_post_json(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &quick});
    char url[256], json[] = "{\"a\": 1}";
    struct http_request request = {
        .method = HTTP_POST, .url = url, .json = json, .repeatable = true};
    struct result result = {0};

    snprintf(url, sizeof(url), "%s/hook", fixture->base);
    http_engine_submit(engine, &request, result_keep, &result);
    memset(json, 'x', strlen(json));
    http_engine_run(engine);
    assert_answer(&result, 200, 1);
    assert_non_null(strstr(result.body, "POST /hook?\n{\"a\": 1}\n"));
    assert_non_null(strstr(result.body, "Content-Type=application/json\n"));
    atomic_store(&fixture->requests, 0);
    snprintf(url, sizeof(url), "%s/fail/503/2", fixture->base);
    result = (struct result){0};
    http_engine_submit(engine, &request, result_keep, &result);
    http_engine_run(engine);
    assert_answer(&result, 200, 3);
    http_engine_free(engine);
}

static void test_post_sizes(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){0});
    struct http_request request = {.method = HTTP_POST, .url = fixture->base};
    struct result empty = {0}, large = {0};
    struct buf form;

    buf_init(&form, BUF_LIMIT_DEFAULT);
    buf_add_fill(&form, 'f', 3 * 1024 * 1024);
    http_engine_submit(engine, &request, result_keep, &empty);
    request.form = form.data;
    http_engine_submit(engine, &request, result_keep, &large);
    buf_release(&form);
    http_engine_run(engine);
    assert_answer(&empty, 200, 1);
    assert_non_null(strstr(empty.body, "POST /?\n\n"));
    assert_answer(&large, 200, 1);
    assert_non_null(strstr(large.body, "\n(long)\n"));
    assert_non_null(strstr(large.body, "\nExpect=(none)\n"));
    http_engine_free(engine);
}

/* The handles are used again: nothing of one request may be left for the next. */
static void test_nothing_left_over(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.parallelism = 1});
    struct http_request request = {.method = HTTP_POST,
                                   .url = fixture->base,
                                   .user = "AC1",
                                   .password = "secret",
                                   .form = "A=1"};
    struct result first = {0}, second, third;

    http_engine_submit(engine, &request, result_keep, &first);
    submit(fixture, engine, HTTP_DELETE, "/second", &second);
    submit(fixture, engine, HTTP_GET, "/third", &third);
    http_engine_run(engine);
    assert_answer(&first, 200, 1);
    assert_string_equal(second.body, "DELETE /second?\n\nAuthorization=(none)\n"
                                     "Accept=application/json\nContent-Type=(none)\n"
                                     "Expect=(none)\nUser-Agent=roster\n");
    assert_non_null(strstr(third.body, "GET /third?\n\nAuthorization=(none)\n"));
    http_engine_free(engine);
}

static void test_statuses(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &quick});
    struct result redirect, empty, missing, cookie;

    submit(fixture, engine, HTTP_GET, "/redirect", &redirect);
    submit(fixture, engine, HTTP_DELETE, "/empty", &empty);
    submit(fixture, engine, HTTP_GET, "/fail/404/99", &missing);
    submit(fixture, engine, HTTP_GET, "/cookie", &cookie);
    http_engine_run(engine);
    assert_answer(&redirect, 302, 1);
    assert_answer(&empty, 204, 1);
    assert_string_equal(empty.body, "");
    assert_int_equal(empty.response.body_size, 0);
    assert_answer(&missing, 404, 1);
    assert_int_equal(atomic_load(&fixture->requests), 4);
    submit(fixture, engine, HTTP_GET, "/cookie", &cookie);
    http_engine_run(engine);
    assert_string_equal(cookie.body, "Cookie=(none)\n");
    http_engine_free(engine);
}

/* How often each is sent; every case starts with a server that has seen nothing. */
static void test_retries(void **state)
{
    static const struct {
        enum http_method method;
        const char *path;
        int status;
        unsigned attempts;
        size_t throttled;
    } cases[] = {
        {HTTP_GET, "/fail/503/2", 200, 3, 0},    {HTTP_GET, "/fail/503/99", 503, 4, 0},
        {HTTP_DELETE, "/fail/500/1", 200, 2, 0}, {HTTP_POST, "/fail/503/1", 503, 1, 0},
        {HTTP_POST, "/fail/429/3", 200, 4, 3},   {HTTP_POST, "/fail/429/99", 429, 4, 4},
        {HTTP_GET, "/fail/501/1", 200, 2, 0},    {HTTP_GET, "/fail/400/1", 400, 1, 0},
    };
    struct fixture *fixture = *state;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &quick});
        const struct http_engine_stats *stats = http_engine_stats(engine);
        struct result result;

        atomic_store(&fixture->requests, 0);
        submit(fixture, engine, cases[i].method, cases[i].path, &result);
        http_engine_run(engine);
        assert_answer(&result, cases[i].status, cases[i].attempts);
        assert_int_equal(atomic_load(&fixture->requests), cases[i].attempts);
        assert_int_equal(stats->requests, 1);
        assert_int_equal(stats->attempts, cases[i].attempts);
        assert_int_equal(stats->retries, cases[i].attempts - 1);
        assert_int_equal(stats->throttled, cases[i].throttled);
        http_engine_free(engine);
    }
}

struct fake_time {
    int64_t monotonic_ms, wall_ms, step_ms;
};

static int64_t fake_monotonic(void *context)
{
    struct fake_time *time = context;
    return time->monotonic_ms += time->step_ms;
}

static int64_t fake_wall(void *context)
{
    struct fake_time *time = context;
    return time->wall_ms;
}

/* Retry-After is read by the config's clock, and a wait that is too long is not begun. */
static void test_retry_after(void **state)
{
    /* 1994-11-06 08:49:37 UTC */
    static const int64_t when_ms = INT64_C(784111777) * 1000;
    static const struct {
        const char *retry_after;
        int64_t before_ms; /* of `when_ms`: now */
        unsigned attempts;
        int64_t least_ms; /* the wait */
    } cases[] = {
        {"0", 0, 2, 0},
        {"61", 0, 1, 0},
        {"nonsense", 0, 2, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 61000, 1, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 30, 2, 30},
        {"Sun, 06 Nov 1994 08:49:37 GMT", -61000, 2, 0},
    };
    struct fixture *fixture = *state;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++) {
        struct fake_time time = {.wall_ms = when_ms - cases[i].before_ms};
        struct clock clock = {fake_monotonic, fake_wall, &time};
        struct http_engine *engine =
            engine_new(&(struct http_engine_config){.retry = &quick, .clock = &clock});
        int64_t start_ms = clock_monotonic(&clock_system);
        struct result result;

        fixture->retry_after = cases[i].retry_after;
        atomic_store(&fixture->requests, 0);
        submit(fixture, engine, HTTP_POST, "/retry-after", &result);
        http_engine_run(engine);
        assert_true(clock_monotonic(&clock_system) - start_ms >= cases[i].least_ms);
        assert_answer(&result, cases[i].attempts == 1 ? 429 : 200, cases[i].attempts);
        http_engine_free(engine);
    }
}

/* Times are the config clock's; it goes on by a second whenever it is looked at. */
static void test_duration(void **state)
{
    struct fixture *fixture = *state;
    struct fake_time time = {.step_ms = 1000};
    struct clock clock = {fake_monotonic, fake_wall, &time};
    struct http_engine *engine =
        engine_new(&(struct http_engine_config){.retry = &quick, .clock = &clock});
    struct result result;

    submit(fixture, engine, HTTP_GET, "/fail/503/1", &result);
    http_engine_run(engine);
    assert_answer(&result, 200, 2);
    /* Looks after the start: the decision of each attempt and the end. */
    assert_int_equal(result.response.duration_ms, 3000);
    http_engine_free(engine);
}

/* With its one slot taken by nobody, a second request does not wait for a first one's retry. */
static void test_waiting_retry_holds_no_slot(void **state)
{
    /* The first jitter of this seed is near its upper bound. */
    enum { SEED = 44, BASE_MS = 400 };
    struct retry_policy slow = {.max_attempts = 2,
                                .base_delay_ms = BASE_MS,
                                .max_delay_ms = BASE_MS,
                                .max_elapsed_ms = 60000};
    struct fixture *fixture = *state;
    struct http_engine *engine =
        engine_new(&(struct http_engine_config){.parallelism = 1, .retry = &slow, .seed = SEED});
    struct result first, second;

    submit(fixture, engine, HTTP_GET, "/fail/503/1", &first);
    submit(fixture, engine, HTTP_GET, "/fail/503/1", &second);
    http_engine_run(engine);
    assert_answer(&first, 200, 2);
    assert_string_equal(first.body, "request 3");
    assert_answer(&second, 200, 1);
    assert_string_equal(second.body, "request 2");
    assert_int_equal(http_engine_stats(engine)->in_flight_peak, 1);
    http_engine_free(engine);
}

static void count_answer(void *context, const struct http_response *response)
{
    struct fixture *fixture = context;

    assert_int_equal(response->status, 200);
    atomic_fetch_add(&fixture->answered, 1);
}

/* Never more than `parallelism` at once, and in the end not fewer when there are. */
static void test_parallelism(void **state)
{
    static const unsigned cases[] = {1, 3, 0};
    struct fixture *fixture = *state;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++) {
        unsigned most = cases[i] == 0 ? 32 : cases[i], k;
        struct http_engine *engine =
            engine_new(&(struct http_engine_config){.parallelism = cases[i]});
        char url[128];
        struct http_request request = {.method = HTTP_GET, .url = url};

        snprintf(url, sizeof(url), "%s/slow", fixture->base);
        atomic_store(&fixture->requests, 0);
        atomic_store(&fixture->answered, 0);
        atomic_store(&fixture->overlap, 0);
        for (k = 0; k < 400; k++)
            http_engine_submit(engine, &request, count_answer, fixture);
        http_engine_run(engine);
        assert_int_equal(atomic_load(&fixture->answered), 400);
        assert_true(atomic_load(&fixture->overlap) <= most);
        assert_int_equal(http_engine_stats(engine)->in_flight_peak, most);
        http_engine_free(engine);
    }
}

struct chain {
    struct http_engine *engine;
    const struct http_request *request;
    unsigned left;
};

static void submit_next(void *context, const struct http_response *response)
{
    struct chain *chain = context;

    assert_int_equal(response->status, 200);
    if (chain->left-- > 0)
        http_engine_submit(chain->engine, chain->request, submit_next, chain);
}

/* Callbacks submit; all of it goes over the one connection. */
static void test_chain(void **state)
{
    static const struct raw_step steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 0, RAW_KEEP}};
    struct http_engine *engine = engine_new(&(struct http_engine_config){0});
    struct raw_server server = {0};
    char url[64];
    struct http_request request = {.method = HTTP_POST, .url = url, .form = "A=1"};
    struct chain chain = {.engine = engine, .request = &request, .left = 99};

    (void)state;
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/", raw_server_start(&server, steps, 1));
    http_engine_submit(engine, &request, submit_next, &chain);
    http_engine_run(engine);
    http_engine_run(engine);
    assert_int_equal(http_engine_stats(engine)->requests, 100);
    http_engine_free(engine);
    raw_server_stop(&server);
    assert_int_equal(atomic_load(&server.requests), 100);
    assert_int_equal(atomic_load(&server.connections), 1);
    raw_server_free(&server);
}

static void test_refused_urls(void **state)
{
    static const struct {
        const char *url, *error;
    } cases[] = {
        {"http://example.com/?token=secret",
         "the request's URL is not allowed: plain http goes to loopback addresses only, use https"},
        {"https://user:secret@example.com/",
         "the request's URL is not allowed: it holds a user name or password"},
        {"file:///etc/passwd", "the request's URL is not allowed: its scheme is not https"},
        {"/v1/Services", "the request's URL is not allowed: it is not an absolute URL"},
    };
    struct http_engine *engine = engine_new(&(struct http_engine_config){0});
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct http_request request = {.method = HTTP_GET, .url = cases[i].url};
        struct result result = {0};

        http_engine_submit(engine, &request, result_keep, &result);
        assert_int_equal(result.calls, 0);
        http_engine_run(engine);
        assert_int_equal(result.calls, 1);
        assert_int_equal(result.response.fault, HTTP_FAULT_PROTOCOL);
        assert_int_equal(result.response.status, 0);
        assert_int_equal(result.response.attempts, 0);
        assert_string_equal(result.error, cases[i].error);
    }
    assert_int_equal(http_engine_stats(engine)->requests, COUNT_OF(cases));
    assert_int_equal(http_engine_stats(engine)->attempts, 0);
    http_engine_free(engine);
}

/* What is still queued is dropped, without a call. */
static void test_freed_with_requests(void **state)
{
    struct fixture *fixture = *state;
    struct http_engine *engine = engine_new(&(struct http_engine_config){0});
    struct result results[3];
    size_t i;

    http_engine_run(engine);
    for (i = 0; i < COUNT_OF(results); i++)
        submit(fixture, engine, HTTP_POST, "/", &results[i]);
    http_engine_free(engine);
    for (i = 0; i < COUNT_OF(results); i++)
        assert_int_equal(results[i].calls, 0);
    assert_int_equal(atomic_load(&fixture->requests), 0);
    http_engine_free(NULL);
}

static void test_unreadable_ca_file(void **state)
{
    struct diag diag;

    (void)state;
    diag_init(&diag);
    assert_null(http_engine_new(&(struct http_engine_config){.ca_file = "no/such.pem"}, &diag));
    assert_int_equal(diag.count, 1);
    assert_string_equal(diag.items[0].message,
                        "cannot read the CA file no/such.pem: No such file or directory");
    diag_release(&diag);
}

#define SERVED_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED_TEST(test_get),
        SERVED_TEST(test_post),
        SERVED_TEST(test_post_json),
        SERVED_TEST(test_post_sizes),
        SERVED_TEST(test_nothing_left_over),
        SERVED_TEST(test_statuses),
        SERVED_TEST(test_retries),
        SERVED_TEST(test_retry_after),
        SERVED_TEST(test_duration),
        SERVED_TEST(test_waiting_retry_holds_no_slot),
        SERVED_TEST(test_parallelism),
        SERVED_TEST(test_freed_with_requests),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_refused_urls),
        cmocka_unit_test(test_unreadable_ca_file),
    };
    return cmocka_run_group_tests(tests, forget_proxies, NULL);
}
