/*
 * What the engine makes of servers, connections and proxies that are not as they should be.
 */
#include "http/http_engine.h"

#include "raw_server.h"

#include <poll.h>
#include <signal.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "engine_faults.h"

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
/* One whole answer that is not one; a POST must not have been sent a second time. */
static void test_broken_answers(void **state)
{
    static const struct {
        struct raw_step step;
        enum http_fault fault;
        unsigned get_attempts;
        const char *error;
    } cases[] = {
        {{"", 0, RAW_CLOSE}, HTTP_FAULT_CONNECTION, 2, "the connection was lost"},
        {{"", 0, RAW_RESET}, HTTP_FAULT_CONNECTION, 2, "Connection reset by peer"},
        {{"HTTP/1.1 200 OK\r\nContent-Le", 0, RAW_CLOSE},
         HTTP_FAULT_CONNECTION,
         2,
         "closed within the headers"},
        {{"HTTP/1.1 200 OK\r\nX-Some: header\r\n", 0, RAW_CLOSE},
         HTTP_FAULT_CONNECTION,
         2,
         "closed within the headers"},
        {{"HTTP/1.1 100 Continue\r\n\r\n", 0, RAW_CLOSE},
         HTTP_FAULT_CONNECTION,
         2,
         "the connection was lost"},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", 0, RAW_CLOSE},
         HTTP_FAULT_CONNECTION,
         2,
         "the connection was lost"},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", 0, RAW_RESET},
         HTTP_FAULT_CONNECTION,
         2,
         "the connection was lost"},
        {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n", 0, RAW_CLOSE},
         HTTP_FAULT_CONNECTION,
         2,
         "the connection was lost"},
        {{"SSH-2.0-OpenSSH_9.2\r\n", 0, RAW_CLOSE},
         HTTP_FAULT_PROTOCOL,
         1,
         "the request failed: Received HTTP/0.9 when not allowed"},
        {{"HTTP/7.3 200 OK\r\n\r\n", 0, RAW_CLOSE}, HTTP_FAULT_PROTOCOL, 1, "the request failed"},
        {{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain", 0,
          RAW_CLOSE},
         HTTP_FAULT_PROTOCOL,
         1,
         "the request failed"},
    };
    static const enum http_method methods[] = {HTTP_GET, HTTP_POST};
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        for (k = 0; k < COUNT_OF(methods); k++) {
            struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
            unsigned attempts = methods[k] == HTTP_GET ? cases[i].get_attempts : 1;
            struct raw_server server = {0};
            struct result result;

            run_one(engine, methods[k], "http", raw_server_start(&server, &cases[i].step, 1),
                    &result);
            assert_fault(&result, cases[i].fault, attempts, cases[i].error);
            http_engine_free(engine);
            raw_server_stop(&server);
            assert_int_equal(atomic_load(&server.requests), attempts);
            raw_server_free(&server);
        }
    }
}

static void test_mended_by_retry(void **state)
{
    static const struct raw_step steps[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 0, RAW_RESET},
        {OK_ANSWER, 0, RAW_KEEP}};
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
    struct raw_server server = {0};
    struct result result;

    (void)state;
    run_one(engine, HTTP_GET, "http", raw_server_start(&server, steps, COUNT_OF(steps)), &result);
    assert_int_equal(result.response.fault, HTTP_FAULT_NONE);
    assert_int_equal(result.response.attempts, 2);
    assert_string_equal(result.body, "ok");
    assert_string_equal(result.error, "");
    http_engine_free(engine);
    raw_server_stop(&server);
    raw_server_free(&server);
}

