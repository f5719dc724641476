/*
 * The log: JSON Lines, one a request or webhook, flushed line by line.
 *
 *     {"n":1,"time":"2026-01-01T00:00:00.000Z","method":"GET","path":"/v1/Services",
 *      "query":[["PageSize","1000"]],"form":[],"user":"AC...","user_agent":"curl/7.88.1",
 *      "status":200,"duration_ms":1.0,"request_id":"RQ..."}
 *
 * With bodies there is "response", too: the JSON of the answer, null when it has none, but without
 * the account's token. "user" is the SID that the request authenticated with, null when it failed
 * to; never a secret.
 *
 * A request that a fault or a limit has hit has "fault", too: its name (see sandbox_fault_name()),
 * "rate" or "max_concurrency", several joined by "+". "status" is null when there was no answer,
 * and "response" what the answer was before it was lost or spoilt; a body that a fault gave as text
 * is a string.
 *
 * A webhook that the sandbox has sent is a line of another kind, which has "webhook" and no "n":
 *
 *     {"webhook":"delivered","time":"...","message":"SM...","method":"POST",
 *      "url":"http://127.0.0.1:8081/status","status":204}
 *
 * "webhook" is the message's status, "received" for one that came in. The URL is shown without its
 * query, user and password. "status" is what the receiver answered, null when it did not; then
 * there is "error", unless a fault has lost it; "fault" as above: lost, late, duplicate,
 * out_of_order or bad_signature.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_LOG_H
#define ROSTER_SANDBOX_SANDBOX_LOG_H

#include "base/attributes.h"
#include "sandbox/sandbox_form.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sandbox_log_entry {
    uint64_t number;
    int64_t time_ms; /* wall time at which it came */
    const char *method, *path;
    const struct sandbox_form *query, *form;
    const char *user, *user_agent; /* NULL: none */
    const char *fault;             /* NULL: none */
    int status;                    /* 0: no answer */
    int64_t duration_ms;
    const char *request_id;
    json_t *response; /* borrowed; NULL: none */
};

/* Returns -1 when it can't be written. */
MUST_CHECK int sandbox_log_write(FILE *file, const struct sandbox_log_entry *entry, bool bodies);

struct sandbox_log_webhook {
    int64_t time_ms; /* wall time */
    const char *event, *sid, *method, *url;
    const char *fault; /* NULL: none */
    const char *error; /* NULL: none */
    int status;        /* 0: no answer */
};

MUST_CHECK int sandbox_log_write_webhook(FILE *file, const struct sandbox_log_webhook *entry);

#endif
