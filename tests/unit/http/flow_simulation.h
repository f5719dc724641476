/*
 * A client that sends as flow.h allows, against servers with limits, in simulated time, for tests.
 * A millisecond a step. Refused requests come back as retry.h says.
 */
#ifndef ROSTER_TESTS_FLOW_SIMULATION_H
#define ROSTER_TESTS_FLOW_SIMULATION_H

#include "base/random.h"
#include "http/flow.h"
#include "http/retry.h"
#include "http/timers.h"

#include <stdlib.h>
#include <string.h>

/* What the server allows; 0: no limit of that sort. */
struct simulated_server {
    unsigned latency_ms, jitter_ms; /* of an answer: from latency to latency + jitter */
    unsigned rate, burst;           /* refuses beyond that with Retry-After: 1 */
    unsigned concurrency;           /* refuses beyond that */
    unsigned workers;               /* more than that wait for each other */
    unsigned chance;                /* refuses so many of a hundred, with Retry-After: 1 */
};

struct simulated_request {
    uint64_t number;
    unsigned attempts;
    int64_t first_ms, sent_ms;
    bool refused;
};

struct simulation {
    struct flow flow;
    struct simulated_server server;
    struct random_state random;
    int64_t now_ms;
    int64_t credit; /* of the server's bucket, in thousandths of a request */
    unsigned here;  /* requests at the server */
    struct timers arriving, answering, waiting;
    struct simulated_request **ready; /* a stack: retries first */
    size_t ready_count, left;         /* left: not yet sent for the first time */
    struct simulated_request *all;
    /* What came of it. */
    size_t sent, good, refused, failed;
    unsigned smallest; /* window since simulation_watch() */
    unsigned most;     /* requests sent in one millisecond, since then */
};

static inline void simulation_init(struct simulation *simulation, unsigned parallelism,
                                   unsigned rate, const struct simulated_server *server,
                                   size_t count, uint64_t seed)
{
    memset(simulation, 0, sizeof(*simulation));
    simulation->now_ms = 1000 * 1000 + 17;
    flow_init(&simulation->flow, parallelism, rate, simulation->now_ms);
    simulation->server = *server;
    simulation->credit = (int64_t)server->burst * 1000;
    random_seed(&simulation->random, seed);
    simulation->left = count;
    simulation->all = calloc(count, sizeof(*simulation->all));
    simulation->ready = calloc(count, sizeof(struct simulated_request *));
    if (simulation->all == NULL || simulation->ready == NULL)
        abort();
    simulation->smallest = parallelism;
}

static inline void simulation_release(struct simulation *simulation)
{
    timers_release(&simulation->arriving);
    timers_release(&simulation->answering);
    timers_release(&simulation->waiting);
    free(simulation->ready);
    free(simulation->all);
}

static inline void simulation_watch(struct simulation *simulation)
{
    simulation->smallest = simulation->flow.window.size;
    simulation->most = 0;
    simulation->sent = simulation->good = simulation->refused = 0;
}

static inline bool simulated_refusal(struct simulation *simulation)
{
    const struct simulated_server *server = &simulation->server;

    if (server->concurrency != 0 && simulation->here >= server->concurrency)
        return true;
    if (server->chance != 0 && random_below(&simulation->random, 100) < server->chance)
        return true;
    if (server->rate == 0)
        return false;
    if (simulation->credit < 1000)
        return true;
    simulation->credit -= 1000;
    return false;
}

static inline void simulation_arrive(struct simulation *simulation,
                                     struct simulated_request *request)
{
    const struct simulated_server *server = &simulation->server;
    int64_t latency = server->latency_ms;

    request->refused = simulated_refusal(simulation);
    simulation->here++;
    latency += (int64_t)random_below(&simulation->random, server->jitter_ms + 1);
    if (server->workers != 0 && simulation->here > server->workers)
        latency = latency * simulation->here / server->workers;
    timers_add(&simulation->answering, simulation->now_ms + (request->refused ? 1 : latency),
               request);
}

static inline void simulation_refused(struct simulation *simulation,
                                      struct simulated_request *request)
{
    int64_t after_ms = simulation->server.rate != 0 || simulation->server.chance != 0 ? 1000 : -1;
    struct retry_input input = {.method = HTTP_POST,
                                .status = 429,
                                .attempt = request->attempts,
                                .retry_after_ms = after_ms,
                                .elapsed_ms = simulation->now_ms - request->first_ms,
                                .random = random_unit(&simulation->random)};
    struct retry_decision decision = retry_decide(&retry_policy_default, &input);

    simulation->refused++;
    flow_refused(&simulation->flow, request->number,
                 decision.again && after_ms >= 0 ? decision.delay_ms : -1, simulation->now_ms);
    if (decision.again)
        timers_add(&simulation->waiting, simulation->now_ms + decision.delay_ms, request);
    else
        simulation->failed++;
}

static inline void simulation_answer(struct simulation *simulation,
                                     struct simulated_request *request)
{
    simulation->here--;
    if (request->refused) {
        simulation_refused(simulation, request);
        return;
    }
    simulation->good++;
    flow_answered(&simulation->flow, request->number, 0,
                  (simulation->now_ms - request->sent_ms) * 1000, simulation->now_ms);
}

/* Sends what may be sent now. */
static inline void simulation_send(struct simulation *simulation)
{
    struct simulated_request *request;
    unsigned sent = 0;
    int64_t wait_ms;

    while (simulation->ready_count + simulation->left > 0 &&
           flow_next(&simulation->flow, simulation->now_ms, &wait_ms) == FLOW_FREE) {
        if (simulation->ready_count > 0)
            request = simulation->ready[--simulation->ready_count];
        else
            request = &simulation->all[--simulation->left];
        if (request->attempts++ == 0)
            request->first_ms = simulation->now_ms;
        request->number = flow_sent(&simulation->flow, simulation->now_ms);
        request->sent_ms = simulation->now_ms;
        timers_add(&simulation->arriving, simulation->now_ms + 1, request);
        sent++;
    }
    simulation->sent += sent;
    if (sent > simulation->most)
        simulation->most = sent;
}

/* One millisecond; false when all is done. */
static inline bool simulation_step(struct simulation *simulation)
{
    const struct simulated_server *server = &simulation->server;
    struct simulated_request *request;

    simulation->now_ms++;
    simulation->credit += server->rate;
    if (simulation->credit > (int64_t)server->burst * 1000)
        simulation->credit = (int64_t)server->burst * 1000;
    while ((request = timers_take_due(&simulation->answering, simulation->now_ms)) != NULL)
        simulation_answer(simulation, request);
    while ((request = timers_take_due(&simulation->arriving, simulation->now_ms)) != NULL)
        simulation_arrive(simulation, request);
    while ((request = timers_take_due(&simulation->waiting, simulation->now_ms)) != NULL)
        simulation->ready[simulation->ready_count++] = request;
    simulation_send(simulation);
    if (simulation->flow.window.size < simulation->smallest)
        simulation->smallest = simulation->flow.window.size;
    return simulation->left + simulation->ready_count + simulation->waiting.count +
               simulation->flow.window.in_flight >
           0;
}

/* So long, or until all is done. */
static inline void simulation_run(struct simulation *simulation, int64_t ms)
{
    while (ms-- > 0 && simulation_step(simulation))
        continue;
}

#endif
