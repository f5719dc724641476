/*
 * An http_server that shows what it was asked, for tests. To be included after cmocka.h.
 */
#ifndef ROSTER_TESTS_ECHO_SERVER_H
#define ROSTER_TESTS_ECHO_SERVER_H

#include "base/str.h"
#include "raw_client.h"
#include "server_thread.h"

#include <stdlib.h>
#include <string.h>

enum { LARGE = 8 * 1024 * 1024 };

/* "/drip/5" asks for five bytes at a time, with 20 ms between them. */
static inline void echo_spoil(const char *path, struct http_server_spoil *spoil)
{
    const char *truncate = strstr(path, "/truncate/"), *drip = strstr(path, "/drip/");

    spoil->reset = str_ends_with(path, "/reset");
    spoil->truncate = truncate != NULL;
    if (truncate != NULL)
        spoil->truncate_at = strtoul(truncate + strlen("/truncate/"), NULL, 10);
    if (drip != NULL)
        spoil->drip = strtoul(drip + strlen("/drip/"), NULL, 10);
    spoil->drip_gap_ms = 20;
}

/* Shows the request in the answer's body; some paths ask for more. */
static inline void echo(void *context, const struct http_server_request *request,
                        struct http_server_answer *answer)
{
    atomic_uint *handled = context;
    const char *test = http_server_header(request, "x-test");

    buf_printf(&answer->body, "%s|%s|%s|%s|%zu|%s", request->method, request->path, request->query,
               request->body, request->body_size, test == NULL ? "(none)" : test);
    answer->content_type = "text/x-echo";
    http_server_answer_header(answer, "X-First", "1");
    http_server_answer_header(answer, "X-Second", "2");
    if (str_starts_with(request->path, "/status/"))
        answer->status = (int)strtol(request->path + strlen("/status/"), NULL, 10);
    else if (str_starts_with(request->path, "/delay/"))
        answer->delay_ms = (int)strtol(request->path + strlen("/delay/"), NULL, 10);
    else if (str_equal(request->path, "/large"))
        buf_add_fill(&answer->body, 'x', LARGE - answer->body.size);
    else if (str_equal(request->path, "/smuggle"))
        http_server_answer_header(answer, "X-Smuggle", "a\r\nX-Injected: b");
    else if (str_equal(request->path, "/overflow"))
        answer->body.full = true;
    else if (str_equal(request->path, "/plain"))
        answer->content_type = NULL;
    echo_spoil(request->path, &answer->spoil);
    atomic_fetch_add(handled, 1);
}

struct fixture {
    struct server_thread running;
    atomic_uint handled; /* calls of the handler */
    uint16_t port;
};

static inline void serve(struct fixture *fixture, struct http_server_config config)
{
    atomic_init(&fixture->handled, 0);
    config.handler = echo;
    config.context = &fixture->handled;
    fixture->port = (uint16_t)server_thread_start(&fixture->running, &config);
}

static inline void stop(struct fixture *fixture)
{
    server_thread_free(&fixture->running);
}

static inline void wait_handled(struct fixture *fixture, unsigned count)
{
    while (atomic_load(&fixture->handled) < count)
        poll(NULL, 0, 1);
}

#endif
