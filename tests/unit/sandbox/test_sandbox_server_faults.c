/*
 * Each kind of fault as a client sees it that speaks to the sandbox over a socket, what it does to
 * the account, and what the log says of it.
 */
#include "test_fixture.h"

#include "base/clock.h"
#include "unit/http/raw_client.h"
#include "unit/http/server_thread.h"

#define CREATE "POST /v1/Services FriendlyName=New"
#define LIST "GET /v1/Services "

static const struct {
    struct sandbox_fault fault;
    const char *request; /* method, path, form */
    const char *heard[3];
    const char *not_heard;
    int end;      /* of the connection: 0, or the error */
    int made;     /* services */
    int least_ms; /* that it takes */
    const char *name;
    const char *status; /* in the log */
} cases[] = {
    {.fault = {.status = 503},
     .request = CREATE,
     .heard = {"HTTP/1.1 503 ", "Content-Type: application/json\r\n",
               "{\"code\":20503,\"message\":\"Service is unavailable, please try again\","
               "\"more_info\":\"https://www.twilio.com/docs/errors/20503\",\"status\":503}"},
     .not_heard = "Retry-After",
     .name = "status",
     .status = "503"},
    {.fault = {.status = 429, .retry_after = "7", .effect = true},
     .request = CREATE,
     .heard = {"HTTP/1.1 429 ", "Retry-After: 7\r\n", "\"code\":20429"},
     .made = 1,
     .name = "status",
     .status = "429"},
    {.fault = {.status = 404, .code = 20404},
     .request = LIST,
     .heard = {"HTTP/1.1 404 ", "The requested resource (injected) was not found"},
     .name = "status",
     .status = "404"},
    {.fault = {.status = 418, .code = 12345},
     .request = LIST,
     .heard = {"HTTP/1.1 418 ", "\"code\":12345,\"message\":\"An injected error\""},
     .name = "status",
     .status = "418"},
    {.fault = {.status = 502, .body = "<h1>Bad</h1>"},
     .request = LIST,
     .heard = {"HTTP/1.1 502 ", "Content-Type: text/plain; charset=utf-8\r\n",
               "Content-Length: 12\r\n\r\n<h1>Bad</h1>"},
     .name = "status",
     .status = "502"},
    {.fault = {.status = 502, .body = "<h1>Bad</h1>", .content_type = "text/html"},
     .request = LIST,
     .heard = {"Content-Type: text/html\r\n", "\r\n\r\n<h1>Bad</h1>"},
     .name = "status",
     .status = "502"},
    {.fault = {.status = 503, .body = ""},
     .request = LIST,
     .heard = {"HTTP/1.1 503 ", "Content-Length: 0\r\n"},
     .name = "status",
     .status = "503"},
    {.fault = {.status = 204},
     .request = CREATE,
     .heard = {"HTTP/1.1 204 "},
     .not_heard = "{",
     .name = "status",
     .status = "204"},
    {.fault = {.delay_ms = 60},
     .request = CREATE,
     .heard = {"HTTP/1.1 201 ", "Twilio-Request-Duration: 0.06", "\"friendly_name\":\"New\""},
     .made = 1,
     .least_ms = 60,
     .name = "delay",
     .status = "201"},
    {.fault = {.reset = SANDBOX_RESET_BEFORE},
     .request = CREATE,
     .not_heard = "H",
     .end = ECONNRESET,
     .name = "reset_before",
     .status = "null"},
    {.fault = {.reset = SANDBOX_RESET_AFTER, .delay_ms = 30},
     .request = CREATE,
     .not_heard = "H",
     .end = ECONNRESET,
     .made = 1,
     .least_ms = 30,
     .name = "delay+reset_after",
     .status = "null"},
    {.fault = {.truncate = true, .truncate_at = 5},
     .request = CREATE,
     .heard = {"HTTP/1.1 201 ", "Content-Length: 1", "\r\n\r\n{\"sid"},
     .not_heard = "{\"sid\"",
     .made = 1,
     .name = "truncate",
     .status = "201"},
    {.fault = {.garbage = true},
     .request = CREATE,
     .heard = {"HTTP/1.1 201 ", "Content-Type: application/json\r\n", "\r\n\r\n\xff"},
     .not_heard = "{",
     .made = 1,
     .name = "garbage",
     .status = "201"},
    {.fault = {.content_type = "text/html"},
     .request = LIST,
     .heard = {"HTTP/1.1 200 ", "Content-Type: text/html\r\n", "\"services\":["},
     .not_heard = "application/json",
     .name = "content_type",
     .status = "200"},
    {.fault = {.drip = 1000},
     .request = CREATE,
     .heard = {"HTTP/1.1 201 ", "\"friendly_name\":\"New\"", "}}"},
     .made = 1,
     .least_ms = 100,
     .name = "drip",
     .status = "201"},
    {.fault = {.duplicate = true},
     .request = CREATE,
     .heard = {"HTTP/1.1 201 ", "\"friendly_name\":\"New\""},
     .made = 2,
     .name = "duplicate",
     .status = "201"},
    /* The proxy's second request is the one that finds nothing any more. */
    {.fault = {.duplicate = true},
     .request = "DELETE /v1/Services/" EMPTY " ",
     .heard = {"HTTP/1.1 404 ", "\"code\":20404"},
     .made = -1,
     .name = "duplicate",
     .status = "404"},
};

