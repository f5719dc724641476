/*
 * HTTP client: many requests at once, one thread, over curl's multi interface.
 *
 * Submit requests with a callback, then run: http_engine_run() returns when nothing is queued, in
 * flight or waiting to be retried. Callbacks run inside it and may submit more. Connections are
 * kept alive; HTTP/2 is used where TLS offers it.
 *
 * How many requests are in flight, and how fast they follow each other, adapts to what the server
 * bears, as flow.h says, within `parallelism` and `rate`; the rest wait in order of submission.
 * Urgent requests go before all others, and obey the limits like them.
 *
 * TLS is verified, redirects are not followed, and plain http is refused except to loopback
 * addresses (127.0.0.0/8, ::1, localhost). Bodies are capped. Attempts are repeated as retry.h
 * says.
 *
 *     struct http_engine *engine = http_engine_new(&config, diag);
 *     http_engine_submit(engine, &request, on_answer, context);
 *     http_engine_run(engine);
 *     http_engine_free(engine);
 *
 * Not thread-safe. Nothing of a request's credentials or body is ever put in a message; an observer
 * (http_observer.h) sees them.
 */
#ifndef ROSTER_HTTP_HTTP_ENGINE_H
#define ROSTER_HTTP_HTTP_ENGINE_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "http/http_observer.h"
#include "http/retry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_engine;

struct http_engine_config {
    unsigned parallelism;             /* most requests in flight; 0: 32 */
    unsigned rate;                    /* most requests a second; 0: any */
    int64_t connect_timeout_ms;       /* 0: 10 s */
    int64_t total_timeout_ms;         /* one attempt, from its start to its last byte; 0: 30 s */
    size_t max_body;                  /* bytes of an answer's body; 0: 16 MiB */
    const struct retry_policy *retry; /* NULL: retry_policy_default; must outlive the engine */
    const char *ca_file;              /* PEM file of trusted certificates; NULL: the system's */
    const char *user_agent;           /* NULL: "roster" */
    const struct clock *clock; /* for Retry-After dates and elapsed time; NULL: the system's */
    uint64_t seed;             /* of the jitter; 0: from the operating system */
    bool read_only;            /* nothing but GET is sent; the rest gets HTTP_FAULT_PROTOCOL */
    const struct http_observer *observer; /* told of each attempt; NULL: nobody; copied */
};

enum { HTTP_EXTRA_HEADERS = 2 };

struct http_request {
    enum http_method method;
    const char *url;  /* absolute */
    const char *user; /* Basic authentication; NULL: none */
    const char *password;
    const char *form;   /* POST body, already encoded (base/form.h); NULL: empty */
    const char *json;   /* or instead of it a document, sent as application/json */
    const char *accept; /* NULL: application/json */
    bool urgent;        /* goes before all that waits */
    bool repeatable;    /* having it arrive twice does no harm: a POST is repeated as a GET is */
    int64_t delay_ms;   /* not before so long after it was submitted */
    struct {
        const char *name, *value; /* without control characters; NULL: none */
    } extra[HTTP_EXTRA_HEADERS];  /* names have to outlive the request, values are copied */
};

struct http_response {
    enum http_fault fault;
    int status;       /* 0 with a fault */
    const char *body; /* NUL-terminated; "" when none */
    size_t body_size;
    const char *content_type; /* as sent; "" when missing */
    const char *request_id;   /* Twilio-Request-Id; "" when missing */
    const char *error;        /* with a fault: what went wrong, without the URL; else "" */
    unsigned attempts;        /* how often it was sent, this answer's time included */
    int64_t duration_ms;      /* from the first attempt's start to the end, waits included */
};

/* Everything in `response` is valid only during the call. */
typedef void http_callback(void *context, const struct http_response *response);

struct http_engine_stats {
    size_t requests; /* submitted */
    size_t attempts; /* sent, repeats included */
    size_t retries;
    size_t throttled; /* answers with status 429 */
    size_t finished;  /* requests that were called back */
    unsigned in_flight_peak;
    size_t answers;     /* whole ones, but for those with status 429, ... */
    int64_t answers_us; /* ... and how long they took together, in microseconds */
};

/* Why requests that could be sent are not, while a run goes on. */
enum http_wait {
    HTTP_WAIT_NONE,       /* nothing waits but for answers */
    HTTP_WAIT_RATE_LIMIT, /* the config's rate */
    HTTP_WAIT_PACE,       /* the rate that was learned from the server's refusals */
    HTTP_WAIT_PAUSE,      /* the server asked for it: Retry-After */
    HTTP_WAIT_RETRIES,    /* nothing is left but what is to be tried again later */
};

/* The state of a run right now, to be shown. */
struct http_engine_pulse {
    unsigned in_flight;
    unsigned window;     /* how many may be */
    unsigned per_second; /* good answers in the last second */
    enum http_wait wait;
    int64_t wait_ms;  /* with HTTP_WAIT_PAUSE and _RETRIES: how long it still takes */
    unsigned learned; /* requests a second that the server seems to bear; 0: not known */
};

typedef void http_watcher(void *context);

/* Reports and returns NULL when curl can't be set up. */
struct http_engine *http_engine_new(const struct http_engine_config *config, struct diag *diag);

/* Drops what is queued or in flight without calling back. Accepts NULL. */
void http_engine_free(struct http_engine *engine);

/*
 * Queues a request; copies what it needs of it. Every submitted request is called back exactly
 * once, from http_engine_run(), also when its URL is not allowed (HTTP_FAULT_PROTOCOL).
 */
void http_engine_submit(struct http_engine *engine, const struct http_request *request,
                        http_callback *callback, void *context);

/*
 * Ends all sending at a time of the machine's monotonic clock (0: never, as in the beginning). From
 * then on requests that are not urgent are answered with HTTP_FAULT_OVER instead of being sent, or
 * sent again; those that wait for it already are so at that moment. A write that is in flight gets
 * its answer; a read, and what is repeatable, is given up.
 */
void http_engine_end_at(struct http_engine *engine, int64_t end_ms);
bool http_engine_is_over(const struct http_engine *engine);

/* Runs until idle. */
void http_engine_run(struct http_engine *engine);

/*
 * The same, with `turn` called whenever the callbacks of what has ended so far have returned, and
 * after a signal woke the engine: what callbacks decided together can be submitted together there.
 */
typedef void http_turn(void *context);
void http_engine_run_with(struct http_engine *engine, http_turn *turn, void *context);

/*
 * One turn of a loop that is somebody else's as well: waits at most `timeout_ms` (-1: without end,
 * that is, a minute) for something to do or for `extra_fd` (-1: none) to become readable, does its
 * own part and calls back. Returns 1 while anything is queued, in flight or waiting, else 0. With 0
 * for `timeout_ms` it doesn't wait. Not from within a callback.
 *
 * Requests that were submitted between two turns are started by the next one, which for their sake
 * doesn't wait.
 */
int http_engine_turn(struct http_engine *engine, int extra_fd, int timeout_ms);

const struct http_engine_stats *http_engine_stats(const struct http_engine *engine);

void http_engine_pulse(const struct http_engine *engine, struct http_engine_pulse *pulse);

/* Has `watcher` called about ten times a second from http_engine_run(). NULL: not any more. */
void http_engine_watch(struct http_engine *engine, http_watcher *watcher, void *context);

/*
 * Whether requests may go to the URL: https, or http to a loopback address; no user or password in
 * it. On false, `*why` says what is wrong.
 */
bool http_url_allowed(const char *url, const char **why);

/* Whether both absolute URLs have the same scheme, host and port (default ports counted). */
bool http_same_origin(const char *a, const char *b);

#endif
