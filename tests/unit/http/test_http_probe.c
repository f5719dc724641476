/*
 * How far a request gets, and what is told of it.
 */
#include "http/http_probe.h"

#include "engine_result.h"
#include "raw_server.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static const struct http_engine_config quick = {.connect_timeout_ms = 2000,
                                                .total_timeout_ms = 300};

static void probe(const char *url, const struct http_engine_config *config,
                  struct http_probe *result, struct arena *arena)
{
    struct diag diag;

    diag_init(&diag);
    assert_int_equal(http_probe(result, config, url, arena, &diag), 0);
    assert_int_equal(diag.count, 0);
    diag_release(&diag);
}

#define HEAD(date) "HTTP/1.1 401 Unauthorized\r\n" date "Content-Length: 2\r\n\r\n{}"

static void test_ends(void **state)
{
    static const struct {
        const char *scheme;
        struct raw_step step;
        bool deaf;
        enum http_probe_end end;
        int status;
        int64_t date_ms;
        const char *error;
    } cases[] = {
        {"http",
         {HEAD("Date: Thu, 01 Jan 2026 00:00:10 GMT\r\n"), 0, RAW_CLOSE},
         false,
         HTTP_PROBE_ANSWERED,
         401,
         1767225610500,
         ""},
        {"http", {HEAD(""), 0, RAW_CLOSE}, false, HTTP_PROBE_ANSWERED, 401, -1, ""},
        {"http",
         {HEAD("Date: yesterday\r\n"), 0, RAW_CLOSE},
         false,
         HTTP_PROBE_ANSWERED,
         401,
         -1,
         ""},
        {"http", {"", 0, RAW_HOLD}, false, HTTP_PROBE_TIMEOUT, 0, -1, "no whole answer in time"},
        {"http",
         {"", 0, RAW_RESET},
         false,
         HTTP_PROBE_CONNECTION,
         0,
         -1,
         "the connection was lost"},
        {"http",
         {"SSH-2.0-server\r\n\r\n", 0, RAW_CLOSE},
         false,
         HTTP_PROBE_ODD,
         0,
         -1,
         "the request failed"},
        {"https",
         {"HTTP/1.1 400 Bad Request\r\n\r\n", 0, RAW_HOLD},
         true,
         HTTP_PROBE_TLS,
         0,
         -1,
         "no trusted TLS connection"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct raw_server server = {.deaf = cases[i].deaf};
        struct http_probe result;
        struct arena arena = {0};
        char *url = arena_printf(&arena, "%s://127.0.0.1:%u/", cases[i].scheme,
                                 raw_server_start(&server, &cases[i].step, 1));

        probe(url, &quick, &result, &arena);
        if (result.end != cases[i].end)
            fail_msg("case %zu: end %d, %s", i, (int)result.end, result.error);
        assert_int_equal(result.status, cases[i].status);
        assert_int_equal(result.date_ms, cases[i].date_ms);
        assert_memory_equal(result.error, cases[i].error, strlen(cases[i].error));
        raw_server_stop(&server);
        if (cases[i].end == HTTP_PROBE_ANSWERED) {
            assert_string_equal(result.address, "127.0.0.1");
            assert_null(strstr(server.last.data, "Authorization"));
        }
        raw_server_free(&server);
        arena_release(&arena);
    }
}

/* Nobody listens; plain HTTP to elsewhere; a proxy that is none. */
static void test_nothing_there(void **state)
{
    static const struct raw_step step = {"", 0, RAW_CLOSE};
    struct raw_server server = {0};
    struct http_probe result;
    struct arena arena = {0};
    char *url = arena_printf(&arena, "http://127.0.0.1:%u/", raw_server_start(&server, &step, 1));

    (void)state;
    raw_server_stop(&server);
    raw_server_free(&server);
    probe(url, &quick, &result, &arena);
    assert_int_equal(result.end, HTTP_PROBE_CONNECTION);
    assert_string_equal(result.error, "cannot connect: Connection refused");
    probe("http://example.com/", &quick, &result, &arena);
    assert_int_equal(result.end, HTTP_PROBE_ODD);
    setenv("https_proxy", "http://no\tproxy", 1);
    probe("https://example.com/", &quick, &result, &arena);
    assert_int_not_equal(result.end, HTTP_PROBE_ANSWERED);
    unsetenv("https_proxy");
    arena_release(&arena);
}

static void test_no_ca_file(void **state)
{
    const struct http_engine_config config = {.ca_file = "/nowhere/ca.pem"};
    struct http_probe result;
    struct arena arena = {0};
    struct diag diag;

    (void)state;
    diag_init(&diag);
    assert_int_equal(http_probe(&result, &config, "https://127.0.0.1:1/", &arena, &diag), -1);
    assert_string_equal(diag.items[0].message,
                        "cannot read the CA file /nowhere/ca.pem: No such file or directory");
    diag_release(&diag);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_no_ca_file),
    };
    return cmocka_run_group_tests(tests, forget_proxies, NULL);
}
