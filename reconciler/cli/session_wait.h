/*
 * Waiting for the account: what is shown of it on a terminal, and said of it with --verbose.
 *
 *     session_wait_begin(&wait, session->client, options, "Reading the account", &session->live);
 *     ... live_fetch() ...
 *     session_wait_end(&wait);
 */
#ifndef ROSTER_CLI_SESSION_WAIT_H
#define ROSTER_CLI_SESSION_WAIT_H

#include "base/buf.h"
#include "cli/options.h"
#include "http/http_engine.h"
#include "model/live_state.h"
#include "twilio/client.h"

#include <stdint.h>

struct session_wait {
    struct twilio_client *client;
    struct logger *log;
    const char *what;
    const struct live_state *live;
    struct http_engine_stats before;
    int64_t begun_ms;
};

/* `what` is the beginning of a line; `live` is what is being filled, NULL: nothing. Both are
 * borrowed until the end. */
void session_wait_begin(struct session_wait *wait, struct twilio_client *client,
                        const struct options *options, const char *what,
                        const struct live_state *live);

/* Says what it took, unless nothing was asked. */
void session_wait_end(struct session_wait *wait);

/* ", paused by the API for 2 s", when requests that could be sent are held back. */
void session_wait_add_reason(const struct http_engine_pulse *pulse, struct buf *out);

#endif
