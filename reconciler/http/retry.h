/*
 * Whether and when a request is sent again: one pure function, no clock and no state of its own.
 *
 * The rules follow what is known of the API: 429 is never processed, so any method may be repeated;
 * GET and DELETE (of one named object) may be repeated after connection faults and 5xx; a POST is
 * not repeated then, because it may have happened. A connection that was refused or never opened
 * has sent nothing, so any method may be repeated after it.
 */
#ifndef ROSTER_HTTP_RETRY_H
#define ROSTER_HTTP_RETRY_H

#include <stdbool.h>
#include <stdint.h>

enum http_method { HTTP_GET, HTTP_POST, HTTP_DELETE };

/* "GET", "POST", "DELETE". */
const char *http_method_name(enum http_method method);

/* How one attempt ended. */
enum http_fault {
    HTTP_FAULT_NONE,       /* a whole answer with a status */
    HTTP_FAULT_CONNECT,    /* name lookup or connection failed: nothing was sent */
    HTTP_FAULT_CONNECTION, /* reset, closed early or truncated: it may have happened */
    HTTP_FAULT_TIMEOUT,    /* no answer in time: it may have happened */
    HTTP_FAULT_TLS, /* certificate or handshake refused: nothing was sent, retrying is no use */
    HTTP_FAULT_TOO_LARGE, /* the answer is over the cap */
    HTTP_FAULT_PROTOCOL,  /* not HTTP, bad URL, or anything else that repeats itself */
    HTTP_FAULT_OVER, /* the end that the engine was given came first; it was not sent (again) */
};

struct retry_policy {
    unsigned max_attempts;  /* the first one included; 1: never again */
    int64_t base_delay_ms;  /* upper bound of the first wait */
    int64_t max_delay_ms;   /* upper bound of any wait that we choose ourselves */
    int64_t max_elapsed_ms; /* no attempt starts later than this after the first */
};

/* 6 attempts, 200 ms doubling to 20 s, within 2 minutes. */
extern const struct retry_policy retry_policy_default;

/* What is known after an attempt. */
struct retry_input {
    enum http_method method;
    bool repeatable; /* of a POST: the other side takes it twice */
    enum http_fault fault;
    int status;             /* HTTP status; 0 with a fault */
    unsigned attempt;       /* 1 after the first */
    int64_t retry_after_ms; /* what the answer asks for; -1: nothing */
    int64_t elapsed_ms;     /* since the first attempt started */
    double random;          /* uniform in [0, 1): full jitter */
};

struct retry_decision {
    bool again;
    int64_t delay_ms; /* how long to wait first */
};

/*
 * Full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015): the wait is
 * uniform between 0 and the capped exponential. Retry-After is a lower bound, and the jitter goes
 * on top of it so that clients that were told the same do not return together. When obeying it
 * would go past `max_elapsed_ms` the answer is not to try again.
 */
struct retry_decision retry_decide(const struct retry_policy *policy,
                                   const struct retry_input *input);

/*
 * Reads a Retry-After value: seconds, or an HTTP date against `now_wall_ms`. Returns milliseconds
 * from now (0 when past), or -1 when it is neither.
 */
int64_t retry_parse_after(const char *value, int64_t now_wall_ms);

#endif