/* Sends "METHOD PATH FORM"; the connection is closed after the answer. */
static void send_request(int client, const char *request)
{
    const char *path = strchr(request, ' ') + 1, *form = strchr(path, ' ') + 1;
    char text[1024];

    snprintf(text, sizeof(text),
             "%.*s HTTP/1.1\r\nHost: t\r\nAuthorization: " BY_TOKEN "\r\nConnection: close\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
             (int)(form - request) - 1, request, strlen(form), form);
    say_text(client, text);
}

static void expect_log(FILE *log, const char *name, const char *status)
{
    char line[8192], wanted[64];

    rewind(log);
    assert_non_null(fgets(line, sizeof(line), log));
    snprintf(wanted, sizeof(wanted), "\"fault\":\"%s\"", name);
    assert_non_null(strstr(line, wanted));
    snprintf(wanted, sizeof(wanted), "\"status\":%s,", status);
    assert_non_null(strstr(line, wanted));
    assert_non_null(strstr(line, "\"user\":\"" ACCOUNT "\""));
}

static void run_case(size_t i, struct buf *heard)
{
    struct sandbox_fault_rule rule = {
        .request = 1, .count = 1, .probability = 1, .fault = cases[i].fault};
    struct sandbox_faults faults = {.rules = &rule, .count = 1};
    struct sandbox_config config = {.faults = &faults, .log = tmpfile()};
    struct http_server_config http = {.handler = sandbox_server_handle};
    struct server_thread running;
    struct fixture f;
    int64_t start_ms;
    size_t k;
    int client;

    fixture_start(&f, fixture_state, &config);
    http.context = f.server;
    client = dial((uint16_t)server_thread_start(&running, &http));
    start_ms = clock_monotonic(&clock_system);
    send_request(client, cases[i].request);
    assert_int_equal(hear_end(client, heard), cases[i].end);
    assert_true(clock_monotonic(&clock_system) - start_ms >= cases[i].least_ms);
    close(client);
    server_thread_free(&running);
    for (k = 0; k < COUNT_OF(cases[i].heard) && cases[i].heard[k] != NULL; k++)
        assert_has(heard, cases[i].heard[k]);
    if (cases[i].not_heard != NULL)
        assert_has_not(heard, cases[i].not_heard);
    assert_int_equal((int)f.store.services.count - 2, cases[i].made);
    expect_log(config.log, cases[i].name, cases[i].status);
    fixture_stop(&f);
    fclose(config.log);
}

static void test_kinds(void **state)
{
    struct buf heard;
    size_t i;

    (void)state;
    buf_init(&heard, 1024 * 1024);
    for (i = 0; i < COUNT_OF(cases); i++)
        run_case(i, &heard);
    buf_release(&heard);
}

/* Requests without a fault, with the same sandbox, have none in the log; the number is the log's.
 */
static void test_others_are_untouched(void **state)
{
    struct sandbox_fault_rule rule = {
        .request = 2, .count = 1, .probability = 1, .fault = {.status = 500}};
    struct sandbox_faults faults = {.rules = &rule, .count = 1};
    struct sandbox_config config = {.faults = &faults, .log = tmpfile()};
    char line[8192];
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, &config);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 500);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    rewind(config.log);
    assert_non_null(fgets(line, sizeof(line), config.log));
    assert_null(strstr(line, "\"fault\""));
    assert_non_null(fgets(line, sizeof(line), config.log));
    assert_non_null(strstr(line, "{\"n\":2,"));
    assert_non_null(strstr(line, "\"fault\":\"status\""));
    fixture_stop(&f);
    fclose(config.log);
}

/* A slow answer is in progress until its end. */
static void test_slow_answers_count(void **state)
{
    struct sandbox_fault_rule rules[] = {
        {.request = 1, .count = 1, .probability = 1, .fault = {.delay_ms = 500}},
        {.request = 2, .count = 1, .probability = 1, .fault = {.drip = 100}},
    };
    struct sandbox_faults faults = {.rules = rules, .count = COUNT_OF(rules)};
    const struct sandbox_config config = {.faults = &faults};
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, &config);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    f.now_ms += 400;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services/" EMPTY), 200);
    assert_in_range(f.answer.body.size, 1001, 10000);
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "2");
    f.now_ms += 999;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "2");
    f.now_ms += 10000;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "1");
    fixture_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_others_are_untouched),
        cmocka_unit_test(test_slow_answers_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
