/*
 * How many requests may be in flight: a congestion window, as TCP keeps one. Pure: no clock but the
 * one that is passed in, in milliseconds.
 *
 * Growth. Slow start from WINDOW_FIRST (what was always sent at once before there was a window):
 * one more for each good answer, so that the window doubles each round trip, until the first sign
 * of congestion. Then additive increase: one more each round trip whose requests filled the window;
 * a window that is not used proves nothing and does not grow (RFC 7661).
 *
 * Refusals (429). The window is halved, at most once a round trip: answers to requests that were
 * sent before the halving say nothing new (the "recover" variable of NewReno, RFC 6582). Plain
 * additive increase would take as many round trips as there is room to come back, three quarters of
 * the allowed on the average. So the refused size is remembered as a ceiling, and the way back
 * halves the distance to it each round trip (BIC: Xu, Harfoush, Rhee, "Binary Increase Congestion
 * Control", INFOCOM 2004). One below the ceiling the window stays for WINDOW_PATIENCE round trips,
 * then goes on past it by additive increase. With a fixed limit that costs one refusal in about
 * forty round trips. When it was a rate that was exceeded (`paced`: pace.h held requests back), the
 * refusal says nothing of how many may be in flight: the window is halved all the same, but goes
 * back to where it was without waiting below it.
 *
 * Rising latency. After each round trip the smoothed latency (an average of some thirty answers) is
 * compared with the lowest in the last half minute, as TCP Vegas does (Brakmo, Peterson 1995), in
 * the form of the gradient limit of Netflix's concurrency-limits:
 *
 *     gradient = tolerance * lowest / smoothed, between 1/2 and 1
 *     window   = window * gradient + queue
 *
 * Up to twice the lowest, and 10 ms on top, is ordinary jitter. The queue of 4 keeps latency alone
 * from shrinking the window below 8: it may rise for reasons that are not ours. Latencies are
 * compared within a kind of request only: a page of a list takes longer than a removal.
 */
#ifndef ROSTER_HTTP_WINDOW_H
#define ROSTER_HTTP_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

enum { WINDOW_FIRST = 16, WINDOW_PATIENCE = 32, WINDOW_KINDS = 3 };

/* Of one kind of request, in microseconds. */
struct window_latency {
    unsigned samples;
    int64_t smoothed;
    int64_t lowest, lowest_before; /* of this quarter of a minute, and the one before; 0: none */
    int64_t since_ms;              /* when this quarter began */
};

struct window {
    unsigned limit, size;
    unsigned in_flight;
    bool slow_start;
    bool filled, was_filled; /* in this round trip, and in the one before */
    unsigned ceiling;        /* the size to come back to; 0: none */
    unsigned patience;       /* round trips to stay below it */
    uint64_t sent;           /* requests */
    uint64_t recover;        /* refusals of requests before this one don't halve again */
    uint64_t round;          /* the answer to this request, or a later one, ends the round trip */
    struct window_latency latencies[WINDOW_KINDS];
};

/* `limit` is at least 1. */
void window_init(struct window *window, unsigned limit);

/* Whether there is room for another request. */
bool window_is_open(const struct window *window);

/* Counts a request that is sent; returns its number, for its answer. */
uint64_t window_sent(struct window *window);

/* An answer, whatever its status, that says nothing of congestion, unless it took long. */
void window_answered(struct window *window, uint64_t number, unsigned kind, int64_t latency_us,
                     int64_t now_ms);

/* A refusal, or no answer in time. Returns whether the window was halved for it. */
bool window_refused(struct window *window, uint64_t number, bool paced);

/* The request ended without saying anything: a lost connection. */
void window_lost(struct window *window);

#endif
