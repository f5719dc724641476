/*
 * The listener: requests, answers and the caps on them.
 */
#include "http/http_server.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "echo_server.h"

/* Requests as sent, and what is in the answers to them. */
static void test_requests(void **state)
{
    static const struct {
        const char *request;
        const char *answer[4];
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
         {"HTTP/1.1 200 OK\r\n", "\r\nContent-Type: text/x-echo\r\n",
          "\r\nX-First: 1\r\nX-Second: 2\r\n", "\r\n\r\nGET|/|||0|(none)"}},
        {"GET /a%20b/%2f?q=%41+b&r?s=t HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
         {"\r\n\r\nGET|/a%20b/%2f|q=%41+b&r?s=t||0|(none)"}},
        {"GET /? HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", {"\r\n\r\nGET|/|||0|(none)"}},
        {"GET / HTTP/1.1\r\nHost: t\r\nX-TeSt:  v a l \r\nConnection: close\r\n\r\n",
         {"\r\n\r\nGET|/|||0|v a l"}},
        {"POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 7\r\nConnection: close\r\n\r\na=b&c=d",
         {"\r\n\r\nPOST|/p||a=b&c=d|7|(none)"}},
        {"POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
         {"\r\n\r\nPOST|/p|||0|(none)"}},
        {"POST /p HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nConnection: "
         "close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
         {"\r\n\r\nPOST|/p||abcde|5|(none)"}},
        {"DELETE /d HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
         {"\r\n\r\nDELETE|/d|||0|(none)"}},
        {"BREW /pot HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntea",
         {"\r\n\r\nBREW|/pot||tea|3|(none)"}},
        {"GET /status/404 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
         {"HTTP/1.1 404 Not Found\r\n", "GET|/status/404|"}},
        {"GET /status/429 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", {"HTTP/1.1 429 "}},
        {"GET /overflow HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
         {"HTTP/1.1 500 ", "\r\nContent-Length: 0\r\n"}},
        {"GET / HTTP/1.0\r\n\r\n", {"HTTP/1.", " 200 OK\r\n", "GET|/|||0|(none)"}},
        {"GET /without-host HTTP/1.1\r\n\r\n", {"HTTP/1.1 400 "}},
    };
    struct fixture fixture;
    struct buf heard;
    size_t i, k;

    (void)state;
    buf_init(&heard, LARGE * 2);
    serve(&fixture, (struct http_server_config){0});
    for (i = 0; i < COUNT_OF(cases); i++) {
        int client = dial(fixture.port);
        say_text(client, cases[i].request);
        hear_all(client, &heard);
        for (k = 0; k < COUNT_OF(cases[i].answer) && cases[i].answer[k] != NULL; k++)
            assert_has(&heard, cases[i].answer[k]);
        close(client);
    }
    stop(&fixture);
    buf_release(&heard);
}

