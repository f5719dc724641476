/*
 * An http_server that shows what it was asked, and a client of bare sockets for it, for tests. To
 * be included after cmocka.h.
 */
#ifndef ROSTER_TESTS_ECHO_SERVER_H
#define ROSTER_TESTS_ECHO_SERVER_H

#include "base/str.h"
#include "server_thread.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LARGE = 8 * 1024 * 1024, PATIENCE_MS = 20 * 1000 };

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

static inline int dial(uint16_t port)
{
    static const int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(client >= 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return client;
}

/* What the server does not take any more (it may have closed) is left out. */
static inline void say(int client, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(client, bytes, size, MSG_NOSIGNAL);
        if (sent < 0)
            return;
        bytes += sent;
        size -= (size_t)sent;
    }
}

static inline void say_text(int client, const char *text)
{
    say(client, text, strlen(text));
}

static inline void ask(int client, const char *target)
{
    char request[4096];

    snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: t\r\n\r\n", target);
    say_text(client, request);
}

/* Adds what comes next; false at the end. */
static inline bool hear_more(int client, struct buf *heard)
{
    char chunk[64 * 1024];
    struct pollfd polled = {.fd = client, .events = POLLIN};
    ssize_t got;

    assert_int_equal(poll(&polled, 1, PATIENCE_MS), 1);
    got = recv(client, chunk, sizeof(chunk), 0);
    if (got <= 0)
        return false;
    buf_add(heard, chunk, (size_t)got);
    return true;
}

static inline void hear_all(int client, struct buf *heard)
{
    buf_clear(heard);
    while (hear_more(client, heard))
        continue;
}

/* One answer with a Content-Length; what follows it stays in the buffer. Returns its size. */
static inline size_t hear_answer(int client, struct buf *heard)
{
    const char *end, *length;
    size_t wanted;

    while ((end = strstr(buf_text(heard), "\r\n\r\n")) == NULL)
        assert_true(hear_more(client, heard));
    length = strstr(buf_text(heard), "Content-Length: ");
    assert_true(length != NULL && length < end);
    wanted = (size_t)(end + 4 - heard->data) + (size_t)strtoul(length + 16, NULL, 10);
    while (heard->size < wanted)
        assert_true(hear_more(client, heard));
    return wanted;
}

static inline void assert_has(const struct buf *heard, const char *text)
{
    if (strstr(buf_text(heard), text) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", text, buf_text(heard));
}

static inline void assert_has_not(const struct buf *heard, const char *text)
{
    if (strstr(buf_text(heard), text) != NULL)
        fail_msg("\"%s\" is in \"%s\"", text, buf_text(heard));
}

#endif
