/*
 * The listener: requests that never come to the handler, and the end of its service.
 */
#include "http/http_server.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "raw_client.h"

struct fixture {
    struct http_server *server;
    unsigned handled, losses[4];
};

static void handle(void *context, const struct http_server_request *request,
                   struct http_server_answer *answer)
{
    struct fixture *fixture = context;

    fixture->handled++;
    if (strcmp(request->path, "/slow") == 0)
        answer->delay_ms = 50;
    buf_printf(&answer->body, "%zu signatures",
               http_server_header_count(request, "x-twilio-signature"));
}

static void lost(void *context, enum http_server_loss why)
{
    struct fixture *fixture = context;
    fixture->losses[why]++;
}

static void start(struct fixture *fixture)
{
    struct http_server_config config = {.handler = handle,
                                        .lost = lost,
                                        .context = fixture,
                                        .max_body = 1000,
                                        .idle_timeout_s = 60,
                                        .request_timeout_s = 1};
    struct diag diag;

    memset(fixture, 0, sizeof(*fixture));
    diag_init(&diag);
    fixture->server = http_server_new(&config, &diag);
    assert_non_null(fixture->server);
    diag_release(&diag);
}

/* Turns the loop until there was such a loss; a missing one ends in the test's time limit. */
static void await_loss(struct fixture *fixture, enum http_server_loss why, unsigned count)
{
    while (fixture->losses[why] < count)
        assert_int_equal(http_server_turn(fixture->server, 1000), 0);
}

static unsigned all_losses(const struct fixture *fixture)
{
    return fixture->losses[0] + fixture->losses[1] + fixture->losses[2] + fixture->losses[3];
}

/* Each byte comes soon after the one before: only the whole is late. */
static void test_dripping_requests_are_dropped(void **state)
{
    static const char *const starts[] = {
        "",
        "POS",
        "POST / HTTP/1.1\r\nHost: t\r\n",
        "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\nabc",
    };
    int clients[COUNT_OF(starts)];
    struct fixture fixture;
    struct buf heard;
    size_t i;

    (void)state;
    start(&fixture);
    buf_init(&heard, 1024 * 1024);
    for (i = 0; i < COUNT_OF(starts); i++) {
        clients[i] = dial(http_server_port(fixture.server));
        say_text(clients[i], starts[i]);
    }
    while (fixture.losses[HTTP_SERVER_TOO_SLOW] < COUNT_OF(starts)) {
        poll(NULL, 0, 10);
        assert_int_equal(http_server_turn(fixture.server, 10), 0);
        say_text(clients[3], "x");
        say_text(clients[2], "X: y\r\n");
    }
    assert_int_equal(all_losses(&fixture), COUNT_OF(starts));
    assert_int_equal(fixture.handled, 0);
    for (i = 0; i < COUNT_OF(starts); i++) {
        hear_all(clients[i], &heard);
        close(clients[i]);
    }
    http_server_free(fixture.server);
    buf_release(&heard);
}

/* Keeping a connection open after an answer is no slow request; it is closed without a count. */
static void test_idle_connections_are_no_loss(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int client;

    (void)state;
    start(&fixture);
    buf_init(&heard, 1024 * 1024);
    client = dial(http_server_port(fixture.server));
    ask(client, "/");
    while (fixture.handled == 0)
        assert_int_equal(http_server_turn(fixture.server, 1000), 0);
    hear_answer(client, &heard);
    while (poll(&(struct pollfd){.fd = client, .events = POLLIN}, 1, 0) == 0)
        assert_int_equal(http_server_turn(fixture.server, 100), 0);
    assert_int_equal(all_losses(&fixture), 0);
    close(client);
    http_server_free(fixture.server);
    buf_release(&heard);
}

static void test_large_bodies_heads_and_gone_clients(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int large, head, gone;

    (void)state;
    start(&fixture);
    buf_init(&heard, 1024 * 1024);
    large = dial(http_server_port(fixture.server));
    buf_add_text(&heard, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2000\r\n\r\n");
    buf_add_fill(&heard, 'x', 2000);
    say(large, heard.data, heard.size);
    await_loss(&fixture, HTTP_SERVER_BODY_TOO_LARGE, 1);
    buf_clear(&heard);
    hear_answer(large, &heard);
    assert_has(&heard, "HTTP/1.1 413 ");
    buf_clear(&heard);
    buf_add_text(&heard, "GET / HTTP/1.1\r\nHost: t\r\nX: ");
    buf_add_fill(&heard, 'x', 60 * 1000);
    head = dial(http_server_port(fixture.server));
    say(head, heard.data, heard.size);
    await_loss(&fixture, HTTP_SERVER_BAD_HEAD, 1);
    gone = dial(http_server_port(fixture.server));
    say_text(gone, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\nabc");
    while (http_server_requests(fixture.server) == 0)
        assert_int_equal(http_server_turn(fixture.server, 1000), 0);
    close(gone);
    await_loss(&fixture, HTTP_SERVER_ABORTED, 1);
    assert_int_equal(all_losses(&fixture), 3);
    assert_int_equal(fixture.handled, 0);
    close(large);
    close(head);
    http_server_free(fixture.server);
    buf_release(&heard);
}

static void test_counts_headers(void **state)
{
    struct fixture fixture;
    struct buf heard;
    int client;

    (void)state;
    start(&fixture);
    buf_init(&heard, 1024 * 1024);
    client = dial(http_server_port(fixture.server));
    say_text(client, "GET / HTTP/1.1\r\nHost: t\r\nX-Twilio-Signature: a\r\n"
                     "x-twilio-signature: b\r\nX-Twilio-Signatures: c\r\n\r\n");
    while (fixture.handled == 0)
        assert_int_equal(http_server_turn(fixture.server, 1000), 0);
    hear_answer(client, &heard);
    assert_has(&heard, "2 signatures");
    close(client);
    http_server_free(fixture.server);
    buf_release(&heard);
}

/* What has begun is answered, and told that it was the last; what comes then is refused. */
static void test_drains(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct fixture fixture;
    struct buf heard;
    int slow, whole, late;

    (void)state;
    start(&fixture);
    buf_init(&heard, 1024 * 1024);
    slow = dial(http_server_port(fixture.server));
    whole = dial(http_server_port(fixture.server));
    ask(slow, "/slow");
    say_text(whole, "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\na");
    while (fixture.handled == 0 || http_server_requests(fixture.server) < 2)
        assert_int_equal(http_server_turn(fixture.server, 1000), 0);
    http_server_stop_accepting(fixture.server);
    http_server_stop_accepting(fixture.server);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(http_server_port(fixture.server));
    late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_not_equal(connect(late, (struct sockaddr *)&address, sizeof(address)), 0);
    say_text(whole, "bc");
    while (http_server_requests(fixture.server) > 0)
        assert_int_equal(http_server_turn(fixture.server, 1000), 0);
    hear_answer(slow, &heard);
    assert_has(&heard, "0 signatures");
    hear_all(whole, &heard);
    assert_has(&heard, "0 signatures");
    assert_has(&heard, "Connection: close");
    assert_int_equal(all_losses(&fixture), 0);
    close(slow);
    close(whole);
    close(late);
    http_server_free(fixture.server);
    buf_release(&heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dripping_requests_are_dropped),
        cmocka_unit_test(test_idle_connections_are_no_loss),
        cmocka_unit_test(test_large_bodies_heads_and_gone_clients),
        cmocka_unit_test(test_counts_headers),
        cmocka_unit_test(test_drains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