static void test_bodiless(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int client;

    (void)state;
    buf_init(&heard, LARGE * 2);
    serve(&fixture, (struct http_server_config){0});
    client = dial(fixture.port);
    say_text(client, "DELETE /status/204 HTTP/1.1\r\nHost: t\r\n\r\n"
                     "HEAD / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    hear_all(client, &heard);
    assert_has(&heard, "HTTP/1.1 204 No Content\r\n");
    assert_has(&heard, "\r\n\r\nHTTP/1.1 200 OK\r\n");
    assert_has(&heard, "\r\nContent-Length: 17\r\n");
    assert_has_not(&heard, "|/");
    close(client);

    client = dial(fixture.port);
    say_text(client, "GET /plain HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    hear_all(client, &heard);
    assert_has_not(&heard, "Content-Type");
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

/* One connection for all, also when a client does not wait for its answers. */
static void test_keep_alive(void **state)
{
    struct fixture fixture;
    struct buf heard;
    size_t size;
    int client, i;

    (void)state;
    buf_init(&heard, LARGE * 2);
    serve(&fixture, (struct http_server_config){0});
    client = dial(fixture.port);
    for (i = 0; i < 3; i++) {
        ask(client, "/again");
        size = hear_answer(client, &heard);
        assert_int_equal(size, heard.size);
        assert_has(&heard, "GET|/again|||0|");
        buf_clear(&heard);
    }
    say_text(client, "GET /one HTTP/1.1\r\nHost: t\r\n\r\n"
                     "GET /delay/1 HTTP/1.1\r\nHost: t\r\n\r\n"
                     "GET /three HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    hear_all(client, &heard);
    assert_has(&heard, "GET|/one|");
    assert_has(&heard, "GET|/delay/1|");
    assert_has(&heard, "GET|/three|");
    assert_true(strstr(heard.data, "/one") < strstr(heard.data, "/delay/1"));
    assert_true(strstr(heard.data, "/delay/1") < strstr(heard.data, "/three"));
    assert_int_equal(atomic_load(&fixture.handled), 6);
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

static void test_large_answer(void **state)
{
    struct fixture fixture;
    struct buf heard;
    size_t size;
    int client;

    (void)state;
    buf_init(&heard, LARGE * 2);
    serve(&fixture, (struct http_server_config){0});
    client = dial(fixture.port);
    ask(client, "/large");
    size = hear_answer(client, &heard);
    assert_int_equal(size, heard.size);
    assert_has(&heard, "\r\nContent-Length: 8388608\r\n");
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

/* Bodies up to the cap are taken, larger ones are answered 413 and never reach the handler. */
static void test_body_cap(void **state)
{
    enum { CAP = 1000 };
    static const struct {
        size_t size;
        const char *headers;
        bool fits;
    } cases[] = {
        {CAP, "", true},
        {CAP + 1, "", false},
        {CAP * 5, "", false},
        {CAP + 1, "Expect: 100-continue\r\n", false},
    };
    struct fixture fixture;
    struct buf heard, request;
    size_t i;

    (void)state;
    buf_init(&heard, LARGE);
    buf_init(&request, LARGE);
    serve(&fixture, (struct http_server_config){.max_body = CAP});
    for (i = 0; i < COUNT_OF(cases); i++) {
        int client = dial(fixture.port);
        buf_clear(&request);
        buf_printf(&request,
                   "POST / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%sContent-Length: "
                   "%zu\r\n\r\n",
                   cases[i].headers, cases[i].size);
        if (cases[i].headers[0] == '\0')
            buf_add_fill(&request, 'b', cases[i].size);
        say(client, request.data, request.size);
        hear_all(client, &heard);
        if (cases[i].fits) {
            assert_has(&heard, "HTTP/1.1 200 OK\r\n");
            assert_has(&heard, "|1000|(none)");
        } else {
            assert_int_equal(strncmp(buf_text(&heard), "HTTP/1.1 413 ", 13), 0);
            assert_has(&heard, "\r\nConnection: close\r\n");
        }
        close(client);
    }
    assert_int_equal(atomic_load(&fixture.handled), 1);
    stop(&fixture);
    buf_release(&heard);
    buf_release(&request);
}

/* A body without end is not read for ever. */
static void test_endless_body(void **state)
{
    struct fixture fixture;
    struct buf heard, chunk;
    int client, i;

    (void)state;
    buf_init(&heard, LARGE);
    buf_init(&chunk, LARGE);
    serve(&fixture, (struct http_server_config){.max_body = 1000});
    client = dial(fixture.port);
    say_text(client, "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
    buf_add_text(&chunk, "10000\r\n");
    buf_add_fill(&chunk, 'c', 0x10000);
    buf_add_text(&chunk, "\r\n");
    /* More than all the buffers between us hold: it only ends because the server closes. */
    for (i = 0; i < 1000; i++)
        if (send(client, chunk.data, chunk.size, MSG_NOSIGNAL) < 0)
            break;
    assert_true(i < 1000);
    assert_int_equal(atomic_load(&fixture.handled), 0);
    close(client);
    stop(&fixture);
    buf_release(&heard);
    buf_release(&chunk);
}

static void test_head_cap(void **state)
{
    struct fixture fixture;
    struct buf heard, request;
    int client, i;

    (void)state;
    buf_init(&heard, LARGE);
    buf_init(&request, LARGE);
    serve(&fixture, (struct http_server_config){0});
    for (i = 0; i < 2; i++) {
        client = dial(fixture.port);
        buf_clear(&request);
        buf_add_text(&request, i == 0 ? "GET /" : "GET / HTTP/1.1\r\nHost: t\r\nX-Test: ");
        buf_add_fill(&request, 'h', 100 * 1000);
        say(client, request.data, request.size);
        hear_all(client, &heard);
        /* The server may have closed before it had read all, which resets the connection. */
        if (heard.size > 0)
            assert_has(&heard, i == 0 ? "HTTP/1.1 414 " : "HTTP/1.1 431 ");
        close(client);
    }
    client = dial(fixture.port);
    buf_clear(&request);
    buf_add_text(&request, "GET /");
    buf_add_fill(&request, 'p', 8000);
    buf_add_text(&request, " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    say(client, request.data, request.size);
    hear_all(client, &heard);
    assert_has(&heard, "HTTP/1.1 200 OK\r\n");
    assert_has(&heard, "pppppp|||0|(none)");
    assert_int_equal(atomic_load(&fixture.handled), 1);
    close(client);
    stop(&fixture);
    buf_release(&heard);
    buf_release(&request);
}

static void test_no_smuggled_header(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int client;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    client = dial(fixture.port);
    say_text(client, "GET /smuggle HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    hear_all(client, &heard);
    assert_has(&heard, "GET|/smuggle|");
    assert_has_not(&heard, "Injected");
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),   cmocka_unit_test(test_bodiless),
        cmocka_unit_test(test_keep_alive), cmocka_unit_test(test_large_answer),
        cmocka_unit_test(test_body_cap),   cmocka_unit_test(test_endless_body),
        cmocka_unit_test(test_head_cap),   cmocka_unit_test(test_no_smuggled_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
