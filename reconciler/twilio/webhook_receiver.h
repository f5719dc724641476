/*
 * Receives the webhooks that Twilio sends about messages: checks their signatures, tells news from
 * what is late or repeated, and counts. It is the handler of a listener that somebody else turns:
 *
 *     struct webhook_receiver *receiver = webhook_receiver_new(&config);
 *     struct http_server_config http = {.handler = webhook_receiver_handle,
 *                                       .lost = webhook_receiver_lost,
 *                                       .max_body = WEBHOOK_MAX_BODY,
 *                                       .context = receiver, ...};
 *     struct http_server *server = http_server_new(&http, diag);
 *     webhook_receiver_add_base(receiver, "http://127.0.0.1:8080");
 *     while (...)
 *         http_server_turn(server, timeout_ms);   -> on_event
 *
 * A webhook is any GET or POST of a path but GET /healthz (always 200) and GET /metrics (Prometheus
 * text). It is answered once on_event() has returned 0: 204 for a status, an empty TwiML document
 * for an inbound message. Duplicates and late ones are events, too, and say so.
 *
 * Whatever the request's headers say of its URL (Host, X-Forwarded-...) is not believed: the URL
 * that was signed has to be one of the bases, followed by the path and query of the request.
 *
 * Not thread-safe.
 */
#ifndef ROSTER_TWILIO_WEBHOOK_RECEIVER_H
#define ROSTER_TWILIO_WEBHOOK_RECEIVER_H

#include "base/attributes.h"
#include "base/clock.h"
#include "http/http_server.h"
#include "twilio/webhook_event.h"

#include <stddef.h>
#include <stdint.h>

struct webhook_receiver;

/* Twilio's own are a few kilobytes. */
enum { WEBHOOK_MAX_BODY = 64 * 1024, WEBHOOK_MAX_BASES = 4 };

/* What became of a request; each counts once. */
enum webhook_outcome {
    WEBHOOK_OUTCOME_ACCEPTED,
    WEBHOOK_OUTCOME_FORGED,       /* 403 */
    WEBHOOK_OUTCOME_UNSIGNED,     /* 403: no signature, or what can't be one */
    WEBHOOK_OUTCOME_MALFORMED,    /* 400, and headers that are too large (431) */
    WEBHOOK_OUTCOME_OVERSIZED,    /* 413 */
    WEBHOOK_OUTCOME_SLOW,         /* the connection was closed */
    WEBHOOK_OUTCOME_ABORTED,      /* the client was gone before its request was whole */
    WEBHOOK_OUTCOME_RATE_LIMITED, /* 429 */
    WEBHOOK_OUTCOME_NOT_FOUND,    /* 404 */
    WEBHOOK_OUTCOME_METHOD,       /* 405 */
    WEBHOOK_OUTCOME_TYPE,         /* 415: neither a form nor JSON */
    WEBHOOK_OUTCOME_FAILED,       /* 503: on_event() did not take it */
    WEBHOOK_OUTCOME_COUNT
};

/* "accepted", "rate_limited", ...: the metrics' label. */
const char *webhook_outcome_name(enum webhook_outcome outcome);

struct webhook_refusal {
    enum webhook_outcome outcome;
    const char *why;           /* never holds a secret */
    const char *method, *path; /* from outside; NULL when the request never came that far */
    const char *url;           /* what a signature was checked against; NULL: none was */
};

struct webhook_receiver_config {
    const char *token;         /* the account's primary auth token; borrowed */
    const char *const *paths;  /* where webhooks are taken; borrowed */
    size_t path_count;         /* 0: anywhere */
    int64_t max_rate;          /* genuine webhooks a second, past which 429 is answered; 0: any */
    size_t max_messages;       /* see webhook_messages.h; 0: its default */
    const struct clock *clock; /* borrowed */
    /*
     * Takes an event, which is valid during the call. Returns -1 when it can't; the webhook is then
     * answered 503, and still a duplicate when it comes again.
     */
    int (*on_event)(void *context, const struct webhook_event *event);
    /* Told of every request that is refused; NULL: nobody is. */
    void (*on_refused)(void *context, const struct webhook_refusal *refusal);
    void *context;
};

struct webhook_receiver *webhook_receiver_new(const struct webhook_receiver_config *config);
/* Accepts NULL. */
void webhook_receiver_free(struct webhook_receiver *receiver);

/*
 * Adds what URLs begin with as the sender calls them: scheme, host, port, and when a proxy takes a
 * prefix of the path away, that prefix. Slashes at its end are left out. More than
 * WEBHOOK_MAX_BASES trip an assertion.
 */
void webhook_receiver_add_base(struct webhook_receiver *receiver, const char *base);

/* For struct http_server_config; the context is the receiver. */
http_server_handler webhook_receiver_handle;
http_server_loss_handler webhook_receiver_lost;

struct webhook_counts {
    uint64_t outcomes[WEBHOOK_OUTCOME_COUNT];
    /* Of those accepted. */
    uint64_t kinds[WEBHOOK_KIND_COUNT], duplicates, late;
    /* Messages known now, and forgotten so far. */
    uint64_t messages, forgotten;
};

void webhook_receiver_counts(const struct webhook_receiver *receiver,
                             struct webhook_counts *counts);

#endif
