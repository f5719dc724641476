/*
 * A request that was submitted to the engine, until its callback, and lists of them; private to
 * http/.
 */
#ifndef ROSTER_HTTP_HTTP_JOB_H
#define ROSTER_HTTP_HTTP_JOB_H

#include "http/http_engine.h"

#include <stdint.h>

/* It is queued, in flight or waiting for its retry. */
struct job {
    struct http_request request; /* its strings are the job's own */
    http_callback *callback;
    void *context;
    unsigned attempts;
    int64_t started_ms; /* the first attempt, by the config's clock */
    int64_t ready_ms;   /* when this attempt could have been sent, by the machine's clock */
    int64_t queued_ms;  /* how long it waited from then on */
    uint64_t number;    /* of this attempt, for the flow */
    struct job *next;
};

struct job_list {
    struct job *first, *last;
};

/* Copies the request. */
struct job *job_new(const struct http_request *request);

/* Secrets are wiped. */
void job_free(struct job *job);

void job_list_push(struct job_list *list, struct job *job);

/* NULL when the list is empty. */
struct job *job_list_pop(struct job_list *list);

#endif
