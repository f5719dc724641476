/*
 * Faults that the sandbox plays: which one a request gets, and what it does to the answer.
 *
 * A request walks the rules in order and gets the fault of the first one that takes it; later rules
 * neither see nor count it. A rule takes a request when the request is the one that it names, or
 * has its method and path; the sandbox has not run longer than `until_ms`; `skip` such requests
 * have passed it; it has not taken `count` yet; and chance, drawn last, says so with `probability`.
 * Chance comes from a seed, so that the same requests in the same order get the same faults.
 *
 * The rules stand in a file that cli/sandbox_faults_file.h reads.
 */
#ifndef ROSTER_SANDBOX_SANDBOX_FAULTS_H
#define ROSTER_SANDBOX_SANDBOX_FAULTS_H

#include "base/buf.h"
#include "base/random.h"
#include "http/http_server.h"
#include "sandbox/sandbox_request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sandbox_reset {
    SANDBOX_RESET_NONE,
    SANDBOX_RESET_BEFORE, /* the request has no effect */
    SANDBOX_RESET_AFTER,  /* it has, only its answer is lost */
};

enum { SANDBOX_DRIP_GAP_MS = 100 };

/* What goes wrong: whatever is not zero or NULL, together. */
struct sandbox_fault {
    int status;               /* answered instead of what the request would have got */
    int code;                 /* with `status`: that Twilio error; 0: 20000 + status */
    const char *body;         /* with `status`: the body; NULL: Twilio's for the code */
    const char *retry_after;  /* with `status`: the header's value */
    bool effect;              /* with `status`: the request has its effect nevertheless */
    const char *content_type; /* of the answer, whatever its body is */
    int64_t delay_ms;         /* the answer is that late */
    enum sandbox_reset reset;
    bool truncate; /* only `truncate_at` bytes of the body come */
    size_t truncate_at;
    bool garbage;   /* the body is as many bytes that are neither JSON nor UTF-8 */
    size_t drip;    /* bytes of the body each SANDBOX_DRIP_GAP_MS */
    bool duplicate; /* the request takes effect twice; the second one's answer is given */
};

struct sandbox_fault_rule {
    uint64_t request;   /* the Nth, from 1 on; 0: by method and path */
    const char *method; /* a pattern, see sandbox_faults_matches(); NULL: any */
    const char *path;   /* the same, for the path as sent, without the query */
    uint64_t skip;
    uint64_t count;     /* SANDBOX_FAULT_ALL: no end */
    double probability; /* 1: always */
    int64_t until_ms;   /* since the start; 0: no end */
    struct sandbox_fault fault;
    uint64_t seen, taken; /* zero to begin with; counted here */
};

#define SANDBOX_FAULT_ALL UINT64_MAX

/* Rules and their texts are borrowed. */
struct sandbox_faults {
    struct sandbox_fault_rule *rules;
    size_t count;
    struct random_state random;
};

/* The fault of the request that comes `elapsed_ms` after the start; NULL: none. */
const struct sandbox_fault *sandbox_faults_choose(struct sandbox_faults *faults, uint64_t number,
                                                  const char *method, const char *path,
                                                  int64_t elapsed_ms);

/* Whether the text is what the pattern says, where "*" is any characters, slashes too. */
bool sandbox_faults_matches(const char *pattern, const char *text);

/* How often a rule takes what fits it. */
struct sandbox_fault_quota {
    uint64_t skip, count;
    double probability;
    uint64_t *seen, *taken; /* counted up */
};

/* Whether it takes one more. */
bool sandbox_faults_take(const struct sandbox_fault_quota *quota, struct random_state *random);

/* Whether, and how often, a request with the fault takes effect; `fault` NULL: once. */
unsigned sandbox_fault_effects(const struct sandbox_fault *fault);

/* Adds its name for the log: "status", "reset_after", several joined by "+". */
void sandbox_fault_name(const struct sandbox_fault *fault, struct buf *out);

/* Puts the reply of a fault with a status in the place of another. */
void sandbox_fault_reply(const struct sandbox_fault *fault, struct sandbox_reply *reply);

/* Does the rest to the answer in which the reply was written. */
void sandbox_fault_spoil(const struct sandbox_fault *fault, struct random_state *random,
                         struct http_server_answer *answer);

/* How long after its request the end of the answer goes out, on account of the fault alone. */
int64_t sandbox_fault_duration_ms(const struct sandbox_fault *fault,
                                  const struct http_server_answer *answer);

#endif
