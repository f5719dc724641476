/*
 * The connections of a listener, ordered by how long they have been keeping it waiting for a
 * request. Pure: the clock is passed in, in milliseconds.
 */
#ifndef ROSTER_HTTP_HTTP_CLIENTS_H
#define ROSTER_HTTP_HTTP_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_client {
    void *connection; /* of the library; borrowed */
    bool requested;   /* a request has begun and its answer has not gone out */
    bool served;      /* at least one request was answered */
    bool waiting;     /* it is in the list: the next thing to come is from its side */
    bool too_slow;    /* given up */
    int64_t since_ms; /* since when it is waited for */
    struct http_client *previous, *next;
};

/* All zero is a valid, empty set. */
struct http_clients {
    struct http_client *first, *last; /* that are waited for, the longest first */
    size_t requests;                  /* connections with `requested` */
};

/* A new connection, which is waited for. */
struct http_client *http_clients_add(struct http_clients *clients, void *connection,
                                     int64_t now_ms);
/* Forgets and frees it. */
void http_clients_remove(struct http_clients *clients, struct http_client *client);

/* A request of it has begun; it is still waited for. */
void http_clients_begin(struct http_clients *clients, struct http_client *client);
/* Its request is whole: the next thing to come is from our side. */
void http_clients_answer(struct http_clients *clients, struct http_client *client);
/* Its request is over, one way or another; the next one is waited for. */
void http_clients_end(struct http_clients *clients, struct http_client *client, int64_t now_ms);

/*
 * Takes out a connection that has been waited for since `before_ms` or longer and marks it as too
 * slow; NULL when there is none.
 */
struct http_client *http_clients_take_late(struct http_clients *clients, int64_t before_ms);

#endif
