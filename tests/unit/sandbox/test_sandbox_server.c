#include "test_fixture.h"

#include <unistd.h>

static void test_authentication(void **state)
{
    static const struct {
        const char *authorization; /* NULL: none */
        const char *path;
        int status;
        const char *message; /* NULL: not looked at */
    } cases[] = {
        {BY_TOKEN, "/v1/Services", 200, NULL},
        {BY_KEY, "/v1/Services", 200, NULL},
        {BY_KEY, API "/Messages.json", 200, NULL},
        {"basic "
         "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==",
         "/v1/Services", 200, NULL},
        {NULL, "/v1/Services", 401, "Authentication Error - No credentials provided"},
        {"", "/v1/Services", 401, "Authentication Error - No credentials provided"},
        {NULL, API "/Messages.json", 401, "Authenticate"},
        {NULL, "/v1/Nothing", 401, NULL},
        {"Basic YTpi", "/v1/Services", 401, "Authentication Error - invalid username"},
        {"Basic YTpi", API "/Messages.json", 401, "Authentication Error - invalid username"},
        {"Basic !", "/v1/Services", 401, NULL},
        {"Basic ", "/v1/Services", 401, NULL},
        {"Basic QUMw", "/v1/Services", 401, NULL}, /* no colon */
        {"Bearer x", "/v1/Services", 401, NULL},
        {BY_TOKEN "QQ==", "/v1/Services", 401, NULL},
    };
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        f.authorization = cases[i].authorization;
        assert_int_equal(fixture_call(&f, NULL, "GET %s", cases[i].path), cases[i].status);
        if (cases[i].status != 401)
            continue;
        fixture_expect(&f, "code", "20003");
        fixture_expect_members(f.body, "code detail message more_info status");
        assert_string_equal(fixture_header(&f, "WWW-Authenticate"), "Basic realm=\"Twilio API\"");
        if (cases[i].message != NULL)
            fixture_expect(&f, "message", cases[i].message);
    }
    f.store.status = "suspended";
    f.authorization = BY_TOKEN;
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 401);
    fixture_stop(&f);
}

static void test_routes(void **state)
{
    static const struct {
        const char *request;
        int status;
        const char *message; /* NULL: not looked at */
    } cases[] = {
        {"PUT /v1/Services", 405, "Method not allowed"},
        {"DELETE /v1/Services", 405, NULL},
        {"HEAD /v1/Services", 405, NULL},
        {"POST /v1/Services/Usecases", 405, NULL},
        {"DELETE /v1/Services/Usecases", 405, NULL},
        {"POST /v1/Services/" ORDERS "/PhoneNumbers/PN" ZEROS "1", 405, NULL},
        {"POST " API "/IncomingPhoneNumbers.json", 405, NULL},
        {"POST " API "/IncomingPhoneNumbers/PN" ZEROS "1.json", 405, NULL},
        {"DELETE " API "/IncomingPhoneNumbers.json", 405, NULL},
        {"POST " API ".json", 405, NULL},
        {"GET /", 404, "The requested resource / was not found"},
        {"GET /v1", 404, NULL},
        {"GET /v1/Services/", 404, NULL},
        {"GET /v1/Services/x", 404, "The requested resource /Services/x was not found"},
        {"GET /v1/Services/" ORDERS "/Nothing", 404,
         "The requested resource /Services/" ORDERS "/Nothing was not found"},
        {"GET /v1/Services/" ORDERS "/PhoneNumbers/a/b", 404, NULL},
        {"GET /v2/Services", 404, NULL},
        {"GET " API "/Messages", 404, "The requested resource " API "/Messages was not found"},
        {"GET " API "/Nothing.json", 404, NULL},
        {"GET " API "/Messages/.json", 404, NULL},
        {"GET /2010-04-01/Accounts/AC" ZEROS "2/Messages.json", 404,
         "The requested resource /2010-04-01/Accounts/AC" ZEROS "2/Messages.json was not found"},
        {"GET /2010-04-01/Accounts/AC" ZEROS "2.json", 404, NULL},
        {"GET /v1/Services/\xff", 404, "The requested resource /Services/\\xff was not found"},
    };
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(fixture_call(&f, NULL, "%s", cases[i].request), cases[i].status);
        fixture_expect(&f, "code", cases[i].status == 404 ? "20404" : "20004");
        if (cases[i].message != NULL)
            fixture_expect(&f, "message", cases[i].message);
    }
    fixture_stop(&f);
}

