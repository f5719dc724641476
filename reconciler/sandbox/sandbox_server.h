/*
 * The sandbox as an HTTP handler: authentication, routes, Twilio's headers, latency, faults, limits
 * and the log, around the handlers of the resources. Its answers depend on the account, the
 * request, the clock and the seed alone; nothing here knows who asks.
 *
 * Faults are chosen first, for all requests, so that what a request gets depends on the order of
 * requests and not on their speed; limits then hold for those that are to have an effect. A request
 * is in progress until its answer has gone out: latency, delays and slow answers count.
 *
 *     struct sandbox_server *server = sandbox_server_new(&config);
 *     struct http_server_config http = {.handler = sandbox_server_handle, .context = server};
 *
 * One port serves both of the real one's hosts: /v1/... is messaging.twilio.com, /2010-04-01/...
 * is api.twilio.com. What controls the sandbox itself is under /-/.
 *
 * Not thread-safe.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_SERVER_H
#define ROSTER_SANDBOX_SANDBOX_SERVER_H

#include "base/clock.h"
#include "base/random.h"
#include "http/http_server.h"
#include "sandbox/sandbox_callbacks.h"
#include "sandbox/sandbox_faults.h"
#include "sandbox/sandbox_outcome.h"
#include "sandbox/sandbox_store.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sandbox_server;

struct sandbox_config {
    struct sandbox_store *store; /* borrowed; changes set its `dirty` */
    const struct clock *clock;
    struct random_state random; /* where request SIDs come from */
    int64_t latency_ms;         /* every answer is that late */
    /* Of messages, see struct sandbox_simulator_config. */
    int64_t message_delay_ms;
    bool manual_clock, synchronous_pool_errors;
    const struct sandbox_recipients *recipients;
    struct sandbox_callback_faults *callback_faults;
    sandbox_post *post;
    void *post_context;
    size_t (*pending)(void *post_context);
    /*
     * A service's AlphaSender is one of its DestinationAlphaSenders as well, the default one.
     * Whether it is with the real one is not known.
     */
    bool alpha_in_destinations;
    struct sandbox_faults *faults; /* borrowed; NULL: none */
    int64_t rate;                  /* requests a second, past which 429 is answered; 0: any */
    size_t max_concurrency;        /* requests in progress, past which it is; 0: any */
    FILE *log;                     /* borrowed; NULL: none */
    bool log_bodies;
};

struct sandbox_server *sandbox_server_new(const struct sandbox_config *config);
void sandbox_server_free(struct sandbox_server *server);

/* Does what is due of messages and their callbacks; requests do, too. */
void sandbox_server_advance(struct sandbox_server *server);

/* How long until something is; -1: nothing is. */
int64_t sandbox_server_wait_ms(const struct sandbox_server *server);

/* What of a request counts. NULL for headers that it does not have. */
struct sandbox_input {
    const char *method, *path, *query;
    const char *body;
    size_t body_size;
    const char *authorization, *host, *user_agent, *content_type;
};

/* Answers one request. */
void sandbox_server_answer(struct sandbox_server *server, const struct sandbox_input *input,
                           struct http_server_answer *answer);

/* The same as a listener's handler; `context` is the server. */
http_server_handler sandbox_server_handle;

/* Whether a line of the log could not be written. */
bool sandbox_server_log_failed(const struct sandbox_server *server);

#endif
