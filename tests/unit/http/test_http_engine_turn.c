/*
 * The engine's turns: one thread and one loop for a listener and the client that asks it.
 */
#include "http/http_engine.h"

#include "base/clock.h"
#include "engine_result.h"
#include "http/http_server.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

struct fixture {
    struct http_server *server;
    struct http_engine *engine;
    char url[64];
};

static void show_headers(void *context, const struct http_server_request *request,
                         struct http_server_answer *answer)
{
    const char *first = http_server_header(request, "X-First");
    const char *second = http_server_header(request, "X-Second");

    (void)context;
    buf_printf(&answer->body, "%s|%s|%s", first == NULL ? "(none)" : first,
               second == NULL ? "(none)" : second, request->body);
    if (strcmp(request->path, "/late") == 0)
        answer->delay_ms = 20;
}

static void start(struct fixture *f)
{
    const struct http_server_config server = {.handler = show_headers};
    struct diag diag;

    diag_init(&diag);
    f->server = http_server_new(&server, &diag);
    assert_non_null(f->server);
    diag_release(&diag);
    f->engine = engine_new(&(struct http_engine_config){0});
}

static void end(struct fixture *f)
{
    http_engine_free(f->engine);
    http_server_free(f->server);
}

static void submit(struct fixture *f, const char *path, const char *first, struct result *result)
{
    struct http_request request = {.method = HTTP_POST, .form = "a=1"};

    snprintf(f->url, sizeof(f->url), "http://127.0.0.1:%u%s", (unsigned)http_server_port(f->server),
             path);
    request.url = f->url;
    request.extra[1].name = "X-First";
    request.extra[1].value = first;
    http_engine_submit(f->engine, &request, result_keep, result);
}

/* Returns whether the engine has something left. */
static int turn(struct fixture *f)
{
    int left =
        http_engine_turn(f->engine, http_server_fd(f->server), http_server_wait_ms(f->server, -1));
    assert_int_equal(http_server_turn(f->server, 0), 0);
    return left;
}

static void test_one_loop(void **state)
{
    struct result results[3] = {{0}};
    struct fixture f;

    (void)state;
    start(&f);
    submit(&f, "/late", "one", &results[0]);
    submit(&f, "/", NULL, &results[1]);
    while (turn(&f) != 0)
        continue;
    assert_int_equal(results[0].response.status, 200);
    assert_string_equal(results[0].body, "one|(none)|a=1");
    assert_string_equal(results[1].body, "(none)|(none)|a=1");
    /* And again, after it was idle. */
    submit(&f, "/", "two", &results[2]);
    while (turn(&f) != 0)
        continue;
    assert_string_equal(results[2].body, "two|(none)|a=1");
    end(&f);
}

/* An idle engine waits for the other descriptor; a listener that is woken makes its own readable.
 */
static void test_other_descriptor(void **state)
{
    struct fixture f;

    (void)state;
    start(&f);
    http_server_wake(f.server);
    assert_int_equal(http_engine_turn(f.engine, http_server_fd(f.server), -1), 0);
    assert_int_equal(http_server_turn(f.server, 0), 0);
    /* The wake is used up: now only the time ends the wait. */
    assert_int_equal(http_engine_turn(f.engine, http_server_fd(f.server), 1), 0);
    assert_int_equal(http_engine_turn(f.engine, -1, 0), 0);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_loop),
        cmocka_unit_test(test_other_descriptor),
    };

    return cmocka_run_group_tests(tests, forget_proxies, NULL);
}