static void test_parameters_come_from_forms(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    f.content_type = "application/json";
    assert_int_equal(fixture_call(&f, "FriendlyName=x", "POST /v1/Services"), 400);
    fixture_expect(&f, "code", "20001");
    f.content_type = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
    assert_int_equal(fixture_call(&f, "FriendlyName=x", "POST /v1/Services"), 201);
    f.content_type = NULL;
    assert_int_equal(fixture_call(&f, "FriendlyName=x", "POST /v1/Services"), 201);
    assert_int_equal(fixture_call(&f, NULL, "POST /v1/Services?FriendlyName=x"), 400);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services?x=%%FF"), 400);
    fixture_expect(&f, "code", "20422");
    fixture_stop(&f);
}

static void test_headers(void **state)
{
    const struct sandbox_config config = {.latency_ms = 80};
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, &config);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_string_equal(f.answer.content_type, "application/json");
    assert_memory_equal(fixture_header(&f, "Twilio-Request-Id"), "RQ", 2);
    assert_int_equal(strlen(fixture_header(&f, "Twilio-Request-Id")), 34);
    assert_string_equal(fixture_header(&f, "Twilio-Request-Duration"), "0.080");
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "1");
    assert_non_null(fixture_header(&f, "Access-Control-Expose-Headers"));
    assert_null(fixture_header(&f, "WWW-Authenticate"));
    assert_int_equal(f.answer.delay_ms, 80);
    /* The first answer is still held back. */
    f.now_ms += 79;
    assert_int_equal(fixture_call(&f, NULL, "GET " API "/Messages.json"), 200);
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "2");
    assert_string_equal(fixture_header(&f, "X-Api-Domain"), "api.twilio.com");
    f.now_ms += 1;
    fixture_call(&f, NULL, "GET /v1/Services");
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "2");
    f.now_ms += 80;
    fixture_call(&f, NULL, "GET /v1/Nothing");
    assert_string_equal(fixture_header(&f, "Twilio-Concurrent-Requests"), "1");
    assert_non_null(fixture_header(&f, "Twilio-Request-Id"));
    fixture_stop(&f);
}

/* A NUL would cut the parameters short. */
static void test_nul_in_body(void **state)
{
    static const char body[] = "FriendlyName=x\0&StickySender=false";
    const struct sandbox_input input = {.method = "POST",
                                        .path = "/v1/Services",
                                        .query = "",
                                        .body = body,
                                        .body_size = sizeof(body) - 1,
                                        .authorization = BY_TOKEN};
    struct fixture f;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    fixture_reset_answer(&f);
    sandbox_server_answer(f.server, &input, &f.answer);
    assert_int_equal(f.answer.status, 400);
    assert_int_equal(f.store.services.count, 2);
    fixture_stop(&f);
}

/* Links carry the client's own name for the sandbox, unless it could not stand in a URL. */
static void test_host(void **state)
{
    static const struct {
        const char *host, *url;
    } cases[] = {
        {"localhost:8080", "http://localhost:8080/v1/Services/" ORDERS},
        {"[::1]:8080", "http://[::1]:8080/v1/Services/" ORDERS},
        {NULL, "http://127.0.0.1/v1/Services/" ORDERS},
        {"a/b", "http://127.0.0.1/v1/Services/" ORDERS},
        {"a\"b", "http://127.0.0.1/v1/Services/" ORDERS},
    };
    struct sandbox_input input = {.method = "GET",
                                  .path = "/v1/Services/" ORDERS,
                                  .query = "",
                                  .body = "",
                                  .authorization = BY_TOKEN};
    struct fixture f;
    size_t i;

    (void)state;
    fixture_start(&f, fixture_state, NULL);
    for (i = 0; i < COUNT_OF(cases); i++) {
        input.host = cases[i].host;
        fixture_reset_answer(&f);
        sandbox_server_answer(f.server, &input, &f.answer);
        f.body = json_loadb(f.answer.body.data, f.answer.body.size, 0, NULL);
        fixture_expect(&f, "url", cases[i].url);
    }
    fixture_stop(&f);
}

/* The lines of the log, as JSON. */
static size_t read_log(FILE *log, json_t *lines[], size_t most)
{
    char line[8192];
    size_t count = 0;

    rewind(log);
    while (count < most && fgets(line, sizeof(line), log) != NULL) {
        lines[count] = json_loads(line, 0, NULL);
        assert_non_null(lines[count++]);
    }
    return count;
}

static void expect_json(const json_t *line, const char *key, const char *wanted)
{
    char *dump = json_dumps(json_object_get(line, key), JSON_ENCODE_ANY | JSON_COMPACT);
    assert_non_null(dump);
    assert_string_equal(dump, wanted);
    free(dump);
}

