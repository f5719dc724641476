#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/fake_server.h"

/* What callbacks saw. */
struct seen {
    struct arena arena;
    unsigned calls, rows;
    int status, code;
    const char *problem, *hint;
    bool unclear, has_json;
    unsigned refuse_after; /* rows; 0: never */
};

static void on_answer(void *context, const struct twilio_answer *answer)
{
    struct seen *seen = context;
    seen->calls++;
    seen->status = answer->status;
    seen->code = answer->code;
    seen->problem = arena_strdup(&seen->arena, answer->problem);
    seen->hint = answer->hint;
    seen->unclear = answer->unclear;
    seen->has_json = answer->json != NULL;
}

static int on_row(void *context, const json_t *row)
{
    struct seen *seen = context;
    assert_true(json_is_integer(row));
    seen->rows++;
    return seen->refuse_after != 0 && seen->rows >= seen->refuse_after ? -1 : 0;
}

static const struct {
    enum http_method method;
    int status;
    const char *body;
    const char *problem; /* behind "METHOD URL: "; NULL: it works */
    int code;
    bool unclear;
    bool hint;
} answers[] = {
    {HTTP_GET, 200, "{\"a\": 1}", NULL, 0, false, false},
    {HTTP_POST, 201, "{}", NULL, 0, false, false},
    {HTTP_DELETE, 204, NULL, NULL, 0, false, false},
    {HTTP_GET, 200, "<html>", "HTTP 200 with a body that is not JSON", 0, false, false},
    {HTTP_GET, 200, "{\"a\": ", "HTTP 200 with a body that is not JSON", 0, false, false},
    {HTTP_GET, 200, "[1]", "HTTP 200 with a body that is no JSON object", 0, false, false},
    {HTTP_POST, 201, "", "HTTP 201 with a body that is not JSON", 0, true, false},
    {HTTP_POST, 409,
     "{\"code\": 21712, \"message\": \"is associated with another Messaging Service.\", "
     "\"more_info\": \"https://www.twilio.com/docs/errors/21712\", \"status\": 409}",
     "HTTP 409, Twilio error 21712: is associated with another Messaging Service.", 21712, false,
     true},
    /* What Twilio repeats of a secret is not repeated. */
    {HTTP_POST, 400, "{\"code\": 21609, \"message\": \"bad URL https://u:pw@x/hunter22\"}",
     "HTTP 400, Twilio error 21609: bad URL https://u:**@x/${TOKEN}", 21609, false, false},
    {HTTP_GET, 401, "{\"code\": 20003, \"message\": \"Authenticate\", \"status\": 401}",
     "HTTP 401, Twilio error 20003: Authenticate", 20003, false, true},
    {HTTP_GET, 403, "{\"code\": 70051}", "HTTP 403, Twilio error 70051", 70051, false, true},
    {HTTP_GET, 404, "{}", "HTTP 404", 0, false, false},
    {HTTP_GET, 400, "{\"code\": \"no\", \"message\": 5}", "HTTP 400", 0, false, false},
    {HTTP_GET, 429, "", "HTTP 429", 0, false, true},
    {HTTP_GET, 503, "down", "HTTP 503", 0, false, true},
    {HTTP_POST, 500, "", "HTTP 500", 0, true, true},
    {HTTP_GET, 302, "{}", "HTTP 302", 0, false, false},
};

static void test_answers(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(answers); i++) {
        struct fake_route route = {"", answers[i].status, answers[i].body};
        struct fake_server fake;
        struct seen seen = {0};
        char request[64], expected[512];
        print_message("  %zu: %d %s\n", i, answers[i].status, answers[i].body);
        snprintf(request, sizeof(request), "%s /v1/x", http_method_name(answers[i].method));
        route.request = request;
        fake_server_start(&fake, &route, 1);
        twilio_request(fake.client, answers[i].method, TWILIO_MESSAGING, "/v1/x", NULL, on_answer,
                       &seen);
        twilio_client_run(fake.client);
        fake_server_stop(&fake);
        assert_int_equal(seen.calls, 1);
        assert_int_equal(seen.status, answers[i].status);
        assert_int_equal(seen.code, answers[i].code);
        assert_int_equal(seen.unclear, answers[i].unclear);
        assert_int_equal(seen.hint != NULL, answers[i].hint);
        if (answers[i].problem == NULL) {
            assert_null(seen.problem);
        } else {
            snprintf(expected, sizeof(expected),
                     "%s %s/v1/x: %s (request RQ00000000000000000000000000000001)",
                     http_method_name(answers[i].method), fake.origin, answers[i].problem);
            assert_string_equal(seen.problem, expected);
        }
        arena_release(&seen.arena);
        fake_server_release(&fake);
    }
}

#define FIRST "GET /v1/Services?PageSize=1000"
#define NUMBERS "/2010-04-01/Accounts/AC/IncomingPhoneNumbers.json"

