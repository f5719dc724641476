/*
 * For unit tests of what talks HTTP: a server of canned answers in a thread of its own, and a
 * client that talks to it.
 *
 * Routes are tried in order. Several routes for one request are used up one after the other, the
 * last one over and over. "{origin}" in a body stands for the server's own scheme, host and port.
 */
#ifndef ROSTER_TESTS_FAKE_SERVER_H
#define ROSTER_TESTS_FAKE_SERVER_H

#include "http/http_server.h"
#include "twilio/client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAKE_SERVER_SILENT = -1 };

struct fake_route {
    const char *request; /* "GET /v1/Services?PageSize=1000", the form of a POST behind a space */
    int status;          /* FAKE_SERVER_SILENT: no answer, until the client gives up */
    const char *body;    /* NULL: none */
};

struct fake_server {
    const struct fake_route *routes;
    size_t route_count;
    unsigned used[64];
    struct http_server *server;
    pthread_t thread;
    atomic_bool stop;
    char origin[64];
    struct buf log; /* one line a request, valid after fake_server_stop() */
    struct diag diag;
    struct redaction secret; /* "hunter22", shown as "${TOKEN}" */
    struct redactions redactions;
    struct twilio_client *client;
};

static inline void fake_server_body(struct fake_server *fake, const char *body, struct buf *out)
{
    static const char mark[] = "{origin}";
    const char *at;
    while ((at = strstr(body, mark)) != NULL) {
        buf_add(out, body, (size_t)(at - body));
        buf_add_text(out, fake->origin);
        body = at + sizeof(mark) - 1;
    }
    buf_add_text(out, body);
}

static inline void fake_server_handle(void *context, const struct http_server_request *request,
                                      struct http_server_answer *answer)
{
    struct fake_server *fake = context;
    const struct fake_route *found = NULL;
    struct buf line;
    size_t i, index = 0;

    buf_init(&line, 64 * 1024);
    buf_printf(&line, "%s %s%s%s%s%s", request->method, request->path,
               request->query[0] == '\0' ? "" : "?", request->query,
               request->body_size == 0 ? "" : " ", request->body);
    for (i = 0; i < fake->route_count; i++) {
        if (strcmp(fake->routes[i].request, buf_text(&line)) != 0)
            continue;
        found = &fake->routes[i];
        index = i;
        if (fake->used[i] == 0)
            break;
    }
    buf_printf(&fake->log, "%s\n", buf_text(&line));
    answer->status = found == NULL ? 404 : found->status;
    if (answer->status == FAKE_SERVER_SILENT) {
        answer->status = 503;
        answer->delay_ms = 60 * 1000;
    }
    answer->content_type = "application/json";
    http_server_answer_header(answer, "Twilio-Request-Id", "RQ00000000000000000000000000000001");
    if (found == NULL) {
        buf_add_text(&answer->body,
                     "{\"code\": 20404, \"message\": \"no route\", \"status\": 404}");
    } else {
        fake->used[index]++;
        if (found->body != NULL)
            fake_server_body(fake, found->body, &answer->body);
    }
    buf_release(&line);
}

static inline void *fake_server_thread(void *context)
{
    struct fake_server *fake = context;
    while (!atomic_load(&fake->stop))
        if (http_server_turn(fake->server, 1000) != 0)
            abort();
    return NULL;
}

/* A retry policy that never waits and never tries again. */
static inline const struct retry_policy *fake_server_no_retry(void)
{
    static const struct retry_policy once = {.max_attempts = 1};
    return &once;
}

/* The client works as `http` says; without a retry policy of its own it never tries again. */
static inline void fake_server_start_with(struct fake_server *fake, const struct fake_route *routes,
                                          size_t count, const struct http_engine_config *http)
{
    struct http_server_config config = {.handler = fake_server_handle, .context = fake};
    struct twilio_client_config client = {
        .credentials =
            {
                .account_sid = "AC00000000000000000000000000000001",
                .user = "AC00000000000000000000000000000001",
                .password = "secret",
            },
        .hosts = {.messaging = fake->origin, .api = fake->origin},
        .http = *http,
        .redactions = &fake->redactions,
    };

    if (client.http.retry == NULL)
        client.http.retry = fake_server_no_retry();
    memset(fake, 0, sizeof(*fake));
    if (count > sizeof(fake->used) / sizeof(fake->used[0]))
        abort();
    fake->secret = (struct redaction){"hunter22", "${TOKEN}"};
    fake->redactions = (struct redactions){.items = &fake->secret, .count = 1};
    fake->routes = routes;
    fake->route_count = count;
    buf_init(&fake->log, 1024 * 1024);
    diag_init(&fake->diag);
    fake->server = http_server_new(&config, &fake->diag);
    if (fake->server == NULL)
        abort();
    snprintf(fake->origin, sizeof(fake->origin), "http://127.0.0.1:%u",
             (unsigned)http_server_port(fake->server));
    if (pthread_create(&fake->thread, NULL, fake_server_thread, fake) != 0)
        abort();
    fake->client = twilio_client_new(&client, &fake->diag);
    if (fake->client == NULL)
        abort();
}

static inline void fake_server_start(struct fake_server *fake, const struct fake_route *routes,
                                     size_t count)
{
    fake_server_start_with(fake, routes, count, &(struct http_engine_config){0});
}

/* Ends the server and the client; the log and the diagnostics stay. */
static inline void fake_server_stop(struct fake_server *fake)
{
    twilio_client_free(fake->client);
    atomic_store(&fake->stop, true);
    http_server_wake(fake->server);
    pthread_join(fake->thread, NULL);
    http_server_free(fake->server);
}

static inline void fake_server_release(struct fake_server *fake)
{
    buf_release(&fake->log);
    diag_release(&fake->diag);
}

#endif
