/*
 * What watch answers over HTTP:
 *
 *   GET  /             the status page          GET  /healthz   alive: always 200
 *   GET  /status.json  the same for programs    GET  /readyz    200, or 503 and why
 *   GET  /plan.json    the last plan            GET  /metrics   for Prometheus
 *   POST /hook         a push to the repository, signed as GitHub or GitLab do: 202
 *
 * Without a password, on a loopback address, only requests to a name of this machine are answered
 * (421), so that no page of the web can read ours by a name of its own that leads here.
 *
 * With a password all but /healthz and /hook ask for it (HTTP basic authentication); both it and
 * the secret of /hook are compared in constant time. Without a secret there is no /hook.
 */
#ifndef ROSTER_CLI_WATCH_HTTP_H
#define ROSTER_CLI_WATCH_HTTP_H

#include "cli/watch_status.h"

#include "base/clock.h"
#include "http/http_server.h"

/* Bytes of a request's body, with and without webhooks. */
enum { WATCH_HOOK_MAX = 2 * 1024 * 1024, WATCH_BODY_MAX = 16 * 1024 };

struct watch_http {
    struct watch_status *status;
    const char *user, *password; /* NULL: nobody is asked */
    const char *hook_secret;     /* NULL: no /hook */
    const struct clock *clock;
    bool hooked; /* set by a genuine webhook; the loop takes it back */
};

/* For http_server_config; `context` is a struct watch_http. */
http_server_handler watch_http_handle;

#endif