static const struct {
    const char *name;
    enum twilio_host host;
    struct fake_route routes[3];
    unsigned rows;
    unsigned refuse_after;
    const char *problem; /* a part of it; NULL: it works */
    const char *log;
} lists[] = {
    {"one page",
     TWILIO_MESSAGING,
     {{FIRST, 200, "{\"meta\": {\"next_page_url\": null}, \"things\": [1, 2]}"}},
     2,
     0,
     NULL,
     FIRST "\n"},
    {"no meta", TWILIO_MESSAGING, {{FIRST, 200, "{\"things\": [1]}"}}, 1, 0, NULL, FIRST "\n"},
    {"three pages of absolute links",
     TWILIO_MESSAGING,
     {{FIRST, 200,
       "{\"meta\": {\"next_page_url\": \"{origin}/v1/Services?Page=1\"}, \"things\": [1]}"},
      {"GET /v1/Services?Page=1", 200,
       "{\"meta\": {\"next_page_url\": \"{origin}/v1/Services?Page=2\"}, \"things\": []}"},
      {"GET /v1/Services?Page=2", 200, "{\"meta\": {\"next_page_url\": null}, \"things\": [3]}"}},
     2,
     0,
     NULL,
     FIRST "\nGET /v1/Services?Page=1\nGET /v1/Services?Page=2\n"},
    {"two pages of relative links",
     TWILIO_API,
     {{FIRST, 200, "{\"next_page_uri\": \"/2010-04-01/x?Page=1\", \"things\": [1]}"},
      {"GET /2010-04-01/x?Page=1", 200, "{\"next_page_uri\": null, \"things\": [2]}"}},
     2,
     0,
     NULL,
     FIRST "\nGET /2010-04-01/x?Page=1\n"},
    {"a link to another host",
     TWILIO_MESSAGING,
     {{FIRST, 200,
       "{\"meta\": {\"next_page_url\": \"http://127.0.0.1:1/v1/Services\"}, \"things\": [1]}"}},
     1,
     0,
     "on another host: http://127.0.0.1:1/v1/Services",
     FIRST "\n"},
    {"a link that looks relative",
     TWILIO_API,
     {{FIRST, 200, "{\"next_page_uri\": \"//evil.example/x\", \"things\": [1]}"}},
     1,
     0,
     "on another host: //evil.example/x",
     FIRST "\n"},
    {"a page that names itself as the next",
     TWILIO_MESSAGING,
     {{FIRST, 200,
       "{\"meta\": {\"next_page_url\": \"{origin}/v1/Services?PageSize=1000\"}, \"things\": []}"}},
     0,
     0,
     "do not end",
     FIRST "\n"},
    {"no list",
     TWILIO_MESSAGING,
     {{FIRST, 200, "{\"meta\": {}}"}},
     0,
     0,
     "the answer has no list \"things\"",
     FIRST "\n"},
    {"a refused row",
     TWILIO_MESSAGING,
     {{FIRST, 200, "{\"things\": [1, 2, 3]}"}},
     2,
     2,
     "an entry of \"things\" is not as expected",
     FIRST "\n"},
    {"failure on a later page",
     TWILIO_MESSAGING,
     {{FIRST, 200,
       "{\"meta\": {\"next_page_url\": \"{origin}/v1/Services?Page=1\"}, \"things\": [1]}"},
      {"GET /v1/Services?Page=1", 500, ""}},
     1,
     0,
     "HTTP 500",
     FIRST "\nGET /v1/Services?Page=1\n"},
};

static void test_lists(void **state)
{
    size_t i;
    (void)state;
    for (i = 0; i < COUNT_OF(lists); i++) {
        struct fake_route routes[3];
        struct fake_server fake;
        struct seen seen = {.refuse_after = lists[i].refuse_after};
        size_t count = 0;
        print_message("  %s\n", lists[i].name);
        while (count < COUNT_OF(routes) && lists[i].routes[count].request != NULL) {
            routes[count] = lists[i].routes[count];
            count++;
        }
        fake_server_start(&fake, routes, count);
        twilio_list(fake.client, lists[i].host, "/v1/Services", NULL, "things", on_row, on_answer,
                    &seen);
        twilio_client_run(fake.client);
        fake_server_stop(&fake);
        assert_int_equal(seen.calls, 1);
        assert_int_equal(seen.rows, lists[i].rows);
        assert_string_equal(buf_text(&fake.log), lists[i].log);
        if (lists[i].problem == NULL)
            assert_null(seen.problem);
        else if (seen.problem == NULL || strstr(seen.problem, lists[i].problem) == NULL)
            fail_msg("%s is not in %s", lists[i].problem, seen.problem);
        arena_release(&seen.arena);
        fake_server_release(&fake);
    }
}

static void test_filters_go_behind_the_page_size(void **state)
{
    static const struct fake_route route = {"GET " NUMBERS "?PageSize=1000&PhoneNumber=%2B1", 200,
                                            "{\"things\": []}"};
    struct fake_server fake;
    struct seen seen = {0};
    (void)state;
    fake_server_start(&fake, &route, 1);
    twilio_list(fake.client, TWILIO_API, NUMBERS, "PhoneNumber=%2B1", "things", on_row, on_answer,
                &seen);
    twilio_client_run(fake.client);
    fake_server_stop(&fake);
    assert_null(seen.problem);
    arena_release(&seen.arena);
    fake_server_release(&fake);
}

static void test_refused_connection(void **state)
{
    struct twilio_client_config config = {
        .credentials = {"AC00000000000000000000000000000001", "u", "p4ssword"},
        .hosts = {"http://127.0.0.1:1", "http://127.0.0.1:1"},
        .http = {.retry = fake_server_no_retry()},
    };
    struct seen seen = {0};
    struct twilio_client *client;
    struct diag diag;
    (void)state;
    diag_init(&diag);
    client = twilio_client_new(&config, &diag);
    assert_non_null(client);
    twilio_request(client, HTTP_POST, TWILIO_MESSAGING, "/v1/Services", "A=b", on_answer, &seen);
    twilio_client_run(client);
    assert_int_equal(seen.status, 0);
    assert_non_null(strstr(seen.problem, "POST http://127.0.0.1:1/v1/Services: "));
    assert_null(strstr(seen.problem, "p4ssword"));
    assert_false(seen.unclear);
    assert_non_null(seen.hint);
    twilio_client_free(client);
    arena_release(&seen.arena);
    diag_release(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_filters_go_behind_the_page_size),
        cmocka_unit_test(test_refused_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
