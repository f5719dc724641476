/*
 * One attempt of one request on a curl easy handle: its options, its callbacks and what its end
 * means. The engine decides when attempts start and whether there is another one.
 *
 *     transfer_prepare(&transfer, &settings, &request);
 *     curl_multi_add_handle(multi, transfer.easy);
 *     ...
 *     transfer_conclude(&transfer, code, &response);
 *     transfer_clear(&transfer);
 */
#ifndef ROSTER_HTTP_HTTP_TRANSFER_H
#define ROSTER_HTTP_HTTP_TRANSFER_H

#include "base/buf.h"
#include "http/http_engine.h"
#include "http/http_job.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What all attempts of an engine share; the strings belong to the engine. */
struct transfer_settings {
    int64_t connect_timeout_ms;
    int64_t total_timeout_ms;
    size_t max_body;
    char *ca_file; /* NULL: the system's */
    char *user_agent;
};

/* All zero is a valid, empty transfer; the handle is made by the first transfer_prepare(). */
struct transfer {
    CURL *easy;
    struct curl_slist *headers;
    struct buf body;
    size_t head_size;
    bool head_ended; /* the empty line after the headers was there */
    bool begun;      /* a connection was there and the request about to be sent */
    bool once;       /* must not be sent twice */
    bool resend;     /* libcurl was about to send it again and was stopped */
    bool too_large;  /* the answer */
    struct buf error;
    char reason[CURL_ERROR_SIZE];
    void *owner;           /* the engine's */
    struct transfer *next; /* the engine's */
};

/* Sets all options of the handle. `request` is borrowed until transfer_clear(). */
void transfer_prepare(struct transfer *transfer, const struct transfer_settings *settings,
                      const struct http_request *request);

/*
 * Fills fault, status, body, content type, request id and error of `response` from the transfer
 * that ended with `code`. What it points to is valid until transfer_clear().
 */
void transfer_conclude(struct transfer *transfer, const struct transfer_settings *settings,
                       CURLcode code, struct http_response *response);

/* The answer's Retry-After header; NULL when it has none. */
const char *transfer_retry_after(struct transfer *transfer);

/* From when the request went out until the first byte of its answer, in microseconds. */
int64_t transfer_latency_us(struct transfer *transfer);

/* Tells the observer, if it is one, of the attempt that was concluded, and what comes of it. */
void transfer_observe(struct transfer *transfer, const struct http_observer *observer,
                      const struct job *job, const struct http_response *response,
                      const struct retry_decision *decision);

/* Forgets the request, credentials included, and keeps the handle for the next. */
void transfer_clear(struct transfer *transfer);

void transfer_release(struct transfer *transfer);

#endif
