/*
 * A client of bare sockets, for tests: what it hears is what came over the wire. To be included
 * after cmocka.h.
 */
#ifndef ROSTER_TESTS_RAW_CLIENT_H
#define ROSTER_TESTS_RAW_CLIENT_H

#include "base/buf.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 20 * 1000 };

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

/* Adds what comes next; false at the end, with errno as it was or as the error has it. */
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

/* Everything up to the end, and how the connection ended: 0 for a close, else the error. */
static inline int hear_end(int client, struct buf *heard)
{
    buf_clear(heard);
    errno = 0;
    while (hear_more(client, heard))
        continue;
    return errno;
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
