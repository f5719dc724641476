/*
 * The listener: delays, many clients, their coming and going, and the turns of its loop.
 */
#include "http/http_server.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "echo_server.h"

static void test_delay(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int64_t start_ms;
    int client;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    client = dial(fixture.port);
    start_ms = clock_monotonic(&clock_system);
    ask(client, "/delay/50");
    hear_answer(client, &heard);
    assert_true(clock_monotonic(&clock_system) - start_ms >= 50);
    assert_has(&heard, "GET|/delay/50|");
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

/* Any number of answers that wait hold up no other; freeing the server drops them. */
static void test_many_delayed(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int waiting[25], client;
    size_t i;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    for (i = 0; i < COUNT_OF(waiting); i++) {
        waiting[i] = dial(fixture.port);
        ask(waiting[i], "/delay/3600000");
    }
    wait_handled(&fixture, COUNT_OF(waiting));
    client = dial(fixture.port);
    ask(client, "/at-once");
    hear_answer(client, &heard);
    assert_has(&heard, "GET|/at-once|");
    stop(&fixture);
    for (i = 0; i < COUNT_OF(waiting); i++) {
        hear_all(waiting[i], &heard);
        assert_int_equal(heard.size, 0);
        close(waiting[i]);
    }
    close(client);
    buf_release(&heard);
}

/* Closes with a reset, as a client does that was killed. */
static void hang_up(int client)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(client);
}

/* Who has gone before the answer came does no harm, also when it is large (SIGPIPE). */
static void test_gone_clients(void **state)
{
    static const char *const targets[] = {"/delay/10", "/large", "/delay/3600000", "/delay/20"};
    struct fixture fixture;
    struct buf heard;
    size_t i;
    int client;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){0});
    for (i = 0; i < COUNT_OF(targets); i++) {
        client = dial(fixture.port);
        ask(client, targets[i]);
        wait_handled(&fixture, (unsigned)i + 1);
        hang_up(client);
    }
    client = dial(fixture.port);
    say_text(client, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nbegun");
    hang_up(client);
    client = dial(fixture.port);
    ask(client, "/delay/40");
    hear_answer(client, &heard);
    assert_has(&heard, "GET|/delay/40|");
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

/* Past the cap a client waits, and is served as soon as another has left. */
static void test_connection_cap(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int first, second;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){.max_connections = 1});
    first = dial(fixture.port);
    ask(first, "/first");
    hear_answer(first, &heard);
    buf_clear(&heard);
    second = dial(fixture.port);
    ask(second, "/second");
    ask(first, "/first");
    hear_answer(first, &heard);
    buf_clear(&heard);
    assert_int_equal(atomic_load(&fixture.handled), 2);
    close(first);
    hear_answer(second, &heard);
    assert_has(&heard, "GET|/second|");
    close(second);
    stop(&fixture);
    buf_release(&heard);
}

static void test_idle_timeout(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int client;

    (void)state;
    buf_init(&heard, LARGE);
    serve(&fixture, (struct http_server_config){.idle_timeout_s = 1});
    client = dial(fixture.port);
    say_text(client, "GET / HT");
    hear_all(client, &heard);
    assert_has_not(&heard, " 200 ");
    assert_int_equal(atomic_load(&fixture.handled), 0);
    close(client);
    stop(&fixture);
    buf_release(&heard);
}

static void test_wake_and_timeout(void **state)
{
    atomic_uint handled;
    struct http_server_config config = {.handler = echo, .context = &handled};
    struct http_server *server;
    struct diag diag;

    (void)state;
    atomic_init(&handled, 0);
    diag_init(&diag);
    server = http_server_new(&config, &diag);
    assert_non_null(server);
    http_server_wake(server);
    http_server_wake(server);
    assert_int_equal(http_server_turn(server, -1), 0);
    assert_int_equal(http_server_turn(server, 0), 0);
    assert_int_equal(http_server_turn(server, 1), 0);
    http_server_wake(server);
    assert_int_equal(http_server_turn(server, -1), 0);
    http_server_free(server);
    http_server_free(NULL);
    diag_release(&diag);
}

static void test_listen_errors(void **state)
{
    atomic_uint handled;
    struct http_server_config config = {.handler = echo, .context = &handled};
    struct http_server *server;
    struct diag diag;
    char wanted[100];

    (void)state;
    atomic_init(&handled, 0);
    diag_init(&diag);
    server = http_server_new(&config, &diag);
    assert_non_null(server);
    assert_int_equal(diag.count, 0);
    config.port = http_server_port(server);
    assert_true(config.port != 0);
    assert_null(http_server_new(&config, &diag));
    snprintf(wanted, sizeof(wanted), "cannot listen on 127.0.0.1 port %u: Address already in use",
             (unsigned)config.port);
    assert_int_equal(diag.count, 1);
    assert_string_equal(diag.items[0].message, wanted);
    assert_non_null(strstr(diag.items[0].help, "choose another port"));
    config.address = "localhost";
    assert_null(http_server_new(&config, &diag));
    assert_string_equal(diag.items[1].message,
                        "cannot listen on \"localhost\": it is not a numeric address");
    http_server_free(server);
    diag_release(&diag);
}

static void test_ipv6(void **state)
{
    atomic_uint handled;
    struct http_server_config config = {.address = "::1", .handler = echo, .context = &handled};
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct http_server *server;
    struct diag diag;
    int client;

    (void)state;
    diag_init(&diag);
    server = http_server_new(&config, &diag);
    diag_release(&diag);
    if (server == NULL)
        skip(); /* a machine without IPv6 */
    address.sin6_port = htons(http_server_port(server));
    client = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
    close(client);
    http_server_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delay),         cmocka_unit_test(test_many_delayed),
        cmocka_unit_test(test_gone_clients),  cmocka_unit_test(test_connection_cap),
        cmocka_unit_test(test_idle_timeout),  cmocka_unit_test(test_wake_and_timeout),
        cmocka_unit_test(test_listen_errors), cmocka_unit_test(test_ipv6),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
