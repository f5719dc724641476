/*
 * Watching a client's requests: what is told of each attempt, once it has ended, before its request
 * is answered or waits to be sent again. Whoever is told may not touch the client.
 */
#ifndef ROSTER_HTTP_HTTP_OBSERVER_H
#define ROSTER_HTTP_HTTP_OBSERVER_H

#include <stdbool.h>
#include <stdint.h>

struct http_request;
struct http_response;

struct http_attempt {
    /* Both valid during the call only. The request has the credentials in it; of the response,
     * attempts and duration are not known yet. */
    const struct http_request *request;
    const struct http_response *response;
    unsigned number;     /* 1: the request's first attempt */
    int64_t queued_ms;   /* from when it could have been sent until it was */
    bool reused;         /* it went over a connection that was there */
    const char *version; /* of HTTP: "1.1", "2"; "" when nothing came */
    /* Microseconds; of a connection that was there, the first three are 0. */
    int64_t lookup_us, connect_us, tls_us;
    int64_t first_byte_us, total_us;    /* since the attempt began */
    int64_t sent_bytes, received_bytes; /* of the bodies, as they were transferred */
    bool again;                         /* it is sent again ... */
    int64_t delay_ms;                   /* ... after this */
};

struct http_observer {
    void (*ended)(void *context, const struct http_attempt *attempt);
    void *context;
};

#endif
