/*
 * A server that misbehaves as told, for tests: one thread, one connection at a time, one step a
 * request, the last step for all that follow.
 */
#ifndef ROSTER_TESTS_RAW_SERVER_H
#define ROSTER_TESTS_RAW_SERVER_H

#include "base/buf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum raw_then {
    RAW_CLOSE,
    RAW_RESET,
    RAW_KEEP,  /* read the next request of the same connection */
    RAW_HOLD,  /* leave it open and say no more */
    RAW_LEAVE, /* stop listening, then close */
};

struct raw_step {
    const char *reply;
    size_t size; /* of the reply; 0: it is a string */
    enum raw_then then;
};

enum { RAW_HELD_MAX = 32 };

struct raw_server {
    const struct raw_step *steps;
    size_t step_count;
    bool deaf;  /* replies without reading a request */
    bool hasty; /* replies without reading a request's body */
    atomic_uint connections, requests;
    atomic_uint ended; /* connections that a step has closed: the client's socket knows it, too */
    struct buf last;   /* request; to be looked at after raw_server_stop() */
    atomic_int listener;
    int held[RAW_HELD_MAX];
    size_t held_count;
    unsigned port;
    pthread_t thread;
};

/* Reads one whole request into `last`; false when the client closes first. */
static inline bool raw_read_request(struct raw_server *server, int client)
{
    char chunk[16 * 1024];
    const char *end = NULL, *length;
    ssize_t got;

    buf_clear(&server->last);
    while (end == NULL || ((length = strstr(server->last.data, "\r\nContent-Length:")) != NULL &&
                           server->last.size < (size_t)(end + 4 - server->last.data) +
                                                   (size_t)strtoul(length + 17, NULL, 10))) {
        got = recv(client, chunk, sizeof(chunk), 0);
        if (got <= 0)
            return false;
        buf_add(&server->last, chunk, (size_t)got);
        end = strstr(server->last.data, "\r\n\r\n");
        if (end != NULL && server->hasty)
            break;
    }
    return true;
}

static inline void raw_end(struct raw_server *server, int client, enum raw_then then)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (then == RAW_HOLD) {
        if (server->held_count == RAW_HELD_MAX)
            abort();
        server->held[server->held_count++] = client;
        return;
    }
    if (then == RAW_RESET)
        setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    if (then == RAW_LEAVE) {
        close(server->listener);
        server->listener = -1;
    }
    close(client);
    atomic_fetch_add(&server->ended, 1);
}

static inline void raw_serve(struct raw_server *server, int client)
{
    const struct raw_step *step;
    const char *at;
    size_t left, index;
    ssize_t sent;

    do {
        if (!server->deaf && !raw_read_request(server, client)) {
            close(client);
            return;
        }
        index = atomic_fetch_add(&server->requests, 1);
        step = &server->steps[index < server->step_count ? index : server->step_count - 1];
        at = step->reply;
        left = step->size == 0 ? strlen(step->reply) : step->size;
        while (left > 0 && (sent = send(client, at, left, MSG_NOSIGNAL)) > 0) {
            at += sent;
            left -= (size_t)sent;
        }
    } while (step->then == RAW_KEEP);
    raw_end(server, client, step->then);
}

static inline void *raw_server_main(void *context)
{
    struct raw_server *server = context;
    int client;

    while (server->listener >= 0 && (client = accept(server->listener, NULL, NULL)) >= 0) {
        atomic_fetch_add(&server->connections, 1);
        raw_serve(server, client);
    }
    return NULL;
}

static inline unsigned raw_server_start(struct raw_server *server, const struct raw_step *steps,
                                        size_t step_count)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);

    server->steps = steps;
    server->step_count = step_count;
    server->held_count = 0;
    atomic_init(&server->connections, 0);
    atomic_init(&server->requests, 0);
    atomic_init(&server->ended, 0);
    buf_init(&server->last, BUF_LIMIT_DEFAULT);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0 ||
        bind(server->listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(server->listener, 64) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&server->thread, NULL, raw_server_main, server) != 0)
        abort();
    server->port = ntohs(address.sin_port);
    return server->port;
}

/* All clients must have closed their connections. `last` and the counts can be read after it. */
static inline void raw_server_stop(struct raw_server *server)
{
    /* Makes accept() fail; of no effect on a listener that is closed already. */
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    while (server->held_count > 0)
        close(server->held[--server->held_count]);
    if (server->listener >= 0)
        close(server->listener);
    server->listener = -1;
}

static inline void raw_server_free(struct raw_server *server)
{
    buf_release(&server->last);
}

#endif