static void test_log(void **state)
{
    struct sandbox_config config = {.log = tmpfile(), .log_bodies = true, .latency_ms = 3};
    json_t *lines[8] = {NULL};
    struct fixture f;
    size_t i;

    (void)state;
    assert_non_null(config.log);
    fixture_start(&f, fixture_state, &config);
    fixture_call(&f, "FriendlyName=a+b&x", "POST /v1/Services/" ORDERS);
    fixture_call(&f, NULL, "GET /v1/Services?PageSize=1&PageSize=%%32");
    f.authorization = "Basic YTpi";
    fixture_call(&f, NULL, "GET /v1/Services");
    f.authorization = BY_KEY;
    fixture_call(&f, NULL, "DELETE /v1/Services/" ORDERS);
    f.authorization = BY_TOKEN;
    fixture_call(&f, NULL, "GET " API ".json");
    assert_false(sandbox_server_log_failed(f.server));

    assert_int_equal(read_log(config.log, lines, COUNT_OF(lines)), 5);
    fixture_expect_members(lines[0], "duration_ms form method n path query request_id response "
                                     "status time user user_agent");
    expect_json(lines[0], "n", "1");
    expect_json(lines[0], "time", "\"2026-01-02T03:04:05.000Z\"");
    expect_json(lines[0], "method", "\"POST\"");
    expect_json(lines[0], "path", "\"/v1/Services/" ORDERS "\"");
    expect_json(lines[0], "query", "[]");
    expect_json(lines[0], "form", "[[\"FriendlyName\",\"a b\"],[\"x\",\"\"]]");
    expect_json(lines[0], "user", "\"" ACCOUNT "\"");
    expect_json(lines[0], "user_agent", "\"test/1\"");
    expect_json(lines[0], "status", "200");
    expect_json(lines[0], "duration_ms", "3.0");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(lines[0], "response"), "friendly_name")),
        "a b");
    expect_json(lines[1], "query", "[[\"PageSize\",\"1\"],[\"PageSize\",\"2\"]]");
    expect_json(lines[2], "user", "null");
    expect_json(lines[2], "status", "401");
    expect_json(lines[3], "user", "\"SK" ZEROS "1\"");
    expect_json(lines[3], "response", "null");
    expect_json(json_object_get(lines[4], "response"), "auth_token", "\"(not logged)\"");
    for (i = 0; i < 5; i++)
        json_decref(lines[i]);
    fixture_stop(&f);
    fclose(config.log);
}

static void test_log_without_bodies(void **state)
{
    struct sandbox_config config = {.log = tmpfile()};
    json_t *line = NULL;
    struct fixture f;

    (void)state;
    assert_non_null(config.log);
    fixture_start(&f, fixture_state, &config);
    fixture_call(&f, NULL, "GET /v1/Services");
    assert_int_equal(read_log(config.log, &line, 1), 1);
    fixture_expect_members(line, "duration_ms form method n path query request_id status time "
                                 "user user_agent");
    json_decref(line);
    fixture_stop(&f);
    fclose(config.log);
}

static void test_log_failure(void **state)
{
    struct sandbox_config config = {.log = fopen("/dev/full", "w")};
    struct fixture f;

    (void)state;
    if (config.log == NULL)
        skip();
    fixture_start(&f, fixture_state, &config);
    assert_int_equal(fixture_call(&f, NULL, "GET /v1/Services"), 200);
    assert_true(sandbox_server_log_failed(f.server));
    fixture_stop(&f);
    fclose(config.log);
}

/* The same requests get the same answers, request SIDs too. */
static void test_repeatable(void **state)
{
    char first[2048];
    struct fixture f;
    int run;

    (void)state;
    for (run = 0; run < 2; run++) {
        char text[1024], shown[2048];
        fixture_start(&f, fixture_state, NULL);
        fixture_call(&f, "FriendlyName=x", "POST /v1/Services");
        snprintf(shown, sizeof(shown), "%s %s", fixture_text(&f, "sid", text),
                 fixture_header(&f, "Twilio-Request-Id"));
        if (run == 0)
            snprintf(first, sizeof(first), "%s", shown);
        else
            assert_string_equal(first, shown);
        fixture_stop(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_authentication),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_parameters_come_from_forms),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_nul_in_body),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_log_without_bodies),
        cmocka_unit_test(test_log_failure),
        cmocka_unit_test(test_repeatable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
