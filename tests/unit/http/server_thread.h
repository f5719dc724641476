/*
 * An http_server that turns in a thread of its own, for tests. The handler runs in that thread.
 */
#ifndef ROSTER_TESTS_SERVER_THREAD_H
#define ROSTER_TESTS_SERVER_THREAD_H

#include "http/http_server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct server_thread {
    struct http_server *server;
    pthread_t thread;
    atomic_bool stop;
};

static inline void *server_thread_main(void *context)
{
    struct server_thread *running = context;

    while (!atomic_load(&running->stop))
        if (http_server_turn(running->server, -1) != 0)
            abort();
    return NULL;
}

/* Starts it on a free port of 127.0.0.1; aborts when it can't. Returns the port. */
static inline unsigned server_thread_start(struct server_thread *running,
                                           const struct http_server_config *config)
{
    struct diag diag;

    diag_init(&diag);
    atomic_init(&running->stop, false);
    running->server = http_server_new(config, &diag);
    diag_release(&diag);
    if (running->server == NULL ||
        pthread_create(&running->thread, NULL, server_thread_main, running) != 0)
        abort();
    return http_server_port(running->server);
}

/* Ends the thread; the server's connections stay open until server_thread_free(). */
static inline void server_thread_stop(struct server_thread *running)
{
    atomic_store(&running->stop, true);
    http_server_wake(running->server);
    pthread_join(running->thread, NULL);
}

static inline void server_thread_free(struct server_thread *running)
{
    server_thread_stop(running);
    http_server_free(running->server);
}

#endif