/* 100,000 zero bytes, compressed: with the zeros that are in the middle of it. */
static void add_compressed(struct buf *answer)
{
    static const char head[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00"
                               "\x00\xc2\xa0\xf5\x4f\x6d\x0d\x0f\xa0";
    static const char tail[] = "\x80\x57\x03\x7d\x95\x11\xd4\xa0\x86\x01\x00";

    buf_add_text(answer, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                         "Content-Length: 132\r\n\r\n");
    buf_add(answer, head, sizeof(head) - 1);
    buf_add_fill(answer, '\0', 132 - (sizeof(head) - 1) - (sizeof(tail) - 1));
    buf_add(answer, tail, sizeof(tail) - 1);
}

static void count_body(void *context, const struct http_response *response)
{
    size_t *size = context;

    assert_int_equal(response->fault, HTTP_FAULT_NONE);
    *size = response->body_size;
}

/* The cap is one of decoded bytes, however they come; the cap itself still fits. */
static void test_body_cap(void **state)
{
    enum { BODY = 100000 };
    static const char *const heads[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n", NULL, /* compressed */
    };
    struct buf answer;
    size_t i, cap, size;

    (void)state;
    buf_init(&answer, BUF_LIMIT_DEFAULT);
    for (i = 0; i < COUNT_OF(heads); i++) {
        buf_clear(&answer);
        if (heads[i] == NULL) {
            add_compressed(&answer);
        } else {
            buf_add_text(&answer, heads[i]);
            buf_add_fill(&answer, 'b', BODY);
            buf_add_text(&answer, i == 2 ? "\r\n0\r\n\r\n" : "");
        }
        for (cap = BODY - 1; cap <= BODY; cap++) {
            struct raw_step step = {answer.data, answer.size, RAW_CLOSE};
            struct http_engine *engine =
                engine_new(&(struct http_engine_config){.retry = &twice, .max_body = cap});
            struct raw_server server = {0};
            struct result result;
            unsigned port = raw_server_start(&server, &step, 1);
            char url[64];
            struct http_request request = {.method = HTTP_GET, .url = url};

            if (cap < BODY) {
                run_one(engine, HTTP_GET, "http", port, &result);
                assert_fault(&result, HTTP_FAULT_TOO_LARGE, 1,
                             "the answer is too large: more than 99999 bytes");
            } else {
                snprintf(url, sizeof(url), "http://127.0.0.1:%u/", port);
                http_engine_submit(engine, &request, count_body, &size);
                http_engine_run(engine);
                assert_int_equal(size, BODY);
            }
            http_engine_free(engine);
            raw_server_stop(&server);
            raw_server_free(&server);
        }
    }
    buf_release(&answer);
}

static void test_endless_head(void **state)
{
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
    struct raw_server server = {0};
    struct raw_step step = {.then = RAW_HOLD};
    struct result result;
    struct buf answer;
    int i;

    (void)state;
    buf_init(&answer, BUF_LIMIT_DEFAULT);
    buf_add_text(&answer, "HTTP/1.1 200 OK\r\n");
    for (i = 0; i < 10000; i++)
        buf_printf(&answer, "X-Header-%d: some value that is not short\r\n", i);
    step.reply = answer.data;
    run_one(engine, HTTP_GET, "http", raw_server_start(&server, &step, 1), &result);
    assert_fault(&result, HTTP_FAULT_TOO_LARGE, 1, "more than 262144 bytes");
    http_engine_free(engine);
    raw_server_stop(&server);
    raw_server_free(&server);
    buf_release(&answer);
}

/* Silence, at the start or in the middle, ends with the time for it. */
static void test_timeout(void **state)
{
    static const struct raw_step steps[] = {
        {"", 0, RAW_HOLD}, {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 0, RAW_HOLD}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(steps); i++) {
        struct http_engine *engine =
            engine_new(&(struct http_engine_config){.retry = &twice, .total_timeout_ms = 50});
        struct raw_server server = {0};
        struct result result;
        unsigned port = raw_server_start(&server, &steps[i], 1);

        run_one(engine, HTTP_POST, "http", port, &result);
        assert_fault(&result, HTTP_FAULT_TIMEOUT, 1, "no whole answer in time: Operation timed");
        assert_true(result.response.duration_ms >= 49);
        run_one(engine, HTTP_GET, "http", port, &result);
        assert_fault(&result, HTTP_FAULT_TIMEOUT, 2, "no whole answer in time: Operation timed");
        http_engine_free(engine);
        raw_server_stop(&server);
        assert_int_equal(atomic_load(&server.requests), 3);
        raw_server_free(&server);
    }
}

/* A port that nothing listens on. */
static unsigned closed_port(void)
{
    static const struct raw_step step = {"", 0, RAW_CLOSE};
    struct raw_server server = {0};
    unsigned port = raw_server_start(&server, &step, 1);

    raw_server_stop(&server);
    raw_server_free(&server);
    return port;
}

/* Nothing was sent, so that a POST is tried again too. */
static void test_refused(void **state)
{
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
    struct result result;

    (void)state;
    run_one(engine, HTTP_POST, "http", closed_port(), &result);
    assert_fault(&result, HTTP_FAULT_CONNECT, 2, "cannot connect: Connection refused");
    http_engine_free(engine);
}

static void test_unknown_host(void **state)
{
    /* libcurl refuses to look this one up (RFC 7686), so that the test needs no resolver. */
    struct http_request request = {.method = HTTP_POST, .url = "https://roster.onion/?secret"};
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
    struct result result = {0};

    (void)state;
    http_engine_submit(engine, &request, result_keep, &result);
    http_engine_run(engine);
    assert_int_equal(result.response.fault, HTTP_FAULT_CONNECT);
    assert_int_equal(result.response.attempts, 2);
    assert_int_equal(strncmp(result.error, "cannot connect: ", 16), 0);
    assert_null(strstr(result.error, "secret"));
    http_engine_free(engine);
}

/* A handshake that gets no answer is a connection that was never there. */
static void test_connect_timeout(void **state)
{
    static const struct raw_step step = {"", 0, RAW_HOLD};
    struct http_engine *engine =
        engine_new(&(struct http_engine_config){.retry = &twice, .connect_timeout_ms = 50});
    struct raw_server server = {.deaf = true};
    struct result result;

    (void)state;
    run_one(engine, HTTP_POST, "https", raw_server_start(&server, &step, 1), &result);
    assert_fault(&result, HTTP_FAULT_CONNECT, 2, "cannot connect: ");
    http_engine_free(engine);
    raw_server_stop(&server);
    raw_server_free(&server);
}

/*
 * A kept-alive connection dies once the second request is on it. libcurl sends a GET again on a
 * fresh connection by itself; a POST must be seen only once, and be known to be in doubt, also when
 * there is no fresh connection to be had.
 */
static void test_stale_connection(void **state)
{
    static const struct {
        enum http_method method;
        enum raw_then then;
        unsigned requests; /* seen by the server, the first one included */
        enum http_fault fault;
    } cases[] = {
        {HTTP_GET, RAW_CLOSE, 3, HTTP_FAULT_NONE},
        {HTTP_GET, RAW_RESET, 3, HTTP_FAULT_NONE},
        {HTTP_POST, RAW_CLOSE, 2, HTTP_FAULT_CONNECTION},
        {HTTP_POST, RAW_RESET, 2, HTTP_FAULT_CONNECTION},
        {HTTP_POST, RAW_LEAVE, 2, HTTP_FAULT_CONNECTION},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT_OF(cases); i++) {
        const struct raw_step steps[] = {
            {OK_ANSWER, 0, RAW_KEEP}, {"", 0, cases[i].then}, {OK_ANSWER, 0, RAW_KEEP}};
        struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
        struct raw_server server = {0};
        struct result result;
        unsigned port = raw_server_start(&server, steps, COUNT_OF(steps));

        run_one(engine, HTTP_GET, "http", port, &result);
        assert_int_equal(result.response.status, 200);
        run_one(engine, cases[i].method, "http", port, &result);
        if (cases[i].fault == HTTP_FAULT_NONE)
            assert_int_equal(result.response.status, 200);
        else
            assert_fault(&result, cases[i].fault, 1, "the connection was lost");
        http_engine_free(engine);
        raw_server_stop(&server);
        assert_int_equal(atomic_load(&server.requests), cases[i].requests);
        raw_server_free(&server);
    }
}

/* A connection that the server closed while it was idle is noticed before a POST is sent on it. */
static void test_closed_while_idle(void **state)
{
    static const struct raw_step steps[] = {{OK_ANSWER, 0, RAW_CLOSE}};
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
    struct raw_server server = {0};
    struct result result;
    unsigned port = raw_server_start(&server, steps, COUNT_OF(steps)), i;

    (void)state;
    for (i = 1; i <= 3; i++) {
        run_one(engine, HTTP_POST, "http", port, &result);
        assert_int_equal(result.response.status, 200);
        assert_int_equal(result.response.attempts, 1);
        while (atomic_load(&server.ended) < i)
            poll(NULL, 0, 1);
    }
    http_engine_free(engine);
    raw_server_stop(&server);
    assert_int_equal(atomic_load(&server.requests), 3);
    raw_server_free(&server);
}

/* A server that goes away under a large request must not end the process. */
static void test_no_sigpipe(void **state)
{
    static const struct raw_step step = {"", 0, RAW_RESET};
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
    struct raw_server server = {.hasty = true};
    struct http_request request = {.method = HTTP_POST};
    struct result result = {0};
    struct buf form;
    sigset_t pending;
    char url[64];

    (void)state;
    buf_init(&form, BUF_LIMIT_DEFAULT);
    buf_add_fill(&form, 'f', 20 * 1000 * 1000);
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/", raw_server_start(&server, &step, 1));
    request.url = url;
    request.form = form.data;
    http_engine_submit(engine, &request, result_keep, &result);
    http_engine_run(engine);
    assert_int_equal(result.response.fault, HTTP_FAULT_CONNECTION);
    sigpending(&pending);
    assert_int_equal(sigismember(&pending, SIGPIPE), 0);
    http_engine_free(engine);
    raw_server_stop(&server);
    raw_server_free(&server);
    buf_release(&form);
}

/* https goes through the environment's proxy, loopback never does. */
static void test_proxy(void **state)
{
    static const struct raw_step refuse = {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 0,
                                           RAW_CLOSE};
    static const struct raw_step serve = {OK_ANSWER, 0, RAW_CLOSE};
    struct http_request request = {.method = HTTP_GET, .url = "https://api.twilio.com/"};
    struct http_engine *engine = engine_new(&(struct http_engine_config){.retry = &twice});
    struct raw_server proxy = {0}, direct = {0};
    struct result result = {0};
    char url[64];

    (void)state;
    snprintf(url, sizeof(url), "http://user:secret@127.0.0.1:%u",
             raw_server_start(&proxy, &refuse, 1));
    setenv("https_proxy", url, 1);
    setenv("http_proxy", url, 1);
    setenv("all_proxy", url, 1);
    http_engine_submit(engine, &request, result_keep, &result);
    http_engine_run(engine);
    assert_int_equal(result.response.fault, HTTP_FAULT_CONNECT);
    assert_null(strstr(result.error, "secret"));
    assert_int_equal(strncmp(result.error, "cannot connect: ", 16), 0);
    run_one(engine, HTTP_GET, "http", raw_server_start(&direct, &serve, 1), &result);
    assert_string_equal(result.body, "ok");
    setenv("https_proxy", "http://user:secret@[broken", 1);
    memset(&result, 0, sizeof(result));
    http_engine_submit(engine, &request, result_keep, &result);
    http_engine_run(engine);
    forget_proxies(NULL);
    assert_int_equal(result.response.fault, HTTP_FAULT_CONNECT);
    assert_null(strstr(result.error, "secret"));
    assert_non_null(strstr(result.error, "the proxy that https_proxy or all_proxy names"));
    http_engine_free(engine);
    raw_server_stop(&proxy);
    raw_server_stop(&direct);
    assert_int_equal(strncmp(proxy.last.data, "CONNECT api.twilio.com:443 HTTP/1.1\r\n", 37), 0);
    raw_server_free(&proxy);
    raw_server_free(&direct);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broken_answers),   cmocka_unit_test(test_mended_by_retry),
        cmocka_unit_test(test_body_cap),         cmocka_unit_test(test_endless_head),
        cmocka_unit_test(test_timeout),          cmocka_unit_test(test_refused),
        cmocka_unit_test(test_unknown_host),     cmocka_unit_test(test_connect_timeout),
        cmocka_unit_test(test_stale_connection), cmocka_unit_test(test_closed_while_idle),
        cmocka_unit_test(test_no_sigpipe),       cmocka_unit_test(test_proxy),
    };
    return cmocka_run_group_tests(tests, forget_proxies, NULL);
}
