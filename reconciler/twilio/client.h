/*
 * Requests to Twilio's REST API: authentication, error bodies, paging.
 *
 * Asynchronous: requests are queued with a callback and run by twilio_client_run(), all on one
 * thread. Answers handed to callbacks are valid only during the call.
 */
#ifndef ROSTER_TWILIO_CLIENT_H
#define ROSTER_TWILIO_CLIENT_H

#include "base/attributes.h"
#include "base/diag.h"
#include "base/redact.h"
#include "http/http_engine.h"
#include "twilio/credentials.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct twilio_client;

struct twilio_client_config {
    struct twilio_credentials credentials; /* copied by reference: must outlive the client */
    struct twilio_hosts hosts;             /* likewise */
    struct http_engine_config http;
    const struct redactions
        *redactions; /* values that no problem may show; must outlive the client */
};

enum twilio_host {
    TWILIO_MESSAGING, /* paths begin with /v1/ */
    TWILIO_API,       /* paths begin with /2010-04-01/ */
};

/*
 * How a request ended. It worked when `problem` is NULL; then `json` is the body of a 200 or 201
 * and NULL for a 204. Otherwise `problem` says in one line what was asked, what came back, Twilio's
 * own code and message, and the request id.
 */
struct twilio_answer {
    const json_t *json;
    int status;             /* HTTP status; 0 when there was no answer */
    int code;               /* Twilio's error code; 0 when none */
    const char *problem;    /* NULL: it worked */
    const char *hint;       /* with a problem: what to do; NULL: nothing to say */
    const char *request_id; /* Twilio-Request-Id; "" when none */
    bool unclear;           /* it may have happened all the same */
    bool late;              /* and may still happen: there was no answer in time */
    bool unsent;            /* the run's end came first */
    unsigned attempts;      /* how often it was sent */
    int64_t duration_ms;    /* of all attempts, with the waits between them */
};

typedef void twilio_callback(void *context, const struct twilio_answer *answer);

/* Reports and returns NULL when it can't be set up. */
struct twilio_client *twilio_client_new(const struct twilio_client_config *config,
                                        struct diag *diag);
/* Accepts NULL. */
void twilio_client_free(struct twilio_client *client);

/* Values that may not be shown; NULL: none. */
const struct redactions *twilio_client_redactions(const struct twilio_client *client);

/* The account that requests are made for. */
const char *twilio_client_account(const struct twilio_client *client);

/*
 * Queues a request. `path` begins with a slash; `form` is an encoded body for POST or NULL, and is
 * copied.
 */
void twilio_request(struct twilio_client *client, enum http_method method, enum twilio_host host,
                    const char *path, const char *form, twilio_callback *callback, void *context);

/* When a request goes out. */
struct twilio_when {
    bool urgent;      /* before everything that is queued: what must not stay half done */
    int64_t delay_ms; /* not before so long from now */
};

/* The same, at that time. */
void twilio_request_at(struct twilio_client *client, enum http_method method, enum twilio_host host,
                       const char *path, const char *form, const struct twilio_when *when,
                       twilio_callback *callback, void *context);

/* One row of a list. Returning -1 ends the list; its end is still called. */
typedef int twilio_row(void *context, const json_t *row);

/*
 * Queues the reading of a whole list: page after page of 1,000, the rows handed over as each page
 * arrives. `query` is an encoded filter or NULL. `key` names the array in the body. A next-page
 * link is followed only to the origin that gave it. `end` is called once, with the last page's
 * answer or with the problem that ended the list.
 */
void twilio_list(struct twilio_client *client, enum twilio_host host, const char *path,
                 const char *query, const char *key, twilio_row *row, twilio_callback *end,
                 void *context);

/* The same, with the first page asked for at that time. */
void twilio_list_at(struct twilio_client *client, enum twilio_host host, const char *path,
                    const char *query, const char *key, const struct twilio_when *when,
                    twilio_row *row, twilio_callback *end, void *context);

/* When the run ends, and whether it has: see http_engine_end_at(). */
void twilio_client_end_at(struct twilio_client *client, int64_t end_ms);
bool twilio_client_is_over(const struct twilio_client *client);

/* Runs all that is queued and all that callbacks queue. */
void twilio_client_run(struct twilio_client *client);

/* The same, with `turn` called between the turns of the engine; see http_engine_run_with(). */
void twilio_client_run_with(struct twilio_client *client, http_turn *turn, void *context);

/* One turn of a loop that is somebody else's as well; see http_engine_turn(). */
int twilio_client_turn(struct twilio_client *client, int extra_fd, int timeout_ms);

const struct http_engine_stats *twilio_client_stats(const struct twilio_client *client);

/* See http_engine.h. */
void twilio_client_pulse(const struct twilio_client *client, struct http_engine_pulse *pulse);
void twilio_client_watch(struct twilio_client *client, http_watcher *watcher, void *context);

#endif
