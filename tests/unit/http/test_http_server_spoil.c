/*
 * The listener: answers that are spoilt on their way, as the client sees them.
 */
#include "http/http_server.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "echo_server.h"

static void test_reset(void **state)
{
    static const char *const targets[] = {"/reset", "/delay/30/reset"};
    struct fixture fixture;
    struct buf heard;
    int64_t start_ms;
    size_t i;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    for (i = 0; i < COUNT_OF(targets); i++) {
        int client = dial(fixture.port);
        start_ms = clock_monotonic(&clock_system);
        ask(client, targets[i]);
        assert_int_equal(hear_end(client, &heard), ECONNRESET);
        assert_int_equal(heard.size, 0);
        assert_true(clock_monotonic(&clock_system) - start_ms >= (i == 0 ? 0 : 30));
        close(client);
    }
    /* Others are served as before. */
    int client = dial(fixture.port);
    ask(client, "/after");
    hear_answer(client, &heard);
    assert_has(&heard, "GET|/after|");
    assert_int_equal(atomic_load(&fixture.handled), 3);
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

static void test_truncate(void **state)
{
    static const struct {
        const char *target, *length, *body;
        bool kept; /* the body was not cut, so the connection stays */
    } cases[] = {
        {"/truncate/0", "26", "", false},
        {"/truncate/5", "26", "GET|/", false},
        {"/truncate/26", "27", "GET|/truncate/26|||0|(none", false},
        {"/truncate/500", "28", "GET|/truncate/500|||0|(none)", true},
    };
    struct fixture fixture;
    struct buf heard;
    size_t i;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    for (i = 0; i < COUNT_OF(cases); i++) {
        char wanted[64];
        int client = dial(fixture.port);
        ask(client, cases[i].target);
        if (cases[i].kept) {
            buf_clear(&heard);
            hear_answer(client, &heard);
        } else {
            assert_int_equal(hear_end(client, &heard), 0);
        }
        snprintf(wanted, sizeof(wanted), "\r\nContent-Length: %s\r\n", cases[i].length);
        assert_has(&heard, "HTTP/1.1 200 OK\r\n");
        assert_has(&heard, wanted);
        assert_string_equal(strstr(heard.data, "\r\n\r\n") + 4, cases[i].body);
        close(client);
    }
    stop(&fixture);
    buf_release(&heard);
}

/* What drips is whole in the end, takes its time, and holds up nobody else. */
static void test_drip(void **state)
{
    struct fixture fixture;
    struct buf heard, other;
    int64_t start_ms;
    int client, quick;

    (void)state;
    buf_init(&heard, LARGE);
    buf_init(&other, LARGE);
    serve(&fixture, (struct http_server_config){0});
    client = dial(fixture.port);
    start_ms = clock_monotonic(&clock_system);
    ask(client, "/drip/5");
    while (strstr(buf_text(&heard), "\r\n\r\nGET|/") == NULL)
        assert_true(hear_more(client, &heard));
    assert_has_not(&heard, "GET|/drip/5|||0|(none)");
    quick = dial(fixture.port);
    ask(quick, "/quick");
    hear_answer(quick, &other);
    close(quick);
    hear_answer(client, &heard);
    /* 22 bytes are five parts. */
    assert_true(clock_monotonic(&clock_system) - start_ms >= 4 * 20);
    assert_has(&heard, "\r\nContent-Length: 22\r\n");
    assert_has(&heard, "\r\n\r\nGET|/drip/5|||0|(none)");
    /* The connection is as good as before. */
    buf_clear(&heard);
    ask(client, "/after");
    hear_answer(client, &heard);
    assert_has(&heard, "GET|/after|");
    close(client);

    client = dial(fixture.port);
    ask(client, "/drip/3/truncate/7");
    assert_int_equal(hear_end(client, &heard), 0);
    assert_string_equal(strstr(heard.data, "\r\n\r\n") + 4, "GET|/dr");
    close(client);
    stop(&fixture);
    buf_release(&heard);
    buf_release(&other);
}

/* Who leaves while the answer drips, and a server that ends then, do no harm. */
static void test_drip_left(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int gone, left;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    gone = dial(fixture.port);
    ask(gone, "/drip/1");
    left = dial(fixture.port);
    ask(left, "/drip/1");
    wait_handled(&fixture, 2);
    close(gone);
    while (strstr(buf_text(&heard), "\r\n\r\nGET|/") == NULL)
        assert_true(hear_more(left, &heard));
    stop(&fixture);
    close(left);
    buf_release(&heard);
}

/* Nothing is there to be spoilt. */
static void test_bodiless(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int client;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    client = dial(fixture.port);
    say_text(client, "HEAD /drip/1/truncate/3 HTTP/1.1\r\nHost: t\r\n\r\n"
                     "GET /after HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    hear_all(client, &heard);
    assert_has(&heard, "\r\nContent-Length: 34\r\n");
    assert_has(&heard, "\r\n\r\nHTTP/1.1 200 OK\r\n");
    assert_has(&heard, "GET|/after|");
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset),    cmocka_unit_test(test_truncate),
        cmocka_unit_test(test_drip),     cmocka_unit_test(test_drip_left),
        cmocka_unit_test(test_bodiless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
